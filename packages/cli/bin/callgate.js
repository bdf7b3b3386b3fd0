#!/usr/bin/env node
const fs = require('node:fs');
const { enableCompileCache } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

// Present only in a checkout: the published package has neither sources nor the repository around it.
const source = path.resolve(__dirname, '../src');
const node = path.resolve(
  __dirname,
  '../../../.node',
  process.platform === 'win32' ? 'bin/node.exe' : 'bin/node',
);

const [major, minor] = process.versions.node.split('.').map(Number);
const fits = (major === 22 && minor >= 12) || major > 22;

if (!fits && fs.existsSync(node)) {
  const { status } = spawnSync(node, [__filename, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 2;
} else if (!fits) {
  process.stderr.write(
    `callgate needs Node 22.12 or newer, this is ${process.version}. Use Node 22 or 24.\n`,
  );
  process.exitCode = 2;
} else {
  const isCheckout = fs.existsSync(source);
  // Half of a short command is compiling it. Kept with the user's own caches, where they are: others could write below /tmp.
  const caches =
    process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  if (!isCheckout && fs.existsSync(caches)) {
    enableCompileCache?.(path.join(caches, 'callgate', 'compiled'));
  }
  if (isCheckout) {
    require('@backstage/cli/config/nodeTransform.cjs');
  }
  const { runCli, processContext } = require(isCheckout ? '../src' : '..');

  let outputIsLost = false;
  process.stdout.on('error', error => {
    // A reader that closes early (`callgate reach … | head`) is no failure.
    if (error.code === 'EPIPE' || outputIsLost) {
      return;
    }
    outputIsLost = true;
    process.exitCode = 2;
    process.stderr.write(
      `callgate: cannot write the output: ${error.code}; check what stdout leads to\n`,
    );
  });
  // Nobody is left to tell that nobody listens.
  process.stderr.on('error', () => {});
  // The code is set rather than exiting at once, so that a pipe is drained.
  runCli(process.argv.slice(2), processContext()).then(exitCode => {
    process.exitCode = outputIsLost ? 2 : exitCode;
  });
}
