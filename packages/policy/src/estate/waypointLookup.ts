import { Problem, compileSelector } from '../evaluate/selector';
import { servicesOf } from './serviceLookup';
import { Cluster, Labels, Service, Waypoint, Workload } from './types';

const USE = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';

type Answer = { name: string; namespace: string } | 'none' | undefined;

/** What labels say: a waypoint, none at all, or nothing. */
function asked(labels: Labels | undefined, namespace: string): Answer {
  const name = labels?.[USE];
  if (name === undefined) return undefined;
  // No waypoint has an empty name, and the namespace is not asked any more.
  if (name === 'none' || name === '') return 'none';
  return { name, namespace: labels?.[USE_NAMESPACE] ?? namespace };
}

/**
 * May what is in a namespace use the waypoint? istiod ignores one that does not
 * admit it, and traffic goes past it (`AllowsAttachmentFromNamespace`).
 */
export function admits(
  { admits: from, namespace: home }: Waypoint,
  namespace: string,
  cluster: Cluster,
): boolean {
  if (from === 'All') return true;
  if (from === 'Same') return home === namespace;
  if (from === 'None') return false;
  const problems: Problem[] = [];
  const selector = compileSelector(from.selector, [], problems);
  const labels = cluster.namespaces.get(namespace)?.labels ?? {};
  return problems.length === 0 && selector.matches(labels);
}

/** What a label on an object or its namespace asks for, and why it is not used. */
export interface AskedWaypoint {
  namespace: string;
  name: string;
  /** The namespace has the label, and the object has none. */
  byNamespace: boolean;
  /** Absent where nothing keeps the label from being followed. */
  waypoint?: Waypoint;
  /** Why not: no waypoint has the name, it admits nothing of this namespace, or it is for others. */
  unused?: 'missing' | 'not-lent' | 'for-others';
}

function ask(
  cluster: Cluster,
  namespace: string,
  labels: Labels,
  serves: 'service' | 'workload',
): AskedWaypoint | undefined {
  const own = asked(labels, namespace);
  const wanted =
    own ?? asked(cluster.namespaces.get(namespace)?.labels, namespace);
  if (wanted === undefined || wanted === 'none') return undefined;
  const id = `${wanted.namespace}/${wanted.name}`;
  const waypoint = cluster.waypoints.find(each => each.id === id);
  const found = { ...wanted, byNamespace: own === undefined };
  if (!waypoint) return { ...found, unused: 'missing' };
  if (!admits(waypoint, namespace, cluster))
    return { ...found, unused: 'not-lent' };
  return waypoint.serves === serves || waypoint.serves === 'all'
    ? { ...found, waypoint }
    : { ...found, unused: 'for-others' };
}

/** The waypoint that labels of a Service, or of its namespace, ask for. */
export function askedByService(
  cluster: Cluster,
  service: Service,
): AskedWaypoint | undefined {
  return ask(cluster, service.namespace, service.labels, 'service');
}

/** The waypoint that labels of pods, or of their namespace, ask for. */
export function askedByWorkload(
  cluster: Cluster,
  workload: Workload,
): AskedWaypoint | undefined {
  return ask(cluster, workload.namespace, workload.podLabels, 'workload');
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
  return askedByService(cluster, service)?.waypoint;
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
  return askedByWorkload(cluster, workload)?.waypoint;
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
