import type { Cluster } from './types';

/** Where Istio, or the distribution of the cluster, puts ztunnel beside the mesh's root namespace. */
const SYSTEM_NAMESPACE = 'kube-system';

/**
 * What a workload is to the mesh if it only carries calls of others: the proxies of a waypoint, or ztunnel. Ztunnel is told
 * by its name in a namespace that belongs to the platform: what a team calls so in a namespace of its own is a workload.
 *
 * @param workload - `namespace/Kind/name`
 */
export function carrierOf(
  { waypoints, profile }: Pick<Cluster, 'waypoints' | 'profile'>,
  workload: string,
): 'waypoint' | 'ztunnel' | undefined {
  if (waypoints.some(each => each.workload === workload)) return 'waypoint';
  return [profile.mesh.rootNamespace, SYSTEM_NAMESPACE].some(
    namespace => workload === `${namespace}/DaemonSet/ztunnel`,
  )
    ? 'ztunnel'
    : undefined;
}
