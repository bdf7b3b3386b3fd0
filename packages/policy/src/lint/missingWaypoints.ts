import { namespaceOf } from '../estate/buildCluster';
import { asLabels } from '../estate/json';
import { groupKindOf } from '../estate/readWorkloads';
import { admits } from '../estate/waypointLookup';
import { Check } from './LintContext';
import { notice } from './notice';

const USE = 'istio.io/use-waypoint';
const OF_NAMESPACE = 'istio.io/use-waypoint-namespace';

/** Labels that send calls to a waypoint that is not there, or not lent to them: they go straight to the pods, past what it would enforce. */
export const missingWaypoints: Check = ({ cluster }) => {
  if (!cluster.workloads.some(({ mesh }) => mesh === 'ambient')) return [];
  return cluster.objects.flatMap(manifest => {
    const { object } = manifest;
    const kind = groupKindOf(object);
    if (kind !== '/Namespace' && kind !== '/Service') return [];
    const labels = asLabels(object.metadata.labels);
    const name = labels[USE];
    if (name === undefined || name === '' || name === 'none') return [];
    const own =
      kind === '/Namespace' ? object.metadata.name : namespaceOf(object);
    const id = `${labels[OF_NAMESPACE] ?? own}/${name}`;
    const isThere = cluster.objects.some(
      each =>
        groupKindOf(each.object) === 'gateway.networking.k8s.io/Gateway' &&
        `${namespaceOf(each.object)}/${each.object.metadata.name}` === id,
    );
    const waypoint = cluster.waypoints.find(each => each.id === id);
    if (waypoint && !admits(waypoint, own, cluster))
      return [
        notice('waypoint-not-lent', {
          manifest,
          path: ['metadata', 'labels', USE],
          text: `names the waypoint ${id}, whose listener does not admit what is in ${own} (allowedRoutes): calls go straight to the pods, and policies for the Service are enforced by nobody.`,
          others: [`Gateway ${id}`],
        }),
      ];
    return isThere
      ? []
      : [
          notice('waypoint-missing', {
            manifest,
            path: ['metadata', 'labels', USE],
            text: `names the waypoint ${id}, which is not in the estate: calls go straight to the pods, and policies for the Service are enforced by nobody.`,
            others: [`Gateway ${id}`],
          }),
        ];
  });
};
