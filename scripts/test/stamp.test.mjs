import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { computeStamp } from '../lib/stamp.mjs';

function checkout(t) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-stamp-'));
  t.after(() => fs.rmSync(root, { recursive: true }));
  const write = (file, text) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  };
  write('package.json', '{ "workspaces": ["packages/*", "e2e"] }');
  write('packages/a/package.json', '{ "name": "a" }');
  write('e2e/package.json', '{ "name": "e2e" }');
  write('yarn.lock', 'lock');
  write('.yarnrc.yml', 'nodeLinker: node-modules');
  return { root, write };
}

test('an unchanged checkout keeps its stamp, so that a second start installs nothing', t => {
  const { root, write } = checkout(t);
  const before = computeStamp(root, 'linux');
  write('packages/a/src/index.ts', 'export {};');
  assert.equal(computeStamp(root, 'linux'), before);
});

for (const file of [
  'yarn.lock',
  '.yarnrc.yml',
  'package.json',
  'packages/a/package.json',
  'packages/b/package.json',
  'e2e/package.json',
]) {
  test(`a change of ${file} asks for an installation`, t => {
    const { root, write } = checkout(t);
    const before = computeStamp(root, 'linux');
    write(file, '{ "workspaces": ["packages/*", "e2e"], "new": true }');
    assert.notEqual(computeStamp(root, 'linux'), before);
  });
}

test('another Node or machine asks for an installation', t => {
  const { root } = checkout(t);
  assert.notEqual(
    computeStamp(root, '22 linux'),
    computeStamp(root, '24 linux'),
  );
});
