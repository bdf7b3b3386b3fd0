import { Check, LintContext, Target } from './LintContext';
import { notice } from './notice';
import { valuesOf } from './valuesOf';

function isAtWaypoint(
  { group, kind, name }: Target,
  namespace: string,
  { cluster }: LintContext,
): boolean {
  if (group === '') return kind === 'Service';
  if (group === 'networking.istio.io') return kind === 'ServiceEntry';
  if (kind === 'GatewayClass') return name === 'istio-waypoint';
  return cluster.waypoints.some(each => each.id === `${namespace}/${name}`);
}

/** Addresses of callers in policies of waypoints, which see those of ztunnels (docs/semantics.md, A10). */
export const waypointAddresses: Check = context =>
  context.authorizations.flatMap(({ manifest, spec, namespace, targets }) => {
    if (!targets.some(target => isAtWaypoint(target, namespace, context)))
      return [];
    const lists = new Map(
      [...valuesOf(spec)]
        .filter(({ name }) => name === 'ipBlocks' || name === 'source.ip')
        .map(({ list }) => [list.join('.'), list]),
    );
    return [...lists.values()].map(path =>
      notice('waypoint-address', {
        manifest,
        path,
        text: 'is about the address of the caller, which does not arrive at a waypoint.',
      }),
    );
  });
