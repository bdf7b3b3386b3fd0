import { Argument, type Command } from 'commander';
import { profileReport, type Finding } from '@callgate/policy';
import { EXIT } from '../exitCodes';
import { MESH_OPTIONS, readClusters } from '../io/readClusters';
import { clusterPaths } from '../io/clusterPaths';
import {
  clusterDoctorTables,
  openQuestions,
} from '../output/clusterDoctorTables';
import { hasErrors, printFindings } from '../output/findingLines';
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

const FORMATS: readonly Format[] = ['json', 'yaml', 'table', 'markdown'];

/** What can be looked at. */
const SUBJECTS = ['cluster'] as const;

interface DoctorOptions {
  estate: string[];
  profile: string[];
  mesh: (typeof MESH_OPTIONS)[number];
  namespace?: string;
  exclude: string[];
  output?: string;
}

/** `callgate doctor` */
export function addDoctor(program: Command, session: CommandSession): void {
  program
    .command('doctor')
    .description(
      'What is known of a cluster: stated, found, guessed and contradicted, and what to do. Ends with 0 when nothing is open, else 1.',
    )
    .addArgument(
      new Argument('<what>', 'what to look at').choices([...SUBJECTS]),
    )
    .argument('<name>', 'the cluster, as its profile and in: of grants name it')
    .requiredOption(
      '--estate <path...>',
      'what runs; NAME=PATH where paths of several clusters are given',
    )
    .addOption(profileOption())
    .addOption(meshOption())
    .addOption(namespaceOption())
    .addOption(excludeOption())
    .addOption(outputOption(FORMATS))
    .addHelpText(
      'after',
      `
Examples
  callgate doctor cluster prod-eu --estate estate/prod-eu
  callgate doctor cluster prod-eu --estate dump.yaml --profile profiles/prod-eu.yaml -o json

It reads manifests, also what kubectl get prints (-o yaml), and asks no cluster.`,
    )
    .action((_what: string, name: string, options: DoctorOptions) => {
      const { context } = session;
      const format = chooseFormat(options.output, FORMATS, context.isTerminal);
      context.progress?.('reading manifests');
      const { clusters, findings } = readClusters({
        cwd: context.cwd,
        option: '--estate',
        values: clusterPaths(options.estate, name),
        profiles: options.profile,
        mesh: options.mesh,
        ...(options.namespace !== undefined && {
          namespace: options.namespace,
        }),
        exclude: options.exclude,
        only: name,
      });
      const report = profileReport(clusters[0]);
      const own = findings.filter(isOfPlatform);
      const open = openQuestions(report, own);
      printDocument(context, format, {
        json: {
          schemaVersion: 1,
          fit: open.length === 0,
          ...report,
          entries: report.entries.map(entry => ({
            ...entry,
            // JSON has no undefined: that nothing is used is said.
            value: entry.value ?? JSON.parse('null'),
          })),
          open: open.map(({ field, what, action }) => ({
            field,
            what,
            action,
          })),
          findings: own,
        },
        tables: clusterDoctorTables(report, open),
      });
      if (format === 'table' || format === 'markdown') {
        printFindings(
          context,
          own.filter(({ code }) => !code.startsWith('profile-')),
        );
      }
      session.finish(open.length > 0 || hasErrors(own) ? EXIT.found : EXIT.ok);
    });
}

/** Of all that reading a cluster finds, what is about its platform, and what keeps it from being read. */
function isOfPlatform({ code, severity }: Finding): boolean {
  return (
    severity === 'error' ||
    code.startsWith('profile-') ||
    code === 'platform-not-readable' ||
    code === 'estate-empty'
  );
}
