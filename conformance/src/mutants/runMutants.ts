import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { ENGINES, makeEngines } from '../engines/makeEngines';
import { SUITES } from '../suites';
import { Mutant } from './Mutant';
import { MUTANTS } from './mutants';

/** What became of one deliberate fault. */
export interface MutantResult {
  id: string;
  /** The suite that noticed it; absent: it survived. */
  caughtBy?: string;
  /** What went wrong otherwise. */
  problem?: string;
}

const PARALLEL = 2;

/** Suites by the files that they are about; for any other it is `judgement`. */
const FIRST: readonly (readonly [RegExp, string])[] = [
  [/^(emit|plan)\//, 'generation'],
  [/^reach\//, 'meaning'],
  [/^onboard\//, 'import'],
  [/^evaluate\/changes/, 'explanation'],
  [/^evaluate\/(fieldShapes|istio\/parseTargets)/, 'admission'],
];

/** Runs one suite in a process of its own with the fault in it: 0 all agrees, 1 differences, anything else is a problem. */
function runWith(
  mutant: Mutant,
  suite: string,
  engines: string,
  options: readonly string[],
): Promise<{ status: number | null; complaint: string }> {
  return new Promise((done, reject) => {
    const transform = createRequire(__filename).resolve(
      '@backstage/cli/config/nodeTransform.cjs',
    );
    const child = spawn(
      process.execPath,
      [
        '--require',
        resolve(__dirname, '../../mutate.cjs'),
        '--require',
        transform,
        resolve(__dirname, '../main.ts'),
        '--suite',
        suite,
        '--first',
        '--whole',
        ...options,
      ],
      {
        env: {
          ...process.env,
          [ENGINES]: engines,
          CONFORMANCE_MUTANT: JSON.stringify(mutant),
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let complaint = '';
    child.stderr.on('data', chunk => {
      complaint = `${complaint}${chunk}`.slice(-500);
    });
    child.on('error', reject);
    child.on('close', status => done({ status, complaint }));
  });
}

async function judge(
  mutant: Mutant,
  engines: string,
  seed: number,
  calls: number,
): Promise<MutantResult> {
  const { id, file } = mutant;
  // Where a fault has to show, that suite is asked first.
  const byFile = FIRST.find(([files]) => files.test(file))?.[1];
  const first = mutant.suite ?? byFile ?? 'judgement';
  // Whether objects are taken shows nothing of what is said about calls.
  const others = Object.keys(SUITES).filter(
    name => name !== first && name !== 'admission',
  );
  for (const suite of [first, ...others]) {
    const { status, complaint } = await runWith(mutant, suite, engines, [
      '--seed',
      String(seed),
      '--calls',
      String(Math.ceil(calls * SUITES[suite].share)),
    ]);
    if (status === 1) return { id, caughtBy: suite };
    if (status !== 0) return { id, problem: complaint };
  }
  return { id };
}

/** As many faults as are asked for, chosen by the seed. */
export function sampleOf(seed: number, most: number): Mutant[] {
  const first = seed % MUTANTS.length;
  return [...MUTANTS.slice(first), ...MUTANTS.slice(0, first)].slice(0, most);
}

/** Puts in faults, one at a time. */
export async function runMutants(
  chosen: readonly Mutant[],
  seed: number,
  calls: number,
  told: (result: MutantResult) => void,
): Promise<MutantResult[]> {
  const left = [...chosen].reverse();
  const results: MutantResult[] = [];
  const engines = JSON.stringify(await makeEngines());
  const worker = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const result = await judge(next, engines, seed, calls);
      results.push(result);
      told(result);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return results;
}
