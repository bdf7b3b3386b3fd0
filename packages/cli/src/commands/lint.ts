import type { Command } from 'commander';
import {
  checkEffectiveAccess,
  createWorld,
  lint,
  reach,
  type Finding,
  type MeshMode,
} from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { readClusters } from '../io/readClusters';
import { readGuardrails } from '../io/readGuardrails';
import { findingsTable, hasErrors } from '../output/findingLines';
import { foundOf, openFieldsTable } from '../output/foundValues';
import { chooseFormat, type Format } from '../output/formats';
import { printDocument } from '../output/printDocument';
import type { CommandSession } from './CommandSession';
import {
  excludeOption,
  meshOption,
  namespaceOption,
  outputOption,
  profileOption,
} from './options';

const LINT_FORMATS: readonly Format[] = [
  'json',
  'yaml',
  'table',
  'markdown',
  'csv',
];

interface LintCommandOptions {
  world: string[];
  rules?: string;
  profile: string[];
  mesh: 'detect' | MeshMode;
  namespace?: string;
  exclude: string[];
  output?: string;
}

/** `callgate lint` */
export function addLint(program: Command, session: CommandSession): void {
  program
    .command('lint')
    .description(
      'Findings on manifests of any origin. Ends with 0 when none is an error, else 1.',
    )
    .requiredOption('--world <path...>', 'manifests; NAME=PATH for clusters')
    .option(
      '--rules <file>',
      'guardrails, asked about effective access and workloads',
    )
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(LINT_FORMATS))
    .addHelpText(
      'after',
      `
Example
  callgate lint --world manifests/ --profile profile.yaml --rules guardrails.yaml

Rules about planned edges need declarations: callgate compile --rules.`,
    )
    .action((options: LintCommandOptions) => {
      const { context } = session;
      const format = chooseFormat(
        options.output,
        LINT_FORMATS,
        context.isTerminal,
      );
      context.progress?.('reading manifests');
      const { clusters, findings } = readClusters({
        cwd: context.cwd,
        option: '--world',
        values: options.world,
        profiles: options.profile,
        mesh: options.mesh,
        ...(options.namespace !== undefined && {
          namespace: options.namespace,
        }),
        exclude: options.exclude,
      });
      const rules = readGuardrails(options.rules, context.cwd);
      context.progress?.('looking for mistakes');
      const world = createWorld(clusters);
      const judged = reach(world);
      const all = withoutDuplicates([
        ...findings,
        ...lint(world),
        ...judged.findings,
        ...checkEffectiveAccess(rules, 'repository', world, judged),
      ]);
      printDocument(context, format, {
        json: {
          schemaVersion: 1,
          findings: all,
          guesses: judged.guesses,
          found: foundOf(clusters),
        },
        tables: [
          findingsTable(all),
          // Of CSV there is one table.
          ...(format === 'csv' ? [] : openFieldsTable(clusters)),
        ],
      });
      session.finish(hasErrors(all) ? EXIT.found : EXIT.ok);
    });
}

function withoutDuplicates(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map(finding => [JSON.stringify(finding), finding]),
    ).values(),
  ];
}
