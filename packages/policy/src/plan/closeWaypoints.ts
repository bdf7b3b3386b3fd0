import { Cluster, Waypoint } from '../estate/types';
import { behindWaypoint } from './behindWaypoint';
import { networkPoliciesOn } from './foreignPolicies';
import { Recall } from '../Recall';
import { PlanContext } from './PlanContext';
import { Report } from './Report';
import { Edge, Isolation } from './types';
import { workloadOfWaypoint } from './waypointWays';
import { detail, said, workloads as workloadNames } from '../words';

interface ClosedWaypoint {
  cluster: string;
  waypoint: Waypoint;
  workload: string;
  isolation?: Isolation;
  isolatedByOthers: boolean;
}

/**
 * A waypoint's own ingress is the union over everything behind it: it is closed once all of that is, because a policy on its
 * pods would cut the callers of whatever nobody declared.
 */
function closeOne(
  context: PlanContext,
  cluster: Cluster,
  waypoint: Waypoint,
  isolations: readonly Isolation[],
  report: Report,
): ClosedWaypoint | undefined {
  const proxy = workloadOfWaypoint(cluster, waypoint);
  if (!proxy) return undefined;
  const { workloads, others } = behindWaypoint(cluster, waypoint);
  const closing = isolations.filter(
    each =>
      each.cluster === cluster.name &&
      each.direction === 'ingress' &&
      each.mode === 'enforce' &&
      workloads.some(({ id }) => id === each.workload.id),
  );
  if (closing.length === 0) return undefined;
  const foreign = networkPoliciesOn(cluster, proxy, 'ingress');
  const state = {
    cluster: cluster.name,
    waypoint,
    workload: proxy.id,
    isolatedByOthers: foreign.length > 0,
  };
  const open = [
    ...workloads
      .filter(({ id }) => !closing.some(({ workload }) => workload.id === id))
      .map(({ id }) => id),
    ...others,
  ];
  const apis = [...new Set(closing.flatMap(each => each.apis))].sort();
  const { enforcesNetworkPolicy: kernel } = cluster.profile.cni;
  if (open.length > 0 || !kernel) {
    if (kernel)
      for (const api of apis)
        report
          .within({ api })
          .add(
            'waypoint-open',
            said`The waypoint${detail(
              ` ${waypoint.id}`,
              '',
            )} also leads to ${workloadNames(
              open,
            )}, which is not closed: everybody may connect to it, and only identities tell callers apart`,
            [waypoint.id, ...open],
          );
    return state;
  }
  const end = context.ends.of(cluster, proxy, new Set(), report);
  if (!end) return state;
  return {
    ...state,
    isolation: {
      cluster: cluster.name,
      workload: end,
      direction: 'ingress',
      apis,
      mode: 'enforce',
      layers: { kernel: true, identity: false },
      flips: { kernel: foreign.length === 0, identity: false },
      callersCut: [
        ...new Set(closing.flatMap(({ callersCut }) => callersCut)),
      ].sort(),
      permissivePorts: [],
      services: [],
      podWaypoints: [],
    },
  };
}

/** What an edge through the waypoint has to know of it. */
function stateOf({ workload, isolation, isolatedByOthers }: ClosedWaypoint) {
  return `${workload} ${isolation !== undefined} ${isolatedByOthers}`;
}

const behind = new Recall<Edge, Edge>();

function withWaypoints(edge: Edge, closed: readonly ClosedWaypoint[]): Edge {
  let reachesOpen = false;
  if (!edge.hops.some(hop => hop.to.id !== edge.to.id)) return edge;
  const hops = edge.hops.map(hop => {
    const found = closed.find(
      ({ cluster, workload }) =>
        cluster === edge.cluster && workload === hop.to.id,
    );
    if (!found || hop.to.id === edge.to.id) return hop;
    if (found.isolation)
      return { ...hop, ingress: 'isolated-by-callgate' as const };
    reachesOpen = true;
    return found.isolatedByOthers && edge.mode === 'enforce'
      ? { ...hop, ingress: 'isolated-by-others' as const }
      : hop;
  });
  if (!reachesOpen) return { ...edge, hops };
  // Everybody may connect to the waypoint, so the kernel does not tell this caller from others.
  return { ...edge, hops, layers: { ...edge.layers, kernel: 'none' } };
}

/** Closes the waypoints that can be closed, and says of every edge through one what its kernel layer comes to. */
export function closeWaypoints(
  context: PlanContext,
  edges: readonly Edge[],
  isolations: readonly Isolation[],
  report: Report,
): { edges: Edge[]; isolations: Isolation[] } {
  const closed = context.clusters.flatMap(cluster =>
    cluster.waypoints.flatMap(
      waypoint =>
        closeOne(context, cluster, waypoint, isolations, report) ?? [],
    ),
  );
  return {
    edges: edges.map(edge =>
      behind.get(
        edge,
        closed
          .filter(({ cluster }) => cluster === edge.cluster)
          .map(stateOf)
          .sort(),
        () => withWaypoints(edge, closed),
      ),
    ),
    isolations: closed.flatMap(({ isolation }) => isolation ?? []),
  };
}
