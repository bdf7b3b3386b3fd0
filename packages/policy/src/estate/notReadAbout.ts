import { notReadIn, type NotRead } from './notRead';
import { servicesOf } from './serviceLookup';
import type { Cluster, Workload } from './types';
import { askedByService, askedByWorkload } from './waypointLookup';

const known = new WeakMap<Cluster, WeakMap<Workload, readonly NotRead[]>>();

/**
 * What was left out that may say something about a workload, of which less is known then: of its namespace, and of those of the
 * waypoints that its labels ask for. A waypoint that was left out would otherwise count as one that is not there, so that
 * calls go past what its policies refuse.
 */
export function notReadAbout(
  cluster: Cluster,
  workload: Workload,
): readonly NotRead[] {
  const all = notReadIn(cluster);
  if (all.length === 0) return all;
  const ofCluster = known.get(cluster) ?? new WeakMap();
  known.set(cluster, ofCluster);
  let found: readonly NotRead[] | undefined = ofCluster.get(workload);
  if (!found) {
    const namespaces = namespacesAbout(cluster, workload);
    found = all.filter(
      each =>
        !each.namespaces || namespaces.some(name => each.namespaces!.has(name)),
    );
    ofCluster.set(workload, found);
  }
  return found;
}

function namespacesAbout(cluster: Cluster, workload: Workload): string[] {
  const asked = [
    askedByWorkload(cluster, workload),
    ...servicesOf(cluster, workload).map(service =>
      askedByService(cluster, service),
    ),
  ];
  return [workload.namespace, ...asked.flatMap(each => each?.namespace ?? [])];
}
