import { servicesOf } from '../estate';
import { Cluster, Service, Waypoint, Workload } from '../estate/types';
import {
  waypointOfService,
  waypointOfWorkload,
} from '../estate/waypointLookup';
import { CallerParty, isAddresses, meshOfCaller } from './callerParty';
import { WorkloadPort } from './workloadPorts';
import { workloadOf } from './workloadIndex';

type Way = WorkloadPort['ways'][number];

/** The ways that a caller takes to one port of an ambient provider. */
export interface WaypointWays {
  /** through the waypoint of a Service */
  through: { way: Way; waypoint: Waypoint }[];
  /** Services that lead the caller past waypoints, to the pods themselves */
  past: Way[];
  /** the waypoint that calls to the pods' own addresses go through, if it serves workloads */
  onAddress: Waypoint | undefined;
}

const INGRESS_USES = 'istio.io/ingress-use-waypoint';

/** Whether a Service and its namespace ask gateways to use its waypoint. The label on the Service wins. */
function takesGateways(cluster: Cluster, service: Service): boolean {
  const asked =
    service.labels[INGRESS_USES] ??
    cluster.namespaces.get(service.namespace)?.labels[INGRESS_USES];
  return asked === 'true';
}

/**
 * Whether a caller's calls to a Service go through the Service's waypoint. Sidecars never use waypoints, gateways only where
 * they are asked to, and nobody for a Service without an address of its own (istio `endpoint_builder.go`,
 * `findServiceWaypoint`).
 */
export function usesWaypoint(
  cluster: Cluster,
  from: CallerParty,
  service: Service,
): boolean {
  if (isAddresses(from) || service.headless) return false;
  if (from.gateway !== undefined || from.router)
    return takesGateways(cluster, service);
  return meshOfCaller(from) === 'ambient';
}

export function waypointWays(
  cluster: Cluster,
  from: CallerParty,
  to: Workload,
  port: WorkloadPort,
): WaypointWays {
  const ways: WaypointWays = {
    through: [],
    past: [],
    onAddress:
      !isAddresses(from) && meshOfCaller(from) === 'ambient'
        ? waypointOfWorkload(cluster, to)
        : undefined,
  };
  for (const way of port.ways) {
    const waypoint = usesWaypoint(cluster, from, way.service)
      ? waypointOfService(cluster, way.service)
      : undefined;
    if (waypoint) ways.through.push({ way, waypoint });
    else ways.past.push(way);
  }
  return ways;
}

/** Services whose address leads ambient callers to a waypoint, whatever runs behind it. */
export function servicesWithWaypoint(
  cluster: Cluster,
  workload: Workload,
): { service: Service; waypoint: Waypoint }[] {
  return servicesOf(cluster, workload).flatMap(service => {
    const waypoint = service.headless
      ? undefined
      : waypointOfService(cluster, service);
    return waypoint ? [{ service, waypoint }] : [];
  });
}

/** Waypoints that lead to a workload for anybody: those of its Services, and the one of its own addresses. */
export function waypointsBefore(
  cluster: Cluster,
  workload: Workload,
): { services: { service: Service; waypoint: Waypoint }[]; own?: Waypoint } {
  if (workload.mesh !== 'ambient') return { services: [] };
  const services = servicesWithWaypoint(cluster, workload);
  const own = waypointOfWorkload(cluster, workload);
  return { services, ...(own && { own }) };
}

/** The workload that stands for a waypoint's pods. */
export function workloadOfWaypoint(
  cluster: Cluster,
  { workload }: Waypoint,
): Workload | undefined {
  return workloadOf(cluster, workload);
}
