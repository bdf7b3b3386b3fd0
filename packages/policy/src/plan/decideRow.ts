import { Workload } from '../estate/types';
import { SupportedRow, UnsupportedRow } from './types';
import { WorkloadPort } from './workloadPorts';

/** True when the provider's sidecar sees traffic to a port. */
export function isCaptured(
  workload: Workload,
  port: { protocol: string; port: number },
): boolean {
  if (workload.mesh !== 'sidecar' || port.protocol !== 'TCP') return false;
  const included = workload.inboundIncludedPorts?.includes(port.port) ?? true;
  return included && !workload.inboundExcludedPorts.includes(port.port);
}

/**
 * The row of the design's table that a call falls under. Ports that the provider's sidecar does not see (excluded ones, and
 * everything but TCP) are as without mesh.
 */
export function decideRow(
  from: Workload,
  to: Workload,
  port: WorkloadPort,
): { row: SupportedRow } | { unsupported: UnsupportedRow } {
  if (to.mesh === 'ambient') return { unsupported: 'ambient' };
  if (!isCaptured(to, port)) return { row: 'plain-any' };
  if (from.mesh === 'ambient') return { unsupported: 'sidecar-ambient' };
  return { row: from.mesh === 'sidecar' ? 'sidecar-sidecar' : 'mesh-plain' };
}
