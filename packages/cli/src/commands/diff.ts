import type { Command } from 'commander';
import {
  createWorld,
  diff,
  type MeshMode,
  withoutSharedOthers,
} from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { readClusters } from '../io/readClusters';
import { chooseFormat, type Format } from '../output/formats';
import { diffTables } from '../output/diffTables';
import { foundOf } from '../output/foundValues';
import { printFindings } from '../output/findingLines';
import { printDocument } from '../output/printDocument';
import type { CommandSession } from './CommandSession';
import {
  excludeOption,
  meshOption,
  namespaceOption,
  outputOption,
  profileOption,
} from './options';

const DIFF_FORMATS: readonly Format[] = ['json', 'yaml', 'table', 'markdown'];

interface DiffCommandOptions {
  before: string[];
  after: string[];
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  output?: string;
}

/** `callgate diff` */
export function addDiff(program: Command, session: CommandSession): void {
  program
    .command('diff')
    .description(
      'What changes between two worlds. Ends with 0 when they mean the same at every layer, 1 when they differ.',
    )
    .requiredOption('--before <path...>', 'manifests; NAME=PATH for clusters')
    .requiredOption('--after <path...>', 'manifests; NAME=PATH for clusters')
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(DIFF_FORMATS))
    .addHelpText(
      'after',
      `
Examples
  callgate diff --before main/ --after branch/
  callgate diff --before main/ --after branch/ -o markdown`,
    )
    .action((options: DiffCommandOptions) => {
      const { context } = session;
      const format = chooseFormat(
        options.output,
        DIFF_FORMATS,
        context.isTerminal,
      );
      const common = {
        cwd: context.cwd,
        profiles: options.profile,
        mesh: options.mesh,
        ...(options.namespace !== undefined && {
          namespace: options.namespace,
        }),
        exclude: options.exclude,
      };
      context.progress?.('reading manifests');
      const before = readClusters({
        ...common,
        option: '--before',
        values: options.before,
      });
      const after = readClusters({
        ...common,
        option: '--after',
        values: options.after,
      });
      const compared = withoutSharedOthers(before.clusters, after.clusters);
      const changes = diff(
        createWorld(compared.before),
        createWorld(compared.after),
      );
      const result = {
        ...changes,
        findings: [
          ...before.findings,
          ...after.findings,
          ...changes.findings,
          ...compared.findings,
        ],
        found: {
          before: foundOf(before.clusters),
          after: foundOf(after.clusters),
        },
      };
      printDocument(context, format, {
        json: result,
        tables: diffTables(result),
      });
      if (format === 'table' || format === 'markdown') {
        printFindings(context, result.findings);
      }
      const same =
        changes.gained.length +
          changes.lost.length +
          changes.changed.length +
          changes.layers.length +
          changes.isolation.length ===
        0;
      session.finish(same ? EXIT.ok : EXIT.found);
    });
}
