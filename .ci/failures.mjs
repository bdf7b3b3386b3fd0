// What failed, by name, with the beginning of why: `failures.mjs FOLDER` prints it for whoever reads the end of a run,
// where a log of thousands of tests has scrolled away.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

/** Of one failure: enough for what was expected and what came. */
const LINES = 16;
/** More than that is one cause, most likely. */
const MOST = 25;

/** Tests of a Jest report that failed, and suites that did not load. */
export function failedInJest({ testResults = [] }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter(each => each.status === 'failed');
    if (failed.length === 0 && status === 'failed') {
      return [{ test: name, why: message }];
    }
    return failed.map(({ fullName, failureMessages }) => ({
      test: `${name}: ${fullName}`,
      why: failureMessages[0] ?? '',
    }));
  });
}

/** Tests of a Playwright report that failed, and errors outside of tests. */
export function failedInPlaywright({ suites = [], errors = [] }) {
  const specs = suite => [
    ...(suite.specs ?? []),
    ...(suite.suites ?? []).flatMap(specs),
  ];
  return [
    ...errors.map(({ message }) => ({ test: 'outside a test', why: message })),
    ...suites
      .flatMap(specs)
      .filter(({ ok }) => !ok)
      .map(({ file, title, tests }) => ({
        test: `${file}: ${title}`,
        why: tests
          .flatMap(({ results }) => results)
          .flatMap(result => result.errors)
          .map(({ message }) => message)
          .join('\n'),
      })),
  ];
}

const SOURCES = [
  ['jest.json', failedInJest],
  ['playwright.json', failedInPlaywright],
];

/** Everything that failed in the reports of a folder, as lines. */
export function failuresOf(folder, root = process.cwd()) {
  const failures = SOURCES.flatMap(([file, failed]) => {
    try {
      return failed(
        JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')),
      );
    } catch {
      // A report that is missing is counted as a failure where results are counted.
      return [];
    }
  });
  const lines = failures.slice(0, MOST).flatMap(({ test, why }) => [
    `✗ ${test.replace(`${root}/`, '')}`,
    ...stripVTControlCharacters(why ?? '')
      .split('\n')
      .filter(line => line.trim() !== '')
      .slice(0, LINES)
      .map(line => `    ${line}`),
  ]);
  const more = failures.length - MOST;
  return more > 0 ? [...lines, `… and ${more} more`] : lines;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = failuresOf(process.argv[2]);
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}
