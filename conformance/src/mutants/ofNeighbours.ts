import { Mutant, mutant } from './Mutant';

const waypoints = 'estate/waypointLookup.ts';
const others = 'evaluate/unmodelled/UnmodelledPolicies.ts';

/** Faults about whom a waypoint is lent to, and about policies of others. */
export const OF_NEIGHBOURS: readonly Mutant[] = [
  mutant(
    'allowed-routes-ignored',
    waypoints,
    'if (!waypoint || !admits(waypoint, namespace, cluster)) return undefined;',
    'if (!waypoint) return undefined;',
  ),
  mutant(
    'allowed-routes-by-no-label',
    waypoints,
    'selector.matches(labels);',
    'selector !== undefined;',
  ),
  mutant(
    'selectors-of-others-unread',
    others,
    "each.selects(subject) !== 'no'",
    'each.selects !== undefined',
  ),
  mutant(
    'others-touch-nothing',
    others,
    "each.selects(subject) !== 'no'",
    'each.selects === undefined',
  ),
  mutant(
    'others-without-direction',
    others,
    'each.directions.has(direction)',
    "each.directions.has('egress')",
  ),
  mutant(
    'first-host-of-a-group',
    'estate/readHosts.ts',
    '...(known?.addresses ?? []), ...(host.addresses ?? [])',
    '...(known?.addresses ?? host.addresses ?? [])',
  ),
  mutant(
    'gateway-pods-without-a-hash',
    'estate/readProxies.ts',
    'varyingLabels: OF_DEPLOYMENT.varying,',
    '',
  ),
  mutant(
    'waypoints-send-mutual-tls',
    'evaluate/transports.ts',
    "if (from.kind === 'workload' && isWaypoint(from))",
    "if (from.kind === 'workload' && from.workload.name === '')",
  ),
];
