import { isSince } from '../estate/isSince';
import { Cluster, MeshMode } from '../estate/types';

/** The first ztunnel that records what a dry-run policy would refuse; older ones enforce it (docs/semantics.md, A12). */
const FIRST = [1, 29] as const;

/** Whether a dry-run policy on a workload is recorded and enforces nothing. False where that is not known. */
export function recordsDryRun(
  { profile }: Cluster,
  { mesh }: { mesh: MeshMode },
): boolean {
  return mesh === 'ambient'
    ? profile.mesh.ambientDryRun &&
        isSince(profile.mesh.ztunnelVersion, FIRST) === true
    : mesh === 'sidecar';
}
