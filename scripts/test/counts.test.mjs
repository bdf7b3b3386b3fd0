import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import {
  countFolder,
  countJest,
  countNodeTest,
  countPlaywright,
} from '../../.ci/counts.mjs';

const jest = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};
const playwright = {
  stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 },
  errors: [],
};
const conformance = { passed: 2, failed: 1, skipped: 0, seed: 1, suites: [] };
const tap =
  '# tests 4\n# pass 3\n# fail 0\n# cancelled 0\n# skipped 1\n# todo 0\n';

test('a test suite that does not load counts as failed', () => {
  assert.equal(countJest({ ...jest, numRuntimeErrorTestSuites: 2 }).failed, 3);
});

test('errors outside of browser tests count as failed', () => {
  assert.equal(countPlaywright({ ...playwright, errors: [{}] }).failed, 2);
});

test('cancelled script tests count as failed', () => {
  assert.equal(
    countNodeTest(tap.replace('cancelled 0', 'cancelled 1')).failed,
    1,
  );
});

function folder(t, files) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-counts-'));
  t.after(() => fs.rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(dir, name), text);
  }
  return dir;
}

test('all kinds of tests are added up', t => {
  const dir = folder(t, {
    'jest.json': JSON.stringify(jest),
    'playwright.json': JSON.stringify(playwright),
    'node-test.log': tap,
    'conformance.json': JSON.stringify(conformance),
  });
  assert.deepEqual(countFolder(dir), { passed: 14, failed: 3, skipped: 4 });
});

test('a missing, broken or cut-off result counts as a failure each', t => {
  const dir = folder(t, {
    'jest.json': '{ "numPassedTests": 5',
    'node-test.log': '# pass 3\n',
  });
  assert.deepEqual(countFolder(dir), { passed: 0, failed: 4, skipped: 0 });
});
