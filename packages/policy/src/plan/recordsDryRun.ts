import { Cluster, MeshMode } from '../estate/types';

/** The first ztunnel that records what a dry-run policy would refuse; older ones enforce it (design 4, A12). */
const FIRST = [1, 29] as const;

function atLeast(version: string | undefined): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  if (!match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > FIRST[0] || (major === FIRST[0] && minor >= FIRST[1]);
}

/** Whether a dry-run policy on a workload is recorded and enforces nothing. False where that is not known. */
export function recordsDryRun(
  { profile }: Cluster,
  { mesh }: { mesh: MeshMode },
): boolean {
  return mesh === 'ambient'
    ? profile.mesh.ambientDryRun && atLeast(profile.mesh.ztunnelVersion)
    : mesh === 'sidecar';
}
