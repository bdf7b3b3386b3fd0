// Takes out every fence, one at a time, and says which tests notice.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { FENCES } from './fences.mjs';

const SUITE = 'plugins/callgate-backend/src/adversary/adversary.test.ts';

/** The package that a file of the tree belongs to, and where in it. */
function placeOf(file) {
  const [area, name, ...rest] = file.split('/');
  return { folder: inRoot(path.join(area, name)), file: rest.join('/') };
}

/** Runs one test file without some fences; the names of the tests that failed, or why nothing could be run. */
function failuresOf(test, edits, env = {}) {
  const { folder, file } = placeOf(test);
  const results = path.join(
    fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-fences-')),
    'results.json',
  );
  return new Promise((done, reject) => {
    const child = spawn(
      process.execPath,
      [
        ...['--require', inRoot('scripts/fences/mutate.cjs')],
        inRoot('node_modules/@backstage/cli/bin/backstage-cli'),
        ...['package', 'test', '--runInBand', '--watchAll=false'],
        ...['--json', `--outputFile=${results}`, file],
      ],
      {
        cwd: folder,
        env: {
          ...process.env,
          CI: 'true',
          BACKSTAGE_TEST_DISABLE_DOCKER: '1',
          ...env,
          CALLGATE_MUTANT: JSON.stringify(edits),
        },
        stdio: 'ignore',
      },
    );
    child.on('error', reject);
    child.on('close', () => {
      try {
        const { testResults } = JSON.parse(fs.readFileSync(results, 'utf8'));
        const failed = testResults.flatMap(({ assertionResults }) =>
          assertionResults.filter(({ status }) => status === 'failed'),
        );
        const unrun = testResults.find(
          ({ assertionResults }) => assertionResults.length === 0,
        );
        done(
          unrun
            ? { problem: unrun.message.slice(0, 500) }
            : {
                failed: failed.map(({ fullName, failureMessages }) => ({
                  name: fullName,
                  why: /Violation: (.*)/.exec(failureMessages.join())?.[1],
                })),
              },
        );
      } catch {
        done({ problem: 'the tests did not run' });
      } finally {
        fs.rmSync(path.dirname(results), { recursive: true, force: true });
      }
    });
  });
}

/**
 * @param only - ids of fences; default all
 * @param by - `named`: the tests beside the fences, `suite`: the adversary suite, default both
 */
export async function runFences({ only, by = ['named', 'suite'], runs, seed }) {
  const unknown = only?.filter(id => !FENCES.some(each => each.id === id));
  if (unknown?.length > 0) {
    throw new Problem(
      `There is no fence ${unknown.join(', ')}.`,
      `Choose from: ${FENCES.map(({ id }) => id).join(', ')}.`,
    );
  }
  let unnoticed = 0;
  for (const { id, edits, named } of FENCES) {
    if (only && !only.includes(id)) continue;
    const noticed = [];
    for (const which of by) {
      const { failed, problem } = await failuresOf(
        which === 'named' ? named : SUITE,
        edits,
        {
          CALLGATE_ADVERSARY_RUNS: runs,
          CALLGATE_ADVERSARY_SEED: seed,
          CALLGATE_ADVERSARY_SHRINK: 'no',
        },
      );
      if (problem) throw new Problem(`${id} cannot be tried: ${problem}`, '');
      if (failed.length > 0) noticed.push({ which, failed });
    }
    if (noticed.length === 0) unnoticed++;
    process.stdout.write(
      noticed.length === 0
        ? `NOBODY   ${id}\n`
        : `noticed  ${id}\n${noticed
            .map(({ which, failed }) =>
              which === 'suite'
                ? `           by the adversary suite: ${failed[0].why}\n`
                : `           by ${named}: ${failed[0].name}\n`,
            )
            .join('')}`,
    );
  }
  return unnoticed === 0 ? 0 : 1;
}
