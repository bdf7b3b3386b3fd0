import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { benchmarksOf, GROWTH } from '../bench/benchmarks';
import { compareWithNca, type OtherMeasurement } from '../bench/compareWithNca';
import { measure, type Measurement } from '../bench/measure';
import { readSourceFile } from '../io/readSourceFiles';
import { benchTables } from '../output/benchTables';
import { chooseFormat, type Format } from '../output/formats';
import { printDocument } from '../output/printDocument';
import { UsageError } from '../UsageError';
import type { CommandSession } from './CommandSession';
import { outputOption } from './options';

const BENCH_FORMATS: readonly Format[] = [
  'json',
  'yaml',
  'table',
  'markdown',
  'csv',
];

interface BenchCommandOptions {
  only?: string[];
  large: string;
  with?: 'nca';
  compare?: string;
  output?: string;
}

/** `callgate bench` */
export function addBench(program: Command, session: CommandSession): void {
  program
    .command('bench')
    .description(
      'Benchmarks of the core on worlds that are made up, the same for everybody. Ends with 0.',
    )
    .option('--only <ids...>', 'these benchmarks alone')
    .option('--large <number>', 'workloads of the largest worlds', '10000')
    .addOption(
      new Option(
        '--with <tool>',
        'ask another analyzer about the same worlds (takes minutes)',
      ).choices(['nca']),
    )
    .option('--compare <file>', 'JSON of an earlier run, to compare with')
    .addOption(outputOption(BENCH_FORMATS))
    .addHelpText(
      'after',
      `
Times are medians of CPU and clock, after runs that warm up. The method is in docs/benchmarks.md.

Examples
  callgate bench --only reach-400 diff-200
  callgate bench --large 100000 -o json > before.json
  callgate bench --compare before.json --with nca`,
    )
    .action((options: BenchCommandOptions) => {
      const { context } = session;
      const format = chooseFormat(
        options.output,
        BENCH_FORMATS,
        context.isTerminal,
      );
      const all = benchmarksOf(sizeOf(options.large));
      const earlier =
        options.compare === undefined
          ? []
          : readEarlier(options.compare, context.cwd);
      const chosen = all.filter(
        ({ id }) => !options.only || options.only.includes(id),
      );
      const unknown = (options.only ?? []).filter(
        id => !all.some(each => each.id === id),
      );
      if (unknown.length > 0)
        throw new UsageError(
          `there is no benchmark ${unknown.join(', ')}; write of ${all
            .map(({ id }) => id)
            .join(', ')}`,
        );
      const measurements = chosen.map(benchmark => {
        context.stderr(`${benchmark.id}: ${benchmark.what}\n`);
        return measure(benchmark);
      });
      const others: OtherMeasurement[] =
        options.with === 'nca' ? askNca(context) : [];
      const result = {
        schemaVersion: 1,
        node: process.version,
        measurements,
        others,
        growth: growthOf(measurements),
      };
      printDocument(context, format, {
        json: result,
        tables: benchTables(result, earlier),
      });
    });
}

/** Our measurements are printed whatever becomes of the other tool. */
function askNca(context: CommandSession['context']): OtherMeasurement[] {
  try {
    return compareWithNca(join(homedir(), '.cache', 'callgate'), text =>
      context.stderr(`${text}\n`),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.stderr(`callgate: ${error.message}\n`);
    return [];
  }
}

function sizeOf(text: string): number {
  const size = /^\d{1,7}$/.test(text.trim()) ? Number(text) : 0;
  if (size < 100)
    throw new UsageError(
      `--large has ${text}; write a number of workloads from 100 to 9999999`,
    );
  return size;
}

/** The exponent to which time grows with size; 1 is linear. */
function growthOf(measurements: readonly Measurement[]): number | undefined {
  const at = (size: number) =>
    measurements.find(({ id }) => id === `${GROWTH.prefix}-${size}`)?.cpuMs;
  const [small, large] = GROWTH.sizes;
  const [first, last] = [at(small), at(large)];
  return first === undefined || last === undefined
    ? undefined
    : Math.log(last / first) / Math.log(large / small);
}

function readEarlier(path: string, cwd: string): Earlier[] {
  const { text } = readSourceFile(path, { cwd, option: '--compare' });
  try {
    const earlier: unknown = JSON.parse(text);
    if (isRun(earlier)) return earlier.measurements;
  } catch {
    // Said below, like every other text that is no earlier run.
  }
  throw new UsageError(
    `${path} is no earlier run; write the output of callgate bench -o json`,
  );
}

/** What a table compares with: names and times. */
type Earlier = Pick<Measurement, 'id' | 'cpuMs'>;

function isRun(value: unknown): value is { measurements: Earlier[] } {
  return (
    isRecord(value) &&
    Array.isArray(value.measurements) &&
    value.measurements.every(
      (each: unknown) =>
        isRecord(each) &&
        typeof each.id === 'string' &&
        typeof each.cpuMs === 'number',
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
