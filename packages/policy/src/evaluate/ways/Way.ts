import {
  isHeadlessOrExternal,
  servicesOf,
  targetPort,
} from '../../estate/serviceLookup';
import { Cluster, Service, ServicePort, Waypoint } from '../../estate/types';
import {
  waypointOfService,
  waypointOfWorkload,
} from '../../estate/waypointLookup';
import { Party, WorkloadParty } from '../party';

/** A Service and one of its ports, as a caller addresses it. */
export interface ServiceAddress {
  service: Service;
  port: ServicePort;
}

/** A waypoint that stands between caller and provider. */
export interface WaypointStop {
  waypoint: Waypoint;
  party: WorkloadParty;
  /** Absent: the caller addresses the pod. */
  address?: ServiceAddress;
}

/** One way from a caller to a provider. */
export interface Way {
  /** Absent: the address of the pod. */
  address?: ServiceAddress;
  /** Port of the workload that the Service's port leads to; absent: all ports. */
  target?: number;
  stop?: WaypointStop;
}

/** The only way where no waypoint stands between the two. */
export const DIRECT: readonly Way[] = [{}];
const INGRESS_USES = 'istio.io/ingress-use-waypoint';

/** May the caller's side send what is for this Service to its waypoint? */
function entersBy(from: WorkloadParty, service: Service, to: Cluster): boolean {
  if (from.workload.mesh === 'ambient') return true;
  // Sidecars never do; gateways where the Service or its namespace says so (docs/semantics.md, A6).
  if (from.workload.gateway === undefined && !from.workload.router)
    return false;
  const stated =
    service.labels[INGRESS_USES] ??
    to.namespaces.get(service.namespace)?.labels[INGRESS_USES];
  return stated?.toLowerCase() === 'true';
}

function stopAt(
  cluster: Cluster,
  waypoint: Waypoint,
  address?: ServiceAddress,
): WaypointStop | undefined {
  const index = cluster.workloads.findIndex(
    workload => workload.id === waypoint.workload,
  );
  if (index < 0) return undefined;
  const party: WorkloadParty = {
    kind: 'workload',
    index,
    workload: cluster.workloads[index],
    cluster,
  };
  return { waypoint, party, ...(address ? { address } : {}) };
}

/**
 * Every way that the caller's side offers to a provider. Without a waypoint
 * there is one, whatever the caller addresses. Waypoints do not send to
 * waypoints, headless Services have no address to send to, and what is for a
 * Service without a waypoint goes straight to its pods (ztunnel
 * `proxy/outbound.rs`; docs/semantics.md, A6, A9).
 */
export function waysBetween(from: Party, to: WorkloadParty): readonly Way[] {
  const { cluster, workload } = to;
  if (
    cluster.waypoints.length === 0 ||
    from.kind === 'address' ||
    from.cluster !== cluster ||
    workload.gateway !== undefined ||
    cluster.waypoints.some(({ workload: id }) => id === from.workload.id)
  )
    return DIRECT;
  const own =
    from.workload.mesh === 'ambient'
      ? waypointOfWorkload(cluster, workload)
      : undefined;
  const pod = own && stopAt(cluster, own);
  const ways: Way[] = [];
  for (const service of servicesOf(cluster, workload)) {
    if (isHeadlessOrExternal(service)) continue;
    const waypoint = entersBy(from, service, cluster)
      ? waypointOfService(cluster, service)
      : undefined;
    for (const port of service.ports) {
      const target =
        port.protocol === 'TCP' ? targetPort(port, workload) : undefined;
      if (target === undefined) continue;
      const address = { service, port };
      const stop = waypoint && stopAt(cluster, waypoint, address);
      ways.push({ address, target, ...(stop ? { stop } : {}) });
    }
  }
  if (!pod && ways.every(way => !way.stop)) return DIRECT;
  return [...ways, pod ? { stop: pod } : {}];
}
