import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Coverage } from './Coverage';
import { Envoy } from './engines/Envoy';
import { makeEngines } from './engines/makeEngines';
import { Oracle } from './engines/Oracle';
import { SUITES } from './suites';
import { SuiteContext } from './suites/SuiteContext';
import { SuiteResult } from './suites/types';
import { manifestsOf } from './verdict/callgate';
import { EngineVerdicts } from './verdict/EngineVerdicts';
import { idOf } from './worlds/types';

const USAGE = `Compares Callgate with the engines that enforce policies.

  npm run conformance -- [--calls N] [--seed S] [--suite NAME] [--json FILE]

  --calls N     calls that each suite asks about at least (100000)
  --seed S      where random worlds begin (1); a run is repeated by it
  --suite NAME  only this one of: ${Object.keys(SUITES).join(', ')}
  --json FILE   writes what came of it
`;

const print = (text: string) => process.stdout.write(`${text}\n`);

/** A whole number above 0, or the reason why not. */
function number(name: string, text: string): number {
  if (!/^[1-9][0-9]{0,9}$/.test(text))
    throw new Error(`--${name} ${text}: give a whole number from 1`);
  return Number(text);
}

function printResult({ name, worlds, calls, differences, notes }: SuiteResult) {
  print(
    `${name}: ${calls} calls in ${worlds} worlds, ${differences.length} differences`,
  );
  for (const [what, times] of notes) print(`  ${times} × ${what}`);
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
}

function printCoverage(coverage: Coverage) {
  print('field or end | allowed | denied | conditional');
  for (const row of coverage.rows()) print(row.join(' | '));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      suite: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const calls = number('calls', values.calls);
  const seed = number('seed', values.seed);
  const chosen = Object.entries(SUITES).filter(
    ([name]) => values.suite === undefined || values.suite === name,
  );
  if (chosen.length === 0)
    throw new Error(`There is no suite ${values.suite}.\n\n${USAGE}`);

  const paths = await makeEngines();
  const oracle = new Oracle(paths);
  const envoy = await Envoy.start(paths.envoy);
  const stop = async () => {
    oracle.end();
    await envoy.end();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop().finally(() => process.exit(130)));
  try {
    const coverage = new Coverage();
    let told = Date.now();
    const context: SuiteContext = {
      engines: new EngineVerdicts(oracle, envoy),
      coverage,
      progress: (suite, done, of) => {
        if (Date.now() - told < 5000) return;
        told = Date.now();
        process.stderr.write(`${suite}: ${done} of ${of}\n`);
      },
    };
    const results: (SuiteResult & { seconds: number })[] = [];
    for (const [, run] of chosen) {
      const begun = Date.now();
      const result = await run(context, seed, calls);
      results.push({
        ...result,
        seconds: Math.round((Date.now() - begun) / 1000),
      });
    }
    printCoverage(coverage);
    results.forEach(printResult);
    const failed = results.filter(({ differences }) => differences.length > 0);
    const judged = results.reduce((sum, each) => sum + each.calls, 0);
    if (values.json !== undefined)
      writeFileSync(
        values.json,
        JSON.stringify({
          passed: results.length - failed.length,
          failed: failed.length,
          skipped: 0,
          seed,
          suites: results.map(
            ({ name, worlds, calls: asked, seconds, differences, notes }) => ({
              name,
              worlds,
              calls: asked,
              seconds,
              differences: differences.length,
              notes: Object.fromEntries(notes),
            }),
          ),
          coverage: coverage.rows(),
        }),
      );
    print(
      `conformance, seed ${seed}: ${judged} calls judged by engines, ${
        results.length - failed.length
      } suites passed, ${failed.length} failed`,
    );
    return failed.length === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}

main().then(
  status => {
    process.exitCode = status;
  },
  error => {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
