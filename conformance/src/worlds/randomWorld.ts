import { focusedPolicy } from './focusedPolicy';
import { Random } from './Random';
import { randomAuthorizationPolicy } from './randomAuthorizationPolicy';
import { randomNetworkPolicy } from './randomNetworkPolicy';
import {
  portException,
  randomPeerAuthentication,
  strictMesh,
} from './randomPeerAuthentication';
import { withOddity } from './oddities';
import {
  randomWaypoints,
  waypointPods,
  withServiceLabels,
} from './randomWaypoints';
import { Manifest, World, WorldPort, WorldWorkload } from './types';

const NORMALIZATIONS = [
  'NONE',
  'BASE',
  'BASE',
  'MERGE_SLASHES',
  'DECODE_AND_MERGE_SLASHES',
] as const;

/**
 * Pods have addresses of this block, and nothing else has. Every address is a
 * loopback one, because Envoy tells who connects by the connection itself.
 */
export const POD_CIDR = '127.1.0.0/16';

type MeshMode = 'sidecar' | 'ambient';

/** What tells a proxy of the mesh where it is not the namespace that does. */
function meshLabels(
  { isHost, mesh, hbone }: Pick<WorldWorkload, 'isHost' | 'mesh' | 'hbone'>,
  mode: MeshMode,
): Record<string, string> {
  return {
    // A host with a service account has a proxy unless this says otherwise.
    ...(isHost &&
      mesh === 'none' && { 'security.istio.io/tlsMode': 'disabled' }),
    ...(!isHost &&
      mesh === 'none' &&
      mode === 'ambient' && { 'istio.io/dataplane-mode': 'none' }),
    ...(mesh === 'sidecar' &&
      hbone && { 'networking.istio.io/tunnel': 'http' }),
  };
}

/** Every other Service has other ports than its pods. */
function portsOf(random: Random, isHost: boolean): WorldPort[] {
  const isSame = isHost || random.chance(0.5);
  return [
    {
      name: 'http-api',
      number: 8080,
      servicePort: isSame ? 8080 : 80,
      speaks: 'http',
    },
    {
      name: 'tcp-db',
      number: 9090,
      servicePort: isSame ? 9090 : 5432,
      speaks: 'tcp',
    },
  ];
}

function workload(
  random: Random,
  index: number,
  modes: Readonly<Record<string, MeshMode>>,
): WorldWorkload {
  const name = `app-${index}`;
  const namespace = random.one(Object.keys(modes));
  const isHost = random.chance(0.12);
  const mode = modes[namespace];
  const inMesh = isHost ? 'sidecar' : mode;
  const mesh = random.chance(0.8) ? inMesh : 'none';
  const hbone =
    mesh === 'ambient' || (mesh === 'sidecar' && random.chance(0.25));
  return {
    namespace,
    name,
    labels: {
      app: name,
      tier: random.one(['front', 'back']),
      ...(random.chance(0.3) && { team: 'red' }),
      ...meshLabels({ isHost, mesh, hbone }, mode),
    },
    serviceAccount: random.chance(0.8) ? name : 'shared',
    mesh,
    hbone,
    isHost,
    // Hosts are where blocks of addresses are that policies name.
    ip: isHost ? `127.2.0.${index + 20}` : `127.1.1.${index + 1}`,
    ports: portsOf(random, isHost),
  };
}

/** Some workloads have the name and labels of another one in another namespace: only the namespace tells them apart. */
function withTwins(
  workloads: readonly WorldWorkload[],
  modes: Readonly<Record<string, MeshMode>>,
  random: Random,
): WorldWorkload[] {
  const [first] = workloads;
  const at = workloads.findIndex(
    ({ namespace, isHost }) =>
      namespace !== first.namespace &&
      modes[namespace] === modes[first.namespace] &&
      isHost === first.isHost,
  );
  if (at < 0 || !random.chance(0.4)) return [...workloads];
  return workloads.map((each, index) =>
    index === at ? { ...first, namespace: each.namespace, ip: each.ip } : each,
  );
}

/** A world of sidecars, of ambient pods or of both from a seed, with hosts among them: few ends, so that policies and calls meet. */
export function randomWorld(seed: number, withPolicies = true): World {
  const random = new Random(seed);
  const modes = random.one<Record<string, MeshMode>>([
    { shop: 'sidecar', ops: 'sidecar' },
    { shop: 'ambient', ops: 'ambient' },
    { shop: 'sidecar', ops: 'ambient' },
  ]);
  const names = Object.keys(modes);
  const ambient = names.filter(name => modes[name] === 'ambient');
  const lent = randomWaypoints(random, names, ambient);
  const namespaces = names.map(name => ({
    name,
    labels: {
      ...(modes[name] === 'sidecar'
        ? { 'istio-injection': 'enabled' }
        : { 'istio.io/dataplane-mode': 'ambient' }),
      ...lent.uses[name],
      ...(random.chance(0.6) && {
        team: random.one(['red', 'red', 'blue']),
      }),
    },
  }));
  const callable = withServiceLabels(
    withTwins(
      Array.from({ length: 3 + random.below(3) }, (_, index) =>
        workload(random, index, modes),
      ),
      modes,
      random,
    ),
    lent,
    random.fork(),
  );
  const waypoints = lent.waypoints.map((each, index) => ({
    ...each,
    workload: callable.length + index,
  }));
  const context: WorldContext = {
    random,
    namespaces: names,
    workloads: callable,
    withWaypoint: Object.keys(lent.uses),
    waypoints: lent.waypoints.map(({ namespace }) => namespace),
  };
  const several = (most: number, make: (index: number) => Manifest) =>
    Array.from({ length: random.below(most + 1) }, (_, index) => make(index));
  // Where other policies refuse, a mode of mutual TLS does not show.
  const isQuiet = random.chance(0.25);
  // Nor does one field where others decide.
  const isFocused = !isQuiet && random.chance(0.3);
  const policies = [
    ...(isQuiet ? [strictMesh(), portException(context)] : []),
    ...(isFocused ? [focusedPolicy(context)] : []),
    ...(isQuiet || isFocused
      ? []
      : [
          ...several(3, index => randomNetworkPolicy(context, `np-${index}`)),
          ...several(4, index =>
            randomAuthorizationPolicy(context, `ap-${index}`),
          ),
        ]),
    ...several(isQuiet || isFocused ? 1 : 3, index =>
      randomPeerAuthentication(context, `pa-${index}`),
    ),
  ];
  return {
    seed,
    namespaces: [...namespaces, ...lent.more],
    workloads: [
      ...callable,
      ...lent.waypoints.map(({ namespace }, index) =>
        waypointPods(namespace, index),
      ),
    ],
    waypoints,
    policies: withPolicies ? withOddity(policies, random.fork()) : [],
    mesh: {
      rootNamespace: 'istio-system',
      trustDomain: 'cluster.local',
      aliases: random.chance(0.3) ? ['old.local'] : [],
      pathNormalization: random.one(NORMALIZATIONS),
    },
  };
}

/** What a random policy is made in the sight of. */
export interface WorldContext {
  random: Random;
  namespaces: readonly string[];
  workloads: readonly WorldWorkload[];
  /** Namespaces whose Services ask for a waypoint. */
  withWaypoint: readonly string[];
  /** Namespaces that waypoints are in. */
  waypoints: readonly string[];
}
