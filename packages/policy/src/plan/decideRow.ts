import { Cluster, Workload } from '../estate/types';
import { CallerParty, isAddresses, meshOfCaller } from './callerParty';
import { SupportedRow } from './types';
import { waypointsBefore, waypointWays } from './waypointWays';
import { WorkloadPort } from './workloadPorts';

/** The annotation by which an ambient pod takes all its inbound traffic past ztunnel. */
const BYPASS_INBOUND = 'ambient.istio.io/bypass-inbound-capture';

/** True when the provider's side of the mesh, sidecar or ztunnel, sees traffic to a port. */
export function isCaptured(
  workload: Workload,
  port: { protocol: string; port: number },
): boolean {
  if (workload.mesh === 'none' || port.protocol !== 'TCP') return false;
  if (workload.mesh === 'ambient')
    return workload.annotations[BYPASS_INBOUND] !== 'true';
  const included = workload.inboundIncludedPorts?.includes(port.port) ?? true;
  return included && !workload.inboundExcludedPorts.includes(port.port);
}

function ambientRow(
  cluster: Cluster,
  from: CallerParty,
  to: Workload,
  port: WorkloadPort,
): 'waypoint' | 'waypoint-direct' | 'ambient' {
  if (waypointWays(cluster, from, to, port).through.length > 0)
    return 'waypoint';
  const { services, own } = waypointsBefore(cluster, to);
  return services.length > 0 || own ? 'waypoint-direct' : 'ambient';
}

/**
 * The row of the design's table that a call falls under. Ports that the mesh does not see (excluded ones, and everything but
 * TCP) are as without mesh.
 */
export function decideRow(
  cluster: Cluster,
  from: CallerParty,
  to: Workload,
  port: WorkloadPort,
): Exclude<SupportedRow, 'host-outside'> {
  if (!isCaptured(to, port)) return 'plain-any';
  if (isAddresses(from)) return 'mesh-address';
  const mesh = meshOfCaller(from);
  if (mesh === 'none')
    return from.runsOn === 'host' ? 'mesh-address' : 'mesh-plain';
  if (to.mesh === 'ambient') return ambientRow(cluster, from, to, port);
  return mesh === 'ambient' ? 'sidecar-ambient' : 'sidecar-sidecar';
}
