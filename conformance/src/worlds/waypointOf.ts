import { World, WorldWaypoint, WorldWorkload } from './types';

const USE = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';

/** How a waypoint is asked for: by a Service, or for all of a namespace. */
export function usesWaypoint(
  namespace: string,
  name = 'wp',
): Record<string, string> {
  return { [USE]: name, [USE_NAMESPACE]: namespace };
}

function admits(
  { namespace, lentTo = 'Same' }: WorldWaypoint,
  home: World['namespaces'][number] | undefined,
): boolean {
  if (lentTo === 'All') return true;
  if (lentTo === 'None') return false;
  if (lentTo === 'Same') return namespace === home?.name;
  return home?.labels.team === lentTo.team;
}

/** The waypoint that a workload's Service asks for, whether that admits it or not. */
export function askedWaypoint(
  { waypoints, namespaces }: World,
  { namespace, serviceLabels = {} }: WorldWorkload,
): WorldWaypoint | undefined {
  const home = namespaces.find(({ name }) => name === namespace);
  const labels = serviceLabels[USE] ? serviceLabels : home?.labels ?? {};
  return waypoints.find(
    each =>
      each.name === labels[USE] &&
      each.namespace === (labels[USE_NAMESPACE] ?? namespace),
  );
}

/**
 * The waypoint of a workload's Service. Read here by ourselves, because it is asked for everywhere; the engines' verdicts
 * compare it with istiod's choice in every world.
 */
export function waypointOf(
  world: World,
  workload: WorldWorkload,
): WorldWaypoint | undefined {
  const home = world.namespaces.find(({ name }) => name === workload.namespace);
  const waypoint = askedWaypoint(world, workload);
  return waypoint && admits(waypoint, home) ? waypoint : undefined;
}
