import { Random } from './Random';
import { Lending, World, WorldWaypoint, WorldWorkload } from './types';
import { usesWaypoint } from './waypointOf';

/** Where waypoints are that no team has beside its own workloads. */
const SHARED = 'infra';

/** Waypoints of a world, and which namespaces ask for which. */
export interface Waypoints {
  waypoints: readonly Omit<WorldWaypoint, 'workload'>[];
  /** Labels of the namespaces that ask for one. */
  uses: Readonly<Record<string, Record<string, string>>>;
  /** Namespaces of their own, beside those of the world. */
  more: World['namespaces'];
}

const LENDINGS: readonly (Lending | undefined)[] = [
  undefined,
  'Same',
  'All',
  'All',
  'All',
  { team: 'red' },
  { team: 'red' },
  { team: 'red' },
  { team: 'blue' },
  'None',
];

/** Some namespaces have a waypoint of their own, others ask for one in another namespace, which admits them or does not. */
export function randomWaypoints(
  random: Random,
  namespaces: readonly string[],
  ambient: readonly string[],
): Waypoints {
  const lent = random.fork();
  // Ambient pods call Services of sidecars through a waypoint as well.
  const some = lent.chance(0.4) ? namespaces : ambient;
  const asking =
    ambient.length > 0 && random.chance(0.6) ? random.some(some) : [];
  const waypoints = new Map<string, Waypoints['waypoints'][number]>();
  const uses: Record<string, Record<string, string>> = {};
  for (const namespace of asking) {
    const elsewhere = lent.chance(0.45);
    const home = elsewhere
      ? lent.one([SHARED, ...namespaces.filter(each => each !== namespace)])
      : namespace;
    const lentTo =
      elsewhere || lent.chance(0.25) ? lent.one(LENDINGS) : undefined;
    uses[namespace] = elsewhere
      ? usesWaypoint(home)
      : { 'istio.io/use-waypoint': 'wp' };
    // The first that asks says whom it admits.
    if (!waypoints.has(home))
      waypoints.set(home, {
        namespace: home,
        name: 'wp',
        ...(lentTo && { lentTo }),
      });
  }
  const labels: Record<string, string> = lent.chance(0.5)
    ? { team: 'red' }
    : {};
  const more = waypoints.has(SHARED) ? [{ name: SHARED, labels }] : [];
  return { waypoints: [...waypoints.values()], uses, more };
}

/** Some Services ask by themselves: for none, or for one that their namespace does not ask for. */
export function withServiceLabels(
  workloads: readonly WorldWorkload[],
  { waypoints }: Waypoints,
  random: Random,
): WorldWorkload[] {
  return workloads.map(each => {
    if (waypoints.length === 0 || each.isHost || !random.chance(0.12))
      return each;
    const serviceLabels = random.chance(0.4)
      ? { 'istio.io/use-waypoint': 'none' }
      : usesWaypoint(random.one(waypoints).namespace);
    return { ...each, serviceLabels };
  });
}

/** The pods of a waypoint, as istiod deploys them. */
export function waypointPods(namespace: string, index: number): WorldWorkload {
  return {
    namespace,
    name: 'wp',
    labels: {
      'gateway.networking.k8s.io/gateway-name': 'wp',
      'istio.io/dataplane-mode': 'none',
    },
    serviceAccount: 'wp',
    mesh: 'none',
    hbone: true,
    isHost: false,
    ip: `127.1.2.${index + 1}`,
    ports: [],
  };
}
