// Adds up the results of a run: `counts.mjs FOLDER` prints "passed failed skipped".
// A file that should be there and is not counts as a failure: a run that broke off has not passed.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export function countJest(report) {
  return {
    passed: report.numPassedTests,
    // A suite that does not load has no tests that could fail.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export function countPlaywright({ stats, errors = [] }) {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}

/** The summary lines of `node --test`, in either of its formats. */
export function countNodeTest(log) {
  const number = name =>
    Number(new RegExp(`^(?:#|ℹ) ${name} (\\d+)$`, 'm').exec(log)?.[1] ?? NaN);
  return {
    passed: number('pass'),
    failed: number('fail') + number('cancelled'),
    skipped: number('skipped') + number('todo'),
  };
}

/** Suites and deliberate faults; what else the report has is for people. */
export function countConformance({ passed, failed, skipped }) {
  return { passed, failed, skipped };
}

const SOURCES = [
  ['jest.json', text => countJest(JSON.parse(text))],
  ['playwright.json', text => countPlaywright(JSON.parse(text))],
  ['node-test.log', countNodeTest],
  ['conformance.json', text => countConformance(JSON.parse(text))],
];

export function countFolder(folder) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [file, count] of SOURCES) {
    const counts = readCounts(path.join(folder, file), count);
    for (const key of Object.keys(total)) {
      total[key] += counts[key];
    }
  }
  return total;
}

function readCounts(file, count) {
  try {
    const counts = count(fs.readFileSync(file, 'utf8'));
    if (Object.values(counts).every(Number.isInteger)) {
      return counts;
    }
  } catch {
    // Falls through to the failure below.
  }
  return { passed: 0, failed: 1, skipped: 0 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, skipped } = countFolder(process.argv[2]);
  process.stdout.write(`${passed} ${failed} ${skipped}\n`);
}
