import { Argument, type Command } from 'commander';
import type { KindState } from '@callgate/cluster-reader';
import { profileReport, type Cluster, type Finding } from '@callgate/policy';
import type { CliContext } from '../CliContext';
import { clusterReader } from '../clusterReader';
import { EXIT } from '../exitCodes';
import { MESH_OPTIONS, readClusters } from '../io/readClusters';
import { clusterPaths } from '../io/clusterPaths';
import { readLiveCluster, type LiveCluster } from '../io/readLiveCluster';
import {
  clusterDoctorTables,
  openQuestions,
} from '../output/clusterDoctorTables';
import { hasErrors, printFindings } from '../output/findingLines';
import { chooseFormat, type Format } from '../output/formats';
import { printDocument } from '../output/printDocument';
import {
  missingRule,
  openOfReading,
  rightsTables,
  whyMissing,
} from '../output/rightsTables';
import { UsageError } from '../UsageError';
import type { CommandSession } from './CommandSession';
import {
  contextOption,
  credentialsOf,
  kubeconfigOption,
  type ClusterOptions,
} from './clusterOptions';
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

interface DoctorOptions extends ClusterOptions {
  estate?: string[];
  inCluster?: boolean;
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
    .option(
      '--estate <path...>',
      'manifests of what runs; NAME=PATH where paths of several clusters are given',
    )
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .option('--in-cluster', 'ask the cluster that this runs in, as the pod')
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
  callgate doctor cluster prod-eu --kubeconfig ~/.kube/callgate.yaml --context prod-eu

With --estate it reads manifests, also what kubectl get prints (-o yaml), and asks
no cluster. With --kubeconfig or --in-cluster it asks the cluster, reads what the
portal or an agent would read, and says which rights are missing.`,
    )
    .action(async (_what: string, name: string, options: DoctorOptions) => {
      const { context } = session;
      const format = chooseFormat(options.output, FORMATS, context.isTerminal);
      const { cluster, findings, live } = await read(name, options, context);
      const report = profileReport(cluster);
      const own = findings.filter(isOfPlatform);
      const open = [
        ...(live ? openOfReading(live) : []),
        ...openQuestions(report, own),
      ];
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
          ...(live && { rights: live.kinds.map(rightOf) }),
          findings: own,
        },
        tables: live
          ? clusterDoctorTables(
              report,
              open,
              whyMissing(live.kinds, isEverRead),
            ).toSpliced(1, 0, ...rightsTables(live))
          : clusterDoctorTables(report, open),
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

/** From manifests, or from the cluster itself. */
async function read(
  name: string,
  options: DoctorOptions,
  context: CliContext,
): Promise<{ cluster: Cluster; findings: Finding[]; live?: LiveCluster }> {
  const { estate, kubeconfig, inCluster, profile: profiles, mesh } = options;
  const given = [estate, kubeconfig, inCluster].filter(
    each => each !== undefined,
  );
  if (given.length !== 1)
    throw new UsageError(
      'give one of --estate, --kubeconfig and --in-cluster: manifests, or a cluster to ask',
    );
  if (!estate) {
    if (options.namespace !== undefined || options.exclude.length > 0)
      throw new UsageError(
        '--namespace and --exclude are for manifests, with --estate',
      );
    context.progress?.(`reading ${name}`);
    const live = await readLiveCluster({
      ...{ name, profiles, mesh, cwd: context.cwd },
      credentials: credentialsOf(options, context.cwd),
    });
    return { cluster: live.cluster, findings: live.findings, live };
  }
  if (options.context !== undefined)
    throw new UsageError('--context needs --kubeconfig, whose context it is');
  context.progress?.('reading manifests');
  const { clusters, findings } = readClusters({
    cwd: context.cwd,
    option: '--estate',
    values: clusterPaths(estate, name),
    ...{ profiles, mesh },
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    exclude: options.exclude,
    only: name,
  });
  return { cluster: clusters[0], findings };
}

/** A kind as JSON has it, with the rule that is missing. */
function rightOf(each: KindState) {
  const { group, plural, namespace, name } = each.kind;
  return {
    ...{ group, plural, state: each.state },
    ...(name !== undefined && { namespace, name }),
    ...(each.state === 'refused' && {
      verb: each.verb,
      rule: missingRule(each),
    }),
  };
}

function isEverRead(group: string, kind: string): boolean {
  return clusterReader().WANTED.some(
    // Of ConfigMaps a few.
    ({ groups, kinds, byName }) =>
      !byName && groups.includes(group) && kinds.includes(kind),
  );
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
