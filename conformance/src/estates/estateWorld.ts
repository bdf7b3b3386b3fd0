import { PlatformProfile } from '@callgate/policy';
import { Manifest, World, WorldPort, WorldWorkload } from '../worlds/types';

/** What runs in a cluster as engines are asked about it, read from its manifests by ourselves. */
export interface EstateWorld {
  /** Without policies. */
  world: World;
  /** `namespace/Kind/name` of each workload, as Callgate names it. */
  ids: readonly string[];
  /** Workloads of more than one pod, as indices: only they are called by themselves. */
  several: ReadonlySet<number>;
}

type Labels = Record<string, string>;

interface Template {
  metadata?: { labels?: Labels; annotations?: Labels };
  spec?: {
    serviceAccountName?: string;
    hostNetwork?: boolean;
    containers?: {
      ports?: { name?: string; containerPort: number; protocol?: string }[];
    }[];
  };
}

interface ServiceSpec {
  selector?: Labels;
  ports?: {
    name?: string;
    port: number;
    targetPort?: number | string;
    protocol?: string;
    appProtocol?: string;
  }[];
}

const CONTROLLERS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
];

/** The kinds of policies that engines are asked about. */
const POLICIES = ['NetworkPolicy', 'AuthorizationPolicy', 'PeerAuthentication'];

/** What of a cluster's objects is a policy, with the namespace that it is applied to. */
export function policiesOf(
  objects: readonly Manifest[],
  { namespace = 'default' }: PlatformProfile,
): Manifest[] {
  return objects
    .filter(({ kind }) => POLICIES.includes(kind))
    .map(each => ({ ...each, metadata: { namespace, ...each.metadata } }));
}

function templateOf({ kind, spec }: Manifest): Template {
  const { jobTemplate } = (spec ?? {}) as {
    jobTemplate?: { spec?: { template?: Template } };
  };
  return kind === 'CronJob'
    ? jobTemplate?.spec?.template ?? {}
    : (spec?.template as Template) ?? {};
}

export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Injection by pod, else by namespace, else what the profile says (istio, "Installing the Sidecar", "Ambient"). */
function meshOf(
  pod: Labels,
  home: Labels,
  mode: WorldWorkload['mesh'] = 'none',
): WorldWorkload['mesh'] {
  if (pod['sidecar.istio.io/inject'] === 'false') return 'none';
  if (pod['sidecar.istio.io/inject'] === 'true') return 'sidecar';
  const plane =
    pod['istio.io/dataplane-mode'] ?? home['istio.io/dataplane-mode'];
  if (home['istio-injection'] === 'enabled') return 'sidecar';
  if (plane !== undefined) return plane === 'ambient' ? 'ambient' : 'none';
  return mode;
}

function isOfWaypoint(labels: Labels): boolean {
  const gatewayClass = labels['gateway.networking.k8s.io/gateway-class-name'];
  return gatewayClass === 'istio-waypoint';
}

/** By protocol or by the first part of the name (istio, "Protocol Selection"). */
function speaks(port: { name?: string; appProtocol?: string }): string {
  return port.appProtocol ?? port.name?.split('-')[0] ?? 'tcp';
}

/** Ports of pods that a Service names. Others are in no question: sidecars capture them, and istiod has no mode for them. */
function portsOf(
  template: Template,
  services: readonly ServiceSpec[],
): WorldPort[] {
  const own = (template.spec?.containers ?? []).flatMap(
    ({ ports = [] }) => ports,
  );
  const found = new Map<number, WorldPort>();
  for (const port of services.flatMap(({ ports = [] }) => ports)) {
    const { targetPort = port.port } = port;
    const named = own.find(
      each => each.name === targetPort || each.containerPort === targetPort,
    );
    const number = named?.containerPort ?? targetPort;
    if (typeof number !== 'number' || (port.protocol ?? 'TCP') !== 'TCP')
      continue;
    const says = speaks(port);
    found.set(number, {
      name: named?.name ?? `port-${number}`,
      number,
      servicePort: port.port,
      speaks: /^(http|http2|grpc)$/.test(says) ? 'http' : 'tcp',
      ...(says === 'grpc' && { says }),
    });
  }
  return [...found.values()];
}

/**
 * The cluster of manifests. Hosts of a WorkloadEntry are in none of it, and neither are pods in the network of their node, about
 * which no network policy is.
 */
export function estateWorld(
  seed: number,
  objects: readonly Manifest[],
  profile: PlatformProfile,
): EstateWorld {
  const { namespace: home = 'default', mesh } = profile;
  const placeOf = ({ metadata }: Manifest) => metadata.namespace ?? home;
  const controllers = objects.filter(
    each =>
      CONTROLLERS.includes(each.kind) && !templateOf(each).spec?.hostNetwork,
  );
  const namespaces = new Map<string, Labels>();
  for (const name of [mesh.rootNamespace, ...objects.map(placeOf)])
    namespaces.set(name, { 'kubernetes.io/metadata.name': name });
  for (const { kind, metadata } of objects)
    if (kind === 'Namespace')
      namespaces.set(metadata.name, {
        'kubernetes.io/metadata.name': metadata.name,
        ...(metadata.labels as Labels),
      });
  const workloads = controllers.map((each, index): WorldWorkload => {
    const template = templateOf(each);
    const namespace = placeOf(each);
    const labels = template.metadata?.labels ?? {};
    const isGateway =
      template.metadata?.annotations?.['inject.istio.io/templates'] ===
      'gateway';
    const isWaypoint = isOfWaypoint(labels);
    const services = objects.flatMap(other => {
      const spec = (other.spec ?? {}) as ServiceSpec;
      return other.kind === 'Service' &&
        placeOf(other) === namespace &&
        spec.selector &&
        hasLabels(labels, spec.selector)
        ? [spec]
        : [];
    });
    const own = meshOf(labels, namespaces.get(namespace) ?? {}, mesh.mode);
    return {
      namespace,
      name: each.metadata.name,
      labels,
      serviceAccount: template.spec?.serviceAccountName ?? 'default',
      mesh: own,
      hbone: own === 'ambient' || isWaypoint,
      isHost: false,
      ip: `127.1.${Math.floor(index / 200) + 1}.${(index % 200) + 1}`,
      ...(each.kind === 'StatefulSet' && {
        set: { pod: 0 as const, hasRoles: false },
      }),
      // What a proxy on its own serves is no port of a workload.
      ports: isGateway || isWaypoint ? [] : portsOf(template, services),
    };
  });
  const waypoints = workloads.flatMap(({ namespace, labels }, workload) => {
    const name = labels['gateway.networking.k8s.io/gateway-name'];
    return isOfWaypoint(labels) ? [{ namespace, name, workload }] : [];
  });
  const { rootNamespace, trustDomain, trustDomainAliases } = mesh;
  return {
    world: {
      seed,
      namespaces: [...namespaces].map(([name, labels]) => ({ name, labels })),
      workloads,
      waypoints,
      policies: [],
      mesh: {
        rootNamespace,
        trustDomain,
        aliases: [...trustDomainAliases],
        pathNormalization: mesh.pathNormalization,
      },
    },
    ids: controllers.map(
      each => `${placeOf(each)}/${each.kind}/${each.metadata.name}`,
    ),
    several: new Set(
      controllers.flatMap(({ kind, spec }, index) =>
        kind === 'DaemonSet' || Number(spec?.replicas ?? 1) > 1 ? [index] : [],
      ),
    ),
  };
}
