import { Option, type Command } from 'commander';
import {
  createWorld,
  foldedReach,
  type FoldedReach,
  type Layer,
  type MeshMode,
} from '@callgate/policy';
import { parseNamedPaths } from '../io/parseNamedPaths';
import { readClusters } from '../io/readClusters';
import { chooseFormat, type Format } from '../output/formats';
import { printFindings } from '../output/findingLines';
import { printDocument } from '../output/printDocument';
import { foundOf } from '../output/foundValues';
import { reachDot, reachTable, membersTables } from '../output/reachTables';
import { classesOf } from '../output/reachClasses';
import type { CommandSession } from './CommandSession';
import {
  excludeOption,
  meshOption,
  namespaceOption,
  outputOption,
  profileOption,
} from './options';
import { watchOption, whileWatching } from './watching';

const REACH_FORMATS: readonly Format[] = [
  'json',
  'yaml',
  'table',
  'markdown',
  'csv',
  'dot',
];

interface ReachCommandOptions {
  world: string[];
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  layer?: Layer;
  classes?: true;
  watch?: true;
  output?: string;
}

/** `callgate reach` */
export function addReach(program: Command, session: CommandSession): void {
  program
    .command('reach')
    .description('Effective access between all workloads. Ends with 0.')
    .requiredOption('--world <path...>', 'manifests; NAME=PATH for clusters')
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(
      new Option(
        '--layer <layer>',
        'what this layer alone would admit',
      ).choices(['kernel', 'identity', 'method']),
    )
    .option(
      '--classes',
      'fold workloads that no policy can tell apart into classes',
    )
    .addOption(watchOption())
    .addOption(outputOption(REACH_FORMATS))
    .addHelpText(
      'after',
      `
Examples
  callgate reach --world manifests/
  callgate reach --world eu=clusters/eu --world us=clusters/us -o json
  callgate reach --world manifests/ --layer kernel -o csv
  callgate reach --world manifests/ --watch`,
    )
    .action(async (options: ReachCommandOptions) => {
      if (!options.watch) {
        runReach(session, options);
        return;
      }
      const named = [
        ...parseNamedPaths(options.world, '--world'),
        ...parseNamedPaths(options.profile, '--profile'),
      ];
      await whileWatching(
        session,
        { paths: named.flatMap(({ paths }) => paths) },
        () => runReach(session, options),
      );
    });
}

function runReach(session: CommandSession, options: ReachCommandOptions): void {
  const { context } = session;
  const format = chooseFormat(
    options.output,
    REACH_FORMATS,
    context.isTerminal,
  );
  context.progress?.('reading manifests');
  const { clusters, findings } = readClusters({
    cwd: context.cwd,
    option: '--world',
    values: options.world,
    profiles: options.profile,
    mesh: options.mesh,
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    exclude: options.exclude,
  });
  context.progress?.('working out who may call what');
  const world = createWorld(clusters);
  const asked = options.layer ? { layer: options.layer } : {};
  const judged = options.classes
    ? classesOf(
        foldedReach(world, asked),
        name => world.parties.get(name)?.workload.replicas === 'one',
      )
    : plainIfSmall(foldedReach(world, asked));
  const result = {
    ...judged,
    findings: [...findings, ...judged.findings],
    found: foundOf(clusters),
  };
  printDocument(context, format, {
    json: result,
    // Made only for the format that is asked for: each is as large as the result.
    tables:
      format === 'json' || format === 'yaml' || format === 'dot'
        ? []
        : [
            reachTable(result, format === 'csv'),
            ...(format === 'csv' ? [] : membersTables(result)),
          ],
    ...(format === 'dot' && { dot: reachDot(result) }),
  });
  if (format !== 'json' && format !== 'yaml') {
    printFindings(context, result.findings);
  }
}

/** Where nothing was folded, the document is the one without sets. */
function plainIfSmall(
  folded: FoldedReach,
):
  | FoldedReach
  | (Omit<FoldedReach, 'schemaVersion' | 'sets'> & { schemaVersion: 1 }) {
  const { sets, ...rest } = folded;
  return Object.keys(sets).length > 0 ? folded : { ...rest, schemaVersion: 1 };
}
