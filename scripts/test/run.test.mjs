import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { inRoot } from '../lib/paths.mjs';

const run = (...args) =>
  spawnSync(process.execPath, [inRoot('scripts/run.mjs'), ...args], {
    encoding: 'utf8',
  });

test('an unknown command fails and lists the ones there are', () => {
  const { status, stderr } = run('strat');
  assert.equal(status, 1);
  assert.match(stderr, /no command "strat"/);
  assert.match(stderr, /start, test/);
});

test('a wrong port is refused before anything is installed', () => {
  const { status, stdout, stderr } = run('start', '--port', 'many');
  assert.equal(status, 1);
  assert.match(stderr, /--port needs a number/);
  assert.equal(stdout, '');
});
