import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { failuresOf } from '../../.ci/failures.mjs';

const write = files => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'failures-'));
  for (const [name, content] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
  }
  return folder;
};

test('a run says which tests failed, and why, and nothing of the others', () => {
  const folder = write({
    'jest.json': {
      testResults: [
        {
          name: '/root/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { fullName: 'holds', status: 'passed', failureMessages: [] },
            {
              fullName: 'adds',
              status: 'failed',
              failureMessages: [
                '\u001b[31mExpected: 2\u001b[39m\n\nReceived: 3',
              ],
            },
          ],
        },
        {
          name: '/root/b.test.ts',
          status: 'failed',
          message: 'Cannot find module c',
          assertionResults: [],
        },
      ],
    },
    'playwright.json': {
      errors: [],
      suites: [
        {
          suites: [
            {
              specs: [
                {
                  ok: false,
                  file: 'start.spec.ts',
                  title: 'begins',
                  tests: [
                    { results: [{ errors: [{ message: 'Timed out' }] }] },
                  ],
                },
                {
                  ok: true,
                  file: 'start.spec.ts',
                  title: 'goes on',
                  tests: [],
                },
              ],
            },
          ],
        },
      ],
    },
  });
  assert.deepEqual(failuresOf(folder, '/root'), [
    '✗ a.test.ts: adds',
    '    Expected: 2',
    '    Received: 3',
    '✗ b.test.ts',
    '    Cannot find module c',
    '✗ start.spec.ts: begins',
    '    Timed out',
  ]);
});

test('a run without reports says nothing, and its missing reports are counted elsewhere', () => {
  assert.deepEqual(failuresOf(write({})), []);
});
