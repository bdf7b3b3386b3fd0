import { servicesOf } from './serviceLookup';
import { Cluster, Labels, Service, Waypoint, Workload } from './types';

const USE = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';

type Answer = { name: string; namespace: string } | 'none' | undefined;

/** What labels say: a waypoint, none at all, or nothing. */
function asked(labels: Labels | undefined, namespace: string): Answer {
  const name = labels?.[USE];
  if (name === undefined || name === '') return undefined;
  if (name === 'none') return 'none';
  return { name, namespace: labels?.[USE_NAMESPACE] ?? namespace };
}

function find(
  cluster: Cluster,
  namespace: string,
  labels: Labels,
  serves: 'service' | 'workload',
): Waypoint | undefined {
  const own = asked(labels, namespace);
  const wanted =
    own ?? asked(cluster.namespaces.get(namespace)?.labels, namespace);
  if (wanted === undefined || wanted === 'none') return undefined;
  const id = `${wanted.namespace}/${wanted.name}`;
  const waypoint = cluster.waypoints.find(each => each.id === id);
  if (!waypoint) return undefined;
  return waypoint.serves === serves || waypoint.serves === 'all'
    ? waypoint
    : undefined;
}

/**
 * The waypoint that calls to a Service go through, where the caller uses
 * waypoints at all. The label on the Service wins over the namespace's, and
 * `none` opts out (istio `pilot/pkg/serviceregistry/ambient/waypoints.go`).
 *
 * @public
 */
export function waypointOfService(
  cluster: Cluster,
  service: Service,
): Waypoint | undefined {
  return find(cluster, service.namespace, service.labels, 'service');
}

/**
 * The waypoint that calls to a workload's own addresses go through.
 *
 * @public
 */
export function waypointOfWorkload(
  cluster: Cluster,
  workload: Workload,
): Waypoint | undefined {
  return find(cluster, workload.namespace, workload.podLabels, 'workload');
}

/**
 * Every waypoint that stands before a workload: its own, and those of the
 * Services that select it.
 *
 * @public
 */
export function waypointsOf(cluster: Cluster, workload: Workload): Waypoint[] {
  if (cluster.waypoints.length === 0) return [];
  const found = [
    waypointOfWorkload(cluster, workload),
    ...servicesOf(cluster, workload).map(service =>
      waypointOfService(cluster, service),
    ),
  ];
  return [...new Set(found.filter(waypoint => waypoint !== undefined))];
}
