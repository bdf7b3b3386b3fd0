import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Problem } from '../problem.mjs';
import { lastLines } from '../process.mjs';

/** How long a start may take on a busy machine, in milliseconds. */
const PATIENCE = 180_000;

const HEALTH = '/.backstage/health/v1/';

/**
 * Starts the backend of an app, which serves its built pages as well, and waits until it answers.
 *
 * @param options.port - a free port, for everything
 * @param options.log - file for what it prints
 * @returns a function that ends it
 */
export async function startBackend(host, { port, log, env }) {
  const url = `http://localhost:${port}`;
  const output = fs.openSync(log, 'w');
  const child = spawn('yarn', ['workspace', 'backend', 'start'], {
    cwd: host,
    env: {
      ...process.env,
      ...env,
      APP_CONFIG_app_baseUrl: url,
      APP_CONFIG_backend_baseUrl: url,
      APP_CONFIG_backend_listen_port: String(port),
      APP_CONFIG_backend_cors_origin: url,
    },
    stdio: ['ignore', output, output],
    // A group of its own: yarn, the command and the backend end together.
    detached: true,
  });
  fs.closeSync(output);
  let ended = false;
  const kill = () => {
    if (!ended) process.kill(-child.pid, 'SIGTERM');
  };
  // A group of its own does not hear of the end of this one.
  process.on('exit', kill);
  const end = new Promise(resolve => {
    child.on('exit', () => {
      ended = true;
      process.off('exit', kill);
      resolve();
    });
  });
  const stop = async () => {
    kill();
    await end;
  };
  const deadline = Date.now() + PATIENCE;
  while (!(await isReady(url))) {
    if (ended || Date.now() > deadline) {
      const what = ended ? 'ended' : 'is not ready in three minutes';
      await stop();
      throw new Problem(
        `The backend ${what}:\n${whatItSaid(log)}`,
        `The whole output: ${log}`,
      );
    }
    await setTimeout(500);
  }
  return stop;
}

/** The end of what a backend printed, without the lines about being asked whether it is ready. */
export function whatItSaid(log) {
  const lines = fs.readFileSync(log, 'utf8').split('\n');
  return lastLines(lines.filter(line => !line.includes(HEALTH)).join('\n'), 40);
}

async function isReady(url) {
  try {
    return (await fetch(`${url}${HEALTH}readiness`)).ok;
  } catch {
    return false;
  }
}
