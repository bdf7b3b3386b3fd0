import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Coverage } from './Coverage';
import { ApiServer } from './engines/ApiServer';
import { Envoy } from './engines/Envoy';
import { makeEngines } from './engines/makeEngines';
import { Oracle } from './engines/Oracle';
import { Mutant } from './mutants/Mutant';
import { MUTANTS } from './mutants/mutants';
import { MutantResult, runMutants, sampleOf } from './mutants/runMutants';
import { SUITES } from './suites';
import { Limit, SuiteContext } from './suites/SuiteContext';
import { SuiteResult } from './suites/types';
import { manifestsOf } from './verdict/callgate';
import { EngineVerdicts } from './verdict/EngineVerdicts';
import { idOf } from './worlds/types';

const USAGE = `Compares Callgate with the engines that enforce policies.

  npm run conformance -- [--calls N | --minutes M] [--seed S] [--suite NAME]
                         [--first] [--whole]
                         [--mutants [--sample N | --only ID]]
                         [--json FILE]

  --calls N     calls that the engines judge at least, shared by the suites (100000)
  --minutes M   so long instead, shared by the suites
  --seed S      which random worlds (1): a run is repeated by it, and a world by its own
  --suite NAME  only this one of: ${Object.keys(SUITES).join(', ')}
  --first       stop at the first difference
  --whole       show what differs as it is, and do not make it small before
  --mutants     put deliberate faults into Callgate, one at a time: each has to be noticed
  --sample N    only N of them, chosen by the seed
  --only ID     only this one, and no run without faults before
  --json FILE   writes what came of it

Ends with 0 when all agrees, 1 for a difference or a fault that nobody noticed, 2 when something broke.
`;

const print = (text: string) => process.stdout.write(`${text}\n`);

/** A whole number above 0, or the reason why not. */
function number(name: string, text: string): number {
  if (!/^[1-9][0-9]{0,9}$/.test(text))
    throw new Error(`--${name} ${text}: give a whole number from 1`);
  return Number(text);
}

function printResult({
  name,
  worlds,
  calls,
  differences,
  tooLittle,
  skipped = [],
  notes,
}: SuiteResult) {
  print(
    `${name}: ${calls} calls in ${worlds} worlds, ${differences.length} differences`,
  );
  for (const [what, times] of notes) print(`  ${times} × ${what}`);
  for (const what of skipped) print(`  SKIPPED: ${what}`);
  for (const what of tooLittle) print(`  TOO LITTLE: ${what}`);
  for (const { world, call, text } of differences.slice(0, 3)) {
    print(`  DIFFERENCE seed ${world.seed}: ${text}`);
    if (call) {
      const from =
        typeof call.from === 'string'
          ? call.from
          : idOf(world.workloads[call.from]);
      print(
        `    ${from} to ${idOf(world.workloads[call.to])}: ${JSON.stringify(
          call,
        )}`,
      );
    }
    for (const manifest of manifestsOf(world))
      print(`    ${JSON.stringify(manifest)}`);
  }
  for (const { world, text } of differences.slice(3))
    print(`  and seed ${world.seed}: ${text.slice(0, 200)}`);
}

function printCoverage(coverage: Coverage) {
  print('| field, end or way | asked of | allowed | denied | conditional |');
  print('| --- | --- | --- | --- | --- |');
  for (const row of coverage.rows()) print(`| ${row.join(' | ')} |`);
  for (const [reason, times] of coverage.refused())
    print(`refused ${times} ×: ${reason}`);
}

type TimedResult = SuiteResult & { seconds: number };

async function runSuites(
  names: readonly string[],
  seed: number,
  limit: Limit,
  options: { first: boolean; whole: boolean },
): Promise<{ results: TimedResult[]; coverage: Coverage }> {
  const paths = await makeEngines();
  // Nothing is left running where Envoy does not start: the oracle comes after it.
  const envoy = await Envoy.start(paths.envoy);
  const oracle = new Oracle(paths);
  const apiServer = new ApiServer(paths);
  const stop = async () => {
    oracle.end();
    await Promise.all([apiServer.end(), envoy.end()]);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop().finally(() => process.exit(130)));
  try {
    const coverage = new Coverage();
    let told = Date.now();
    const context: SuiteContext = {
      engines: new EngineVerdicts(oracle, envoy),
      apiServer,
      coverage,
      first: options.first,
      shrink: !options.whole,
      progress: (suite, done, of) => {
        if (Date.now() - told < 5000) return;
        told = Date.now();
        process.stderr.write(`${suite}: ${done} of ${of}\n`);
      },
    };
    const results: TimedResult[] = [];
    const whole = names.reduce((sum, name) => sum + SUITES[name].share, 0);
    for (const name of names) {
      const begun = Date.now();
      const part = SUITES[name].share / whole;
      const result = await SUITES[name].run(
        context,
        seed,
        'calls' in limit
          ? { calls: Math.ceil(limit.calls * part) }
          : { minutes: limit.minutes * part },
      );
      const seconds = Math.round((Date.now() - begun) / 1000);
      results.push({ ...result, seconds });
    }
    return { results, coverage };
  } finally {
    await stop();
  }
}

/** One after the other with a fault of ours in it; says which suite noticed each. */
async function putInFaults(
  seed: number,
  chosen: readonly Mutant[],
): Promise<MutantResult[]> {
  const results = await runMutants(chosen, seed, 90_000, result => {
    const { id, caughtBy, problem } = result;
    print(`  ${id}: ${caughtBy ?? problem ?? 'SURVIVED'}`);
  });
  return results.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** One fault alone. */
async function onlyFault(seed: number, id: string): Promise<number> {
  const chosen = MUTANTS.filter(each => each.id === id);
  if (chosen.length === 0)
    throw new Error(
      `There is no fault ${id}; there are ${MUTANTS.map(each => each.id).join(
        ', ',
      )}.`,
    );
  const [{ caughtBy }] = await putInFaults(seed, chosen);
  return caughtBy === undefined ? 1 : 0;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string', default: '1' },
      suite: { type: 'string' },
      first: { type: 'boolean', default: false },
      whole: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      sample: { type: 'string', default: String(MUTANTS.length) },
      only: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (values.calls !== undefined && values.minutes !== undefined)
    throw new Error('Give --calls or --minutes, not both.');
  const limit: Limit =
    values.minutes === undefined
      ? { calls: number('calls', values.calls ?? '100000') }
      : { minutes: number('minutes', values.minutes) };
  const seed = number('seed', values.seed);
  const sample = number('sample', values.sample);
  const names = Object.keys(SUITES).filter(
    name => values.suite === undefined || values.suite === name,
  );
  if (names.length === 0)
    throw new Error(`There is no suite ${values.suite}.\n\n${USAGE}`);

  if (values.only !== undefined) return onlyFault(seed, values.only);

  const { results, coverage } = await runSuites(names, seed, limit, values);
  printCoverage(coverage);
  results.forEach(printResult);
  const mutants = values.mutants
    ? await putInFaults(seed, sampleOf(seed, sample))
    : [];

  // A short run, or one suite alone, is not meant to show everything.
  const isWhole =
    values.suite === undefined && 'calls' in limit && limit.calls >= 100_000;
  const missing = isWhole ? coverage.missing() : [];
  for (const feature of missing)
    print(`NOT COVERED with both answers, and claimed: ${feature}`);
  const failed = results.filter(
    ({ differences, tooLittle }) => differences.length + tooLittle.length > 0,
  );
  const unnoticed = mutants.filter(({ caughtBy }) => caughtBy === undefined);
  const judged = results.reduce((sum, each) => sum + each.calls, 0);
  const passed = results.length - failed.length;
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      JSON.stringify({
        passed: passed + mutants.length - unnoticed.length,
        failed: failed.length + unnoticed.length + missing.length,
        skipped: results.reduce(
          (sum, { skipped = [] }) => sum + skipped.length,
          0,
        ),
        seed,
        suites: results.map(({ differences, notes, ...each }) => ({
          ...each,
          differences: differences.length,
          notes: Object.fromEntries(notes),
        })),
        mutants,
        coverage: coverage.rows(),
      }),
    );
  print(
    `conformance, seed ${seed}: ${judged} calls judged by engines; ${passed} suites passed, ${
      failed.length
    } failed; ${mutants.length - unnoticed.length} faults noticed, ${
      unnoticed.length
    } not`,
  );
  return failed.length + unnoticed.length + missing.length === 0 ? 0 : 1;
}

main().then(
  status => {
    process.exitCode = status;
  },
  error => {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 2;
  },
);
