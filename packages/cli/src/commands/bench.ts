import type { Command } from 'commander';
import { buildCluster, createWorld, evaluate, reach } from '@callgate/policy';
import { syntheticEstate } from '../bench/syntheticEstate';
import type { CliContext } from '../CliContext';
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

const CALLS = 10_000;

interface BenchCommandOptions {
  sizes: string;
  output?: string;
}

interface Measurement {
  workloads: number;
  what: string;
  milliseconds: number;
  perSecond?: number;
}

/** `callgate bench` */
export function addBench(program: Command, session: CommandSession): void {
  program
    .command('bench')
    .description('Benchmarks of the core on synthetic estates. Ends with 0.')
    .option('--sizes <numbers>', 'workloads, comma-separated', '100,300')
    .addOption(outputOption(BENCH_FORMATS))
    .addHelpText(
      'after',
      `
Example
  callgate bench --sizes 100,1000 -o json`,
    )
    .action((options: BenchCommandOptions) => {
      const { context } = session;
      const format = chooseFormat(
        options.output,
        BENCH_FORMATS,
        context.isTerminal,
      );
      const measurements = options.sizes
        .split(',')
        .flatMap(size => measure(sizeOf(size), context));
      printDocument(context, format, {
        json: { schemaVersion: 1, measurements },
        tables: [
          {
            header: ['workloads', 'what', 'ms', 'per second'],
            rows: measurements.map(each => [
              String(each.workloads),
              each.what,
              each.milliseconds.toFixed(1),
              each.perSecond === undefined ? '' : String(each.perSecond),
            ]),
            whenEmpty: 'Nothing was measured.',
          },
        ],
      });
    });
}

function sizeOf(text: string): number {
  const size = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (size < 10) {
    throw new UsageError(
      `--sizes has ${text}; write numbers from 10 to 99999 with commas between`,
    );
  }
  return size;
}

function measure(workloads: number, context: CliContext): Measurement[] {
  const timed = <T>(what: string, run: () => T): [T, Measurement] => {
    const start = context.now();
    const result = run();
    return [result, { workloads, what, milliseconds: context.now() - start }];
  };
  const objects = syntheticEstate(workloads);
  const [world, building] = timed('build the world', () =>
    createWorld([buildCluster({ name: 'bench', objects }).cluster]),
  );
  const [, calling] = timed(`evaluate ${CALLS} calls`, () => {
    for (let call = 0; call < CALLS; call++) {
      const to = call % workloads;
      const from = (to + 1 + (call % 3)) % workloads;
      evaluate(world, {
        from: `team-${Math.floor(from / 10)}/Deployment/app-${from}`,
        to: `team-${Math.floor(to / 10)}/Deployment/app-${to}`,
        port: 8080,
        http: { method: 'GET', path: `/v1/app-${to}/7` },
      });
    }
  });
  const [, reaching] = timed('reach', () => reach(world));
  return [
    building,
    {
      ...calling,
      perSecond: Math.round(CALLS / (calling.milliseconds / 1000)),
    },
    reaching,
  ];
}
