import { parseCidr } from '../net/cidr';
import { PlatformProfile } from '../profile/types';
import { asArray, asJson, asLabels, asText, Json } from './json';
import { groupOf } from './podTemplates';
import { labelsOfPods } from './podLabels';
import { isTaken } from './refusedObjects';
import { sendsHbone, TUNNEL_LABEL } from './sendsHbone';
import {
  ContainerPort,
  KubernetesObject,
  Labels,
  ManifestObject,
  Workload,
} from './types';

const AUTO_REGISTERED = 'istio.io/autoRegistrationGroup';
const TLS_MODE = 'security.istio.io/tlsMode';

/** What reading hosts needs to know about their cluster. */
interface HostContext {
  cluster: string;
  namespaceOf: (object: KubernetesObject) => string;
  profile: PlatformProfile;
}

/** Ports of an entry: numbers by the names of the Service ports that lead to them. */
function portsOf(ports: unknown): ContainerPort[] {
  return Object.entries(asJson(ports))
    .filter(
      (entry): entry is [string, number] =>
        Number.isInteger(entry[1]) &&
        Number(entry[1]) > 0 &&
        Number(entry[1]) < 65536,
    )
    .map(([name, port]) => ({ name, port, protocol: 'TCP' as const }));
}

/** The address of an entry as a block; nothing for names and sockets. */
function addressesOf(entry: Json): string[] {
  const address = asText(entry.address);
  if (address === undefined || address.includes('/')) return [];
  return parseCidr(address) ? [address] : [];
}

/**
 * Does a proxy of the mesh stand on the host? As istiod reads it: the label
 * says, and where there is none, an entry with a service account has one
 * (`pilot/pkg/serviceregistry/serviceentry/conversion.go`, `getTLSModeFromWorkloadEntry`).
 */
function hasProxy(labels: Labels, serviceAccount: string | undefined): boolean {
  const mode = labels[TLS_MODE];
  return mode === undefined ? serviceAccount !== undefined : mode === 'istio';
}

function toWorkload(
  { object, at }: ManifestObject,
  ends: { kind: string; name: string },
  entry: Json,
  labels: Labels,
  { cluster, namespaceOf, profile }: HostContext,
): Workload {
  const namespace = namespaceOf(object);
  const serviceAccount = asText(entry.serviceAccount);
  // Whatever registers itself at istiod is a proxy.
  const proxied =
    ends.kind === 'WorkloadGroup' || hasProxy(labels, serviceAccount);
  const network = asText(entry.network);
  return {
    id: `${namespace}/${ends.kind}/${ends.name}`,
    cluster,
    namespace,
    ...ends,
    podLabels: labels,
    labels: asLabels(object.metadata.labels),
    objectAnnotations: asLabels(object.metadata.annotations),
    annotations: {},
    serviceAccount: serviceAccount ?? 'default',
    containerPorts: portsOf(entry.ports),
    hostNetwork: false,
    replicas: ends.kind === 'WorkloadGroup' ? 'many' : 'one',
    mesh: proxied ? 'sidecar' : 'none',
    meshIsGuess: false,
    runsOn: 'host',
    addresses: addressesOf(entry),
    ...(network === undefined ? {} : { network }),
    hbone: proxied && labels[TUNNEL_LABEL] === 'http',
    sendsHbone: sendsHbone(
      proxied ? 'sidecar' : 'none',
      { labels, annotations: {} },
      profile.mesh,
    ),
    inboundExcludedPorts: [],
    at,
  };
}

/** The WorkloadGroup for which istiod made an entry, when a proxy registered itself. */
function groupNameOf({ metadata }: KubernetesObject): string | undefined {
  const owner = asArray(metadata.ownerReferences)
    .map(asJson)
    .find(({ kind }) => kind === 'WorkloadGroup');
  return (
    asText(asLabels(metadata.annotations)[AUTO_REGISTERED]) ??
    asText(owner?.name)
  );
}

/**
 * Hosts outside the cluster that Istio knows as workloads: WorkloadGroups, and
 * WorkloadEntries that no group made; those that one made are its addresses.
 * Labels of an entry are those of its `spec` and of its metadata, which go
 * before (`ConvertWorkloadEntry`, the same package).
 */
export function readHosts(
  objects: readonly ManifestObject[],
  context: HostContext,
): Workload[] {
  const hosts = new Map<string, Workload>();
  const registered = new Map<string, Labels[]>();
  const ofIstio = (kind: string) =>
    objects.filter(
      ({ object }) =>
        object.kind === kind &&
        groupOf(object) === 'networking.istio.io' &&
        isTaken(object),
    );
  for (const manifest of ofIstio('WorkloadGroup')) {
    const { object } = manifest;
    const spec = asJson(object.spec);
    const template = asJson(spec.template);
    const labels = {
      ...asLabels(template.labels),
      ...asLabels(asJson(spec.metadata).labels),
    };
    const ends = { kind: object.kind, name: object.metadata.name };
    const host = toWorkload(manifest, ends, template, labels, context);
    hosts.set(host.id, host);
  }
  for (const manifest of ofIstio('WorkloadEntry')) {
    const { object } = manifest;
    const entry = asJson(object.spec);
    const labels = {
      ...asLabels(entry.labels),
      ...asLabels(object.metadata.labels),
    };
    const group = groupNameOf(object);
    const ends =
      group === undefined
        ? { kind: object.kind, name: object.metadata.name }
        : { kind: 'WorkloadGroup', name: group };
    const host = toWorkload(manifest, ends, entry, labels, context);
    const known = hosts.get(host.id);
    const addresses = [
      ...new Set([...(known?.addresses ?? []), ...(host.addresses ?? [])]),
    ].sort();
    hosts.set(host.id, { ...(known ?? host), addresses });
    registered.set(host.id, [...(registered.get(host.id) ?? []), labels]);
  }
  // Entries of a group may have labels of their own, as pods of a workload may.
  return [...hosts.values()].map(host => ({
    ...host,
    ...labelsOfPods(
      host.podLabels,
      { certain: {}, varying: {} },
      registered.get(host.id) ?? [],
    ),
  }));
}
