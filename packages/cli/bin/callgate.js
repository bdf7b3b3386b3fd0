#!/usr/bin/env node
const fs = require('node:fs');
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
} else if (fs.existsSync(source)) {
  require('@backstage/cli/config/nodeTransform.cjs');
  require('../src');
} else {
  require('..');
}
