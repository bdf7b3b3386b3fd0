import { fenced } from '../fence';
import { Finding, finding } from '../findings';
import { keyed } from '../keyed';
import { defaultPlatformProfile } from '../profile/defaultPlatformProfile';
import { discoverProfile } from '../profile/discover/discoverProfile';
import { PlatformProfile } from '../profile/types';
import { SourcePosition } from '../source';
import { asLabels, asText } from './json';
import { isNotRead, notReadFindings } from './notRead';
import { groupOf, hasPodTemplate } from './podTemplates';
import { readEntryService, readHostEntry, readService } from './readServices';
import { formatField } from './fieldPath';
import { isTaken, refusalsOf } from './refusedObjects';
import { ProxyConfigs } from './proxyConfigs';
import { readHosts } from './readHosts';
import { readProxies } from './readProxies';
import { groupKindOf, readWorkloads } from './readWorkloads';
import { operatorPodsUnknown } from './operatorPods';
import { unknownWorkloadKinds } from './unknownWorkloadKinds';
import {
  Cluster,
  HostEntry,
  KubernetesObject,
  ManifestObject,
  MeshMode,
  Namespace,
  Service,
} from './types';

/**
 * The label that the API server sets on every namespace.
 *
 * @public
 */
export const NAMESPACE_NAME_LABEL = 'kubernetes.io/metadata.name';

/** Kinds that live outside namespaces, as far as they say anything about access. */
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'Node',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PersistentVolume',
  'StorageClass',
  'PriorityClass',
  'GatewayClass',
  'IngressClass',
  'CiliumClusterwideNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'GlobalNetworkPolicy',
  'GlobalNetworkSet',
  'IPPool',
  'CiliumPodIPPool',
  'ServiceCIDR',
]);

/**
 * The namespace of an object; `default` where its manifest names none, empty
 * for objects outside namespaces.
 *
 * @public
 */
export function namespaceOf(object: KubernetesObject): string {
  if (CLUSTER_SCOPED.has(object.kind)) return '';
  const namespace = object.metadata.namespace;
  return typeof namespace === 'string' && namespace !== ''
    ? namespace
    : 'default';
}

/** What tells objects apart: applying one of the same id replaces it. */
export const idOf = keyed(
  (object: KubernetesObject) =>
    `${groupKindOf(object)} ${namespaceOf(object)}/${object.metadata.name}`,
);

/** Is the object of a mesh, so that pods may have a proxy that no manifest shows? */
export function isMeshEvidence(object: KubernetesObject): boolean {
  const group = groupOf(object);
  if (group === 'security.istio.io' || group === 'networking.istio.io')
    return true;
  return labelsNamespace(object);
}

/** Does the object put a namespace into a mesh, or expressly out of it? */
function labelsNamespace(object: KubernetesObject): boolean {
  const labels = asLabels(object.metadata.labels);
  const known = ['istio-injection', 'istio.io/dataplane-mode', 'istio.io/rev'];
  return object.kind === 'Namespace' && known.some(label => label in labels);
}

/** The last of several manifests of one object wins, as it does when they are applied one after the other. */
function withoutDuplicates(objects: readonly ManifestObject[]): {
  unique: ManifestObject[];
  findings: Finding[];
} {
  const byId = new Map<string, ManifestObject>();
  const findings: Finding[] = [];
  for (const manifest of objects) {
    const { object } = manifest;
    // Each is about objects of its own: one that somebody writes must not take the place of a reader's.
    if (isNotRead(manifest)) {
      byId.set(`${idOf(object)} ${byId.size}`, manifest);
      continue;
    }
    const id = idOf(object);
    const earlier = byId.get(id);
    if (
      earlier &&
      object.metadata.name !== '' &&
      JSON.stringify(earlier.object) !== JSON.stringify(object)
    ) {
      findings.push(
        finding(
          'duplicate-object',
          `${object.kind} ${namespaceOf(object)}/${
            object.metadata.name
          } is given twice with different content; this one, the later, is used.`,
          {
            at: manifest.at,
            objects: [
              `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`,
            ],
          },
        ),
      );
    }
    // Objects without a name are not the same object.
    byId.set(object.metadata.name === '' ? `${id} ${byId.size}` : id, manifest);
  }
  return { unique: [...byId.values()], findings };
}

function readNamespaces(
  objects: readonly ManifestObject[],
  profile: PlatformProfile,
): Map<string, Namespace> {
  const namespaces = new Map<string, Namespace>();
  for (const { object, at } of objects) {
    if (groupKindOf(object) === '/Namespace') {
      const { name } = object.metadata;
      const labels = {
        ...asLabels(object.metadata.labels),
        [NAMESPACE_NAME_LABEL]: name,
      };
      namespaces.set(name, {
        name,
        labels,
        annotations: asLabels(object.metadata.annotations),
        at,
      });
    }
  }
  for (const { object } of objects) {
    const name = namespaceOf(object);
    const matters =
      hasPodTemplate(object, profile) ||
      /istio\.io$|^(gateway\.)?networking\.k8s\.io$|^$/.test(groupOf(object));
    if (name === '' || !matters || namespaces.has(name)) continue;
    namespaces.set(name, {
      name,
      labels: { [NAMESPACE_NAME_LABEL]: name },
      annotations: {},
    });
  }
  return new Map([...namespaces].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @public */
export interface BuildClusterInput {
  name: string;
  objects: readonly ManifestObject[];
  /** What it does not state is found in the objects where it can be. Default: nothing is stated. */
  profile?: PlatformProfile;
  /** What runs beside pods when manifests do not say it. Stating it makes it a fact. */
  mesh?: 'detect' | MeshMode;
  /** Namespace to which manifests are applied that name none. Default: what the profile says, else `default`, with a finding. */
  namespace?: string;
}

/**
 * One cluster from its objects. Namespaces that are only mentioned exist.
 * Objects that say nothing about access are kept in `objects` and otherwise
 * passed over.
 *
 * @public
 */
export function buildCluster(input: BuildClusterInput): {
  cluster: Cluster;
  findings: Finding[];
} {
  return fenced(
    () => build(input),
    reason => buildApart(input, reason),
  );
}

/**
 * The cluster without the objects that make a reader throw: each is an error by itself. Where none does, nothing of the
 * cluster is known.
 */
function buildApart(input: BuildClusterInput, reason: string): BuiltCluster {
  const odd = new Set(
    input.objects.filter(manifest =>
      fenced(
        () => {
          build({ ...input, objects: [manifest] });
          return false;
        },
        () => true,
      ),
    ),
  );
  const rest = input.objects.filter(manifest => !odd.has(manifest));
  const refused = (what: string, at?: SourcePosition) =>
    finding(
      'estate-not-readable',
      `${what} of the cluster ${input.name} has a form that is not known, and is left out`,
      { objects: [what], data: { reason }, ...(at && { at }) },
    );
  const named = [...odd].map(({ object, at }) =>
    refused(
      `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`,
      at,
    ),
  );
  const without = (objects: readonly ManifestObject[], more: Finding[]) => {
    const { cluster, findings } = build({ ...input, objects });
    return { cluster, findings: [...more, ...findings] };
  };
  return fenced(
    () =>
      without(
        odd.size > 0 ? rest : [],
        odd.size > 0 ? named : [refused('The estate')],
      ),
    () => without([], [refused('The estate')]),
  );
}

/** What the API server would say to an object of which nothing is read then. */
function refusals(manifest: ManifestObject): Finding[] {
  const { object } = manifest;
  const name = `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`;
  return refusalsOf(object).map(({ path, message }) => {
    const at = manifest.locate?.(path) ?? manifest.at;
    return finding(
      'invalid-object',
      `${name}: ${formatField(path)} ${message}. Nothing is read from it.`,
      { at, objects: [name] },
    );
  });
}

/** What names no namespace is in this one, as `kubectl apply --namespace` has it. */
function inNamespace(
  objects: readonly ManifestObject[],
  namespace: string,
): ManifestObject[] {
  return objects.map(manifest => {
    const { object } = manifest;
    if (CLUSTER_SCOPED.has(object.kind) || asText(object.metadata.namespace))
      return manifest;
    // Without a namespace it is about the whole cluster.
    if (isNotRead(manifest)) return manifest;
    const metadata = { ...object.metadata, namespace };
    return { ...manifest, object: { ...object, metadata } };
  });
}

/** Kinds in a namespace of which it matters in which one. */
const IN_NAMESPACE =
  /^(apps|batch|extensions|networking\.k8s\.io|gateway\.networking\.k8s\.io|[a-z]+\.istio\.io)\/|^\/(Pod|Service|ServiceAccount|ReplicationController)$/;

/** Renderers leave out the namespace that whoever applies their output chooses: what is read as `default` may be elsewhere. */
function namespaceAssumed(objects: readonly ManifestObject[]): Finding[] {
  const without = objects.filter(
    ({ object }) =>
      !asText(object.metadata.namespace) &&
      namespaceOf(object) === 'default' &&
      IN_NAMESPACE.test(groupKindOf(object)),
  );
  if (without.length === 0) return [];
  const names = without.map(
    ({ object }) => `${object.kind} ${object.metadata.name}`,
  );
  return [
    finding(
      'namespace-assumed',
      without.length === 1
        ? `${names[0]} names no namespace, and is read as if applied to default.`
        : `${without.length} objects name no namespace (${names[0]} is the first), and are read as if applied to default.`,
      { at: without[0].at, objects: names },
    ),
  ];
}

interface BuiltCluster {
  cluster: Cluster;
  findings: Finding[];
}

function build(input: BuildClusterInput): BuiltCluster {
  const given = input.profile ?? defaultPlatformProfile(input.name);
  const applied = input.namespace ?? given.namespace;
  const { unique, findings } = withoutDuplicates(
    applied === undefined ? input.objects : inNamespace(input.objects, applied),
  );
  const { profile, findings: ofPlatform } = discoverProfile(given, unique);
  const namespaces = readNamespaces(unique, profile);
  const option = input.mesh ?? 'detect';
  const stated = option === 'detect' ? profile.mesh.mode : option;
  const workloads = readWorkloads(unique, {
    cluster: input.name,
    profile,
    namespaces,
    ...(stated ? { stated } : {}),
    proxyConfigs: new ProxyConfigs(
      unique,
      profile.mesh.rootNamespace,
      namespaceOf,
    ),
    mesh: {
      hasMesh: unique.some(({ object }) => isMeshEvidence(object)),
      labelsNamespaces: unique.some(({ object }) => labelsNamespace(object)),
    },
    namespaceOf,
  });
  const onHosts = readHosts(unique, {
    cluster: input.name,
    namespaceOf,
    profile,
  });
  const proxies = readProxies(unique, workloads, {
    cluster: input.name,
    profile,
    namespaceOf,
  });
  const services: Service[] = [];
  const hosts: HostEntry[] = [];
  for (const manifest of unique) {
    const { object } = manifest;
    const namespace = namespaceOf(object);
    if (groupKindOf(object) === '/Service')
      services.push(readService(manifest, input.name, namespace));
    if (
      groupOf(object) === 'networking.istio.io' &&
      /^(Service|Workload)Entry$/.test(object.kind) &&
      isTaken(object)
    ) {
      hosts.push(readHostEntry(manifest, input.name, namespace));
      const service = readEntryService(manifest, input.name, namespace);
      if (service) services.push(service);
    }
  }
  const byId = (a: { id: string }, b: { id: string }) =>
    a.id < b.id ? -1 : Number(a.id > b.id);
  return {
    cluster: {
      name: input.name,
      profile,
      namespaces,
      workloads: [...workloads, ...onHosts, ...proxies.madeUp].sort(byId),
      services: services.sort(byId),
      hosts: hosts.sort(byId),
      waypoints: proxies.waypoints,
      gateways: proxies.gateways,
      objects: unique,
      meshOption: option,
      profileOption: given,
    },
    findings: [
      ...findings,
      ...ofPlatform,
      ...unique.flatMap(refusals),
      ...notReadFindings({ name: input.name, objects: unique, profile }),
      ...namespaceAssumed(unique),
      ...unknownWorkloadKinds(unique, profile, namespaceOf),
      ...operatorPodsUnknown(unique, workloads, profile, namespaceOf),
    ],
  };
}
