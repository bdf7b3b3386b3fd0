import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * Runs a program in the foreground and resolves with its exit status. Signals
 * reach the program first, so that it can stop what it started.
 */
export function foreground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: 'inherit',
    });
    const forward = signal => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    signals.forEach(signal => process.on(signal, forward));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      signals.forEach(s => process.off(s, forward));
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0));
    });
  });
}

/** Runs a program quietly; what it prints goes to `log` and, when it fails, its end into the result. */
export function quiet(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: options.shell ?? false,
    });
    let output = '';
    const collect = chunk => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', code => {
      if (options.log) {
        fs.mkdirSync(path.dirname(options.log), { recursive: true });
        fs.writeFileSync(options.log, output);
      }
      resolve({ status: code ?? 1, output });
    });
  });
}

/** The npm that came with the Node that was called, or the one on PATH. */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli && path.basename(cli) === 'npm-cli.js') {
    return { program: process.execPath, args: [cli], shell: false };
  }
  return { program: 'npm', args: [], shell: process.platform === 'win32' };
}

export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
