import {
  amendWorld,
  buildCluster,
  Call,
  Cluster,
  createWorld,
  defaultPlatformProfile,
  evaluate,
  loadManifests,
  Verdict,
  World as PolicyWorld,
} from '@callgate/policy';
import { plumbingOf } from '../worlds/platform';
import { podLabels } from '../worlds/podLabels';
import { POD_CIDR } from '../worlds/randomWorld';
import {
  idOf,
  Manifest,
  World,
  WorldCall,
  WorldWorkload,
} from '../worlds/types';
import { waypointManifest } from '../worlds/waypointManifest';

function annotationsOf(mesh: WorldWorkload['mesh']) {
  return mesh === 'none'
    ? { annotations: { 'sidecar.istio.io/inject': 'false' } }
    : {};
}

function containerPorts(ports: WorldWorkload['ports']) {
  return ports.map(({ name, number, protocol }) => ({
    name,
    containerPort: number,
    ...(protocol && { protocol }),
  }));
}

function deploymentOf({
  namespace,
  name,
  labels,
  serviceAccount,
  mesh,
  ports,
  set,
}: WorldWorkload): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: set ? 'StatefulSet' : 'Deployment',
    metadata: { name, namespace },
    spec: {
      ...(set && { replicas: 2, serviceName: name }),
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          ...annotationsOf(mesh),
        },
        spec: {
          serviceAccountName: serviceAccount,
          containers: [
            {
              name: 'main',
              ports: containerPorts(ports),
            },
          ],
        },
      },
    },
  };
}

/** Pods that run, where they do not all have the same labels. */
function podsOf(workload: WorldWorkload): Manifest[] {
  const { namespace, name, serviceAccount, ports, set } = workload;
  if (!set?.hasRoles) return [];
  return ([0, 1] as const).map(pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${pod}`,
      namespace,
      labels: podLabels({ ...workload, set: { ...set, pod } }),
      ...annotationsOf(workload.mesh),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name, controller: true },
      ],
    },
    spec: {
      serviceAccountName: serviceAccount,
      containers: [
        { name: 'main', ports: containerPorts(ports) },
        ...(workload.mesh === 'sidecar' ? [{ name: 'istio-proxy' }] : []),
      ],
    },
  }));
}

function serviceOf(workload: WorldWorkload): Manifest {
  const { namespace, name, ports, serviceLabels: labels } = workload;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, ...(labels && { labels }) },
    spec: {
      selector: { app: name },
      ports: ports.map(
        ({ name: port, number, servicePort, speaks, says, protocol }) => ({
          name: port,
          port: servicePort,
          targetPort: number,
          ...(protocol ? { protocol } : { appProtocol: says ?? speaks }),
        }),
      ),
    },
  };
}

/** A host, and how it is called by name. */
function hostOf(host: WorldWorkload): Manifest[] {
  const { namespace, name, labels, serviceAccount, ip, moreIps, ports } = host;
  const apiVersion = 'networking.istio.io/v1';
  const entryOf = (address: string, entry: Manifest['metadata']): Manifest => ({
    apiVersion,
    kind: 'WorkloadEntry',
    metadata: { ...entry, namespace },
    spec: { address, labels, serviceAccount },
  });
  const annotations = { 'istio.io/autoRegistrationGroup': name };
  const entries = moreIps
    ? [
        {
          apiVersion,
          kind: 'WorkloadGroup',
          metadata: { name, namespace },
          spec: { metadata: { labels }, template: { serviceAccount } },
        },
        ...[ip, ...moreIps].map(address =>
          entryOf(address, { name: `${name}-${address}`, annotations }),
        ),
      ]
    : [entryOf(ip, { name })];
  return [
    ...entries,
    {
      apiVersion,
      kind: 'ServiceEntry',
      metadata: { name, namespace },
      spec: {
        hosts: [`${name}.${namespace}.example`],
        location: 'MESH_INTERNAL',
        resolution: 'STATIC',
        ports: ports.map(({ name: port, number, speaks, says }) => ({
          name: port,
          number,
          protocol: (says ?? speaks).toUpperCase(),
        })),
        workloadSelector: { labels: { app: name } },
      },
    },
  ];
}

function workloadManifests(workload: WorldWorkload): Manifest[] {
  if (workload.isHost) return workload.isPlatform ? [] : hostOf(workload);
  if (workload.gateway) return [ingressOf(workload, workload.gateway)];
  return workload.ports.length > 0
    ? [deploymentOf(workload), ...podsOf(workload), serviceOf(workload)]
    : [deploymentOf(workload)];
}

function ingressOf({ namespace }: WorldWorkload, name: string): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: {
      gatewayClassName: 'istio',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    },
  };
}

/** The manifests of a world, as they would lie in a repository. */
export function manifestsOf(world: World): Manifest[] {
  return [
    ...world.namespaces.map(
      ({ name, labels }): Manifest => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels },
      }),
    ),
    ...world.workloads.flatMap(workloadManifests),
    ...world.waypoints.map(waypointManifest),
    ...world.policies,
    ...(world.foreign ?? []).map(({ manifest }) => manifest),
  ];
}

/** Objects as they are read from a file. */
function read(manifests: readonly Manifest[]) {
  const text = manifests.map(each => JSON.stringify(each)).join('\n---\n');
  const { objects, findings } = loadManifests([{ path: 'world.yaml', text }]);
  if (findings.length > 0) throw new Error(findings[0].message);
  return objects;
}

/** The world's cluster as Callgate reads it: from text, and with a platform profile that leaves nothing to guess. */
export function clusterOf(world: World): Cluster {
  const objects = read(manifestsOf(world));
  const profile = defaultPlatformProfile('c');
  const { rootNamespace, trustDomain, aliases, pathNormalization } = world.mesh;
  return buildCluster({
    name: 'c',
    objects,
    profile: {
      ...profile,
      guesses: [],
      ...plumbingOf(world),
      network: { ...profile.network, podCidrs: [POD_CIDR] },
      mesh: {
        ...profile.mesh,
        rootNamespace,
        istioVersion: '1.30.0',
        // What takes HBONE says so by a label.
        sidecarHbone: false,
        trustDomain,
        trustDomainAliases: aliases,
        pathNormalization,
      },
    },
  }).cluster;
}

/** The world as Callgate judges it. */
export function policyWorldOf(world: World): PolicyWorld {
  return createWorld([clusterOf(world)]);
}

/** The same world with other policies, made of the one before as the portal does it. */
export function amendedWorldOf(
  policyWorld: PolicyWorld,
  before: World,
  after: World,
): PolicyWorld {
  const gone = before.policies.filter(each => !after.policies.includes(each));
  const isGone = ({ kind, metadata }: Manifest) =>
    gone.some(
      each =>
        each.kind === kind &&
        each.metadata.name === metadata.name &&
        each.metadata.namespace === metadata.namespace,
    );
  return amendWorld(policyWorld, {
    apply: read(after.policies.filter(each => !before.policies.includes(each))),
    remove: policyWorld.clusters[0].objects.filter(({ object }) =>
      isGone(object as unknown as Manifest),
    ),
  });
}

/** The call as Callgate is asked about it. */
export function callOf(world: World, asked: WorldCall): Call {
  const { from, to, port, protocol, http, via } = asked;
  const provider = world.workloads[to];
  const service = `${provider.namespace}/${provider.name}`;
  const named = provider.ports.find(({ number }) => number === port);
  return {
    from: typeof from === 'string' ? from : idOf(world.workloads[from]),
    to: idOf(provider),
    port,
    protocol,
    ...(protocol === 'TCP' && {
      via: via === 'pod' ? via : { service, port: named?.servicePort ?? port },
    }),
    ...(http && {
      http: { method: http.method, path: http.path, host: http.host },
    }),
  };
}

/** What Callgate says about a call. */
export function callgateVerdict(
  policyWorld: PolicyWorld,
  world: World,
  call: WorldCall,
): Verdict {
  return evaluate(policyWorld, callOf(world, call));
}
