import type { Config } from '@backstage/config';
import {
  asJson,
  asText,
  checkUrl,
  type Credentials,
} from '@callgate/cluster-reader';
import { InputError } from '@backstage/errors';
import path from 'node:path';

/** A cluster of Backstage's Kubernetes plugin: how to reach it, or why it is not read. */
export type PluginCluster = { name: string; key: string } & (
  | { credentials: Credentials }
  | { problem: string }
);

/**
 * Reads `kubernetes.clusterLocatorMethods`, as Backstage documents it ("Configuring Kubernetes integration"): what is there
 * is not configured a second time. `callgate.kubernetesPlugin.clusters` names those that are wanted; by default all.
 *
 * @throws InputError for a name that is wanted and is not there
 */
export function readPluginClusters(root: Config): {
  clusters: PluginCluster[];
  notes: string[];
} {
  const wanted = root.getOptionalStringArray(
    'callgate.kubernetesPlugin.clusters',
  );
  const clusters: PluginCluster[] = [];
  const notes: string[] = [];
  const methods =
    root.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [];
  methods.forEach((method, index) => {
    const key = `kubernetes.clusterLocatorMethods[${index}]`;
    const type = method.getOptionalString('type');
    if (type !== 'config') {
      if (wanted === undefined)
        notes.push(
          `${key}: clusters that ${type} finds are not read by Callgate, which knows only those that are listed (type config); name them in callgate.clusters.`,
        );
      return;
    }
    const entries = method.getOptionalConfigArray('clusters') ?? [];
    entries.forEach((entry, at) => {
      const name = entry.getString('name');
      if (wanted && !wanted.includes(name)) return;
      clusters.push({
        name,
        key: `${key}.clusters[${at}]`,
        ...reached(entry, name),
      });
    });
  });
  const missing = wanted?.find(
    name => !clusters.some(each => each.name === name),
  );
  if (missing !== undefined)
    throw new InputError(
      `callgate.kubernetesPlugin.clusters names ${missing}, and kubernetes.clusterLocatorMethods lists no such cluster`,
    );
  return { clusters, notes };
}

function reached(
  entry: Config,
  name: string,
): { credentials: Credentials } | { problem: string } {
  // Keys with dots and slashes are none that a path could name.
  const provider =
    entry.getOptionalString('authProvider') ??
    asText(
      asJson(entry.getOptional('authMetadata'))['kubernetes.io/auth-provider'],
    );
  const refuse = (why: string) => ({
    problem: `The cluster ${name} of the Kubernetes plugin is not read: ${why} Give it an entry of its own in callgate.clusters and leave it out of callgate.kubernetesPlugin.clusters, or leave it out alone.`,
  });
  if (provider !== 'serviceAccount')
    return refuse(
      `it is asked as ${
        provider ?? 'nobody'
      } (authProvider), and Callgate reads by itself, with a service account's token.`,
    );
  const url = entry.getString('url');
  const problem = checkUrl(url);
  if (problem) return refuse(`its url ${problem}.`);
  const token = entry.getOptionalString('serviceAccountToken');
  const caData = entry.getOptionalString('caData');
  const caFile = entry.getOptionalString('caFile');
  return {
    credentials: {
      type: 'token',
      url,
      ...(token !== undefined && { token }),
      ...(caData !== undefined && { caData }),
      ...(caFile !== undefined && { caFile: path.resolve(caFile) }),
      skipTLSVerify: entry.getOptionalBoolean('skipTLSVerify') ?? false,
    },
  };
}
