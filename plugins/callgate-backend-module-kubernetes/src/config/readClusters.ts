import {
  type Config,
  ConfigReader,
  readDurationFromConfig,
} from '@backstage/config';
import { InputError } from '@backstage/errors';
import { type HumanDuration, durationToMilliseconds } from '@backstage/types';
import { checkUrl, type Credentials, isJson } from '@callgate/cluster-reader';
import path from 'node:path';
import type {
  AgentConfig,
  ClusterConfig,
  ConfiguredClusters,
} from './ClusterConfig';
import { readAgent } from './readAgent';
import { type PluginCluster, readPluginClusters } from './readPluginClusters';

const ROOT = 'callgate.clusters';
/** As for clusters of `callgate.estate.manifests`: a name is a folder of the policy repository. */
const CLUSTER = /^[A-Za-z0-9]+(?:[-_.]+[A-Za-z0-9]+)*$/;
const HOUR = 3_600_000;
const SHORTEST_RESYNC = 60_000;

/** What holds of the mesh as a whole is in these: without them, policies of every namespace would be left out. */
const NEVER_EXCLUDED = ['istio-system'];

interface Settings {
  exclude: readonly string[];
  resyncMs: number;
}

/**
 * Reads `callgate.clusters`, and the clusters that Backstage's Kubernetes plugin is configured with.
 *
 * @throws InputError that names the key, for what is not understood and for a name that is used twice, also in
 * `callgate.estate.manifests`
 */
export function readClusters(root: Config): ConfiguredClusters {
  const own = ownEntries(root);
  const plugin = readPluginClusters(root);
  const byPlugin = new Map(plugin.clusters.map(each => [each.name, each]));
  const clusters: ClusterConfig[] = [];
  const agents: AgentConfig[] = [];
  const settled = new Map<string, Settings>();
  for (const [name, entry] of own) {
    const key = `${ROOT}.${name}`;
    checkName(name, key);
    const twin = byPlugin.get(name);
    if (twin && entry.has('agent'))
      throw new InputError(
        `${key}: the Kubernetes plugin has a cluster ${name} too (${twin.key}); leave out agent, or leave the other out with callgate.kubernetesPlugin.clusters`,
      );
    if (entry.has('agent')) {
      agents.push({ name, subject: readAgent(entry, key) });
      continue;
    }
    const credentials = credentialsOf(entry, key);
    const settings = settingsOf(entry, key);
    if (credentials && byPlugin.has(name))
      throw new InputError(
        `${key}: the Kubernetes plugin has a cluster ${name} too (${
          byPlugin.get(name)!.key
        }); leave out how this one is reached, or leave the other out with callgate.kubernetesPlugin.clusters`,
      );
    if (credentials) clusters.push({ name, credentials, ...settings });
    else if (byPlugin.has(name)) settled.set(name, settings);
    else
      throw new InputError(
        `${key}: give one of kubeconfig, url, inCluster: true or agent; the Kubernetes plugin has no cluster of this name either`,
      );
  }
  const refused: { cluster: string; problem: string }[] = [];
  for (const each of plugin.clusters) {
    const { name, key } = each;
    checkName(name, key);
    if ('problem' in each)
      refused.push({ cluster: name, problem: each.problem });
    else
      clusters.push({
        name,
        credentials: each.credentials,
        ...(settled.get(name) ?? { exclude: [], resyncMs: HOUR }),
      });
  }
  refuseTwice(root, [
    ...clusters.map(({ name }) => name),
    ...agents.map(({ name }) => name),
    ...refused.map(({ cluster }) => cluster),
  ]);
  refuseSharedTokens(agents);
  const byName = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  return {
    clusters: clusters.sort((a, b) => byName(a.name, b.name)),
    agents: agents.sort((a, b) => byName(a.name, b.name)),
    refused: refused.sort((a, b) => byName(a.cluster, b.cluster)),
    notes: plugin.notes,
  };
}

/** Names of clusters have dashes and digits, which keys of configuration do not have everywhere: read as a plain object. */
function ownEntries(root: Config): [string, Config][] {
  const value = root.getOptional(ROOT);
  if (value === undefined || value === null) return [];
  if (!isJson(value))
    throw new InputError(`${ROOT}: give an object with one entry a cluster`);
  return Object.entries(value).map(([name, entry]) => {
    if (!isJson(entry)) throw new InputError(`${ROOT}.${name}: give an object`);
    return [
      name,
      new ConfigReader(
        { ...entry } as object as ConstructorParameters<typeof ConfigReader>[0],
        'callgate',
      ),
    ];
  });
}

function checkName(name: string, key: string): void {
  if (!CLUSTER.test(name) || name.length > 63)
    throw new InputError(
      `${key}: "${name}" is not a name of a cluster: use letters, digits and single - _ . between them`,
    );
}

function credentialsOf(entry: Config, key: string): Credentials | undefined {
  const kubeconfig = entry.getOptionalString('kubeconfig');
  const url = entry.getOptionalString('url');
  const inCluster = entry.getOptionalBoolean('inCluster') ?? false;
  const given = [kubeconfig !== undefined, url !== undefined, inCluster];
  if (given.filter(Boolean).length > 1)
    throw new InputError(
      `${key}: give one of kubeconfig, url and inCluster, not several`,
    );
  const only = (names: readonly string[], beside: string) => {
    const odd = names.find(name => entry.has(name));
    if (odd !== undefined)
      throw new InputError(`${key}.${odd} is for a cluster with ${beside}`);
  };
  if (kubeconfig === undefined) only(['context'], 'kubeconfig');
  if (url === undefined)
    only(['serviceAccountToken', 'caData', 'caFile', 'skipTLSVerify'], 'url');
  if (kubeconfig !== undefined) {
    const context = entry.getOptionalString('context');
    return {
      type: 'kubeconfig',
      file: path.resolve(kubeconfig),
      ...(context !== undefined && { context }),
    };
  }
  if (url !== undefined) {
    const problem = checkUrl(url);
    if (problem) throw new InputError(`${key}.url ${problem}`);
    const caData = entry.getOptionalString('caData');
    const caFile = entry.getOptionalString('caFile');
    if (caData !== undefined && caFile !== undefined)
      throw new InputError(`${key}: give caData or caFile, not both`);
    return {
      type: 'token',
      url,
      token: entry.getString('serviceAccountToken'),
      ...(caData !== undefined && { caData }),
      ...(caFile !== undefined && { caFile: path.resolve(caFile) }),
      skipTLSVerify: entry.getOptionalBoolean('skipTLSVerify') ?? false,
    };
  }
  return inCluster ? { type: 'in-cluster' } : undefined;
}

function settingsOf(entry: Config, key: string): Settings {
  const exclude = entry.getOptionalStringArray('exclude') ?? [];
  const never = exclude.find(each => NEVER_EXCLUDED.includes(each));
  if (never !== undefined)
    throw new InputError(
      `${key}.exclude: ${never} cannot be left out, since policies there hold for the whole mesh`,
    );
  if (!entry.has('resync')) return { exclude, resyncMs: HOUR };
  let duration: HumanDuration;
  try {
    duration = readDurationFromConfig(entry, { key: 'resync' });
  } catch (error) {
    throw new InputError(`${key}.resync: ${(error as Error).message}`);
  }
  const resyncMs = durationToMilliseconds(duration);
  if (resyncMs < SHORTEST_RESYNC)
    throw new InputError(`${key}.resync must be a minute or more`);
  return { exclude, resyncMs };
}

/** A token is of one cluster: whoever has it could write the estate of the other as well. */
function refuseSharedTokens(agents: readonly AgentConfig[]): void {
  const seen = new Map<string, string>();
  for (const { name, subject } of agents) {
    const other = seen.get(subject);
    if (other !== undefined)
      throw new InputError(
        `${ROOT}: the clusters ${other} and ${name} have one agent.subject, ${subject}; give each its own token`,
      );
    seen.set(subject, name);
  }
}

/** The same name for two estates would add them up, as if it were one cluster. */
function refuseTwice(root: Config, names: readonly string[]): void {
  const manifests =
    root.getOptionalConfigArray('callgate.estate.manifests') ?? [];
  const ofManifests = new Set(
    manifests.flatMap(each => each.getOptionalString('cluster') ?? []),
  );
  const seen = new Set<string>();
  for (const name of names) {
    if (ofManifests.has(name))
      throw new InputError(
        `The cluster ${name} is in callgate.estate.manifests and is read live as well: take one of them out, or name it differently. Clusters of the Kubernetes plugin are left out with callgate.kubernetesPlugin.clusters.`,
      );
    if (seen.has(name))
      throw new InputError(
        `There are two clusters of the name ${name}: name one of them differently.`,
      );
    seen.add(name);
  }
}

export type { PluginCluster };
