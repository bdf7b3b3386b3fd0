import { workloadsOf } from '../estate';
import { Cluster, Waypoint, Workload } from '../estate/types';
import {
  waypointOfService,
  waypointOfWorkload,
} from '../estate/waypointLookup';

/** Everything that a waypoint leads to: workloads, and what has none in the cluster. */
export function behindWaypoint(
  cluster: Cluster,
  waypoint: Waypoint,
): { workloads: Workload[]; others: string[] } {
  const workloads = new Map<string, Workload>();
  const others: string[] = [];
  const proxies = new Set(cluster.waypoints.map(({ workload }) => workload));
  for (const service of cluster.services) {
    if (service.headless) continue;
    if (waypointOfService(cluster, service)?.id !== waypoint.id) continue;
    const own = workloadsOf(cluster, service);
    // Proxies are not reached through one another.
    own
      .filter(({ gateway, id }) => gateway === undefined && !proxies.has(id))
      .forEach(workload => workloads.set(workload.id, workload));
    if (service.selector === undefined) others.push(`Service ${service.id}`);
  }
  for (const workload of cluster.workloads)
    if (
      workload.mesh === 'ambient' &&
      !proxies.has(workload.id) &&
      waypointOfWorkload(cluster, workload)?.id === waypoint.id
    )
      workloads.set(workload.id, workload);
  for (const host of cluster.hosts)
    if (host.kind === 'ServiceEntry' && usesByLabel(cluster, host, waypoint))
      others.push(`ServiceEntry ${host.namespace}/${host.name}`);
  return { workloads: [...workloads.values()], others };
}

function usesByLabel(
  cluster: Cluster,
  host: { namespace: string; labels: Readonly<Record<string, string>> },
  waypoint: Waypoint,
): boolean {
  const labels = {
    ...cluster.namespaces.get(host.namespace)?.labels,
    ...host.labels,
  };
  const namespace = labels['istio.io/use-waypoint-namespace'] ?? host.namespace;
  return `${namespace}/${labels['istio.io/use-waypoint']}` === waypoint.id;
}
