import { Cluster } from '../estate/types';
import { addressOf } from './addressOf';
import { authorizationPolicies } from './considered/authorizationPolicies';
import { destinationRules } from './considered/destinationRules';
import {
  type ConsideredPolicy,
  networkPolicies,
} from './considered/networkPolicies';
import { peerAuthentications } from './considered/peerAuthentications';
import { refKey } from './considered/refKey';
import { settings } from './considered/settings';
import { unusedWaypoints } from './considered/unusedWaypoints';
import { Party, WorkloadParty } from './party';
import { Call, ConsideredObject } from './types';
import { WaypointStop } from './ways/Way';
import { waysFor } from './ways/wayBounds';
import { World } from './World';

function isOneCluster(from: Party, cluster: Cluster): boolean {
  return from.kind === 'address' || from.cluster === cluster;
}

/** Waypoints that the call may go through. */
function stopsOf(from: Party, to: WorkloadParty, call: Call): WaypointStop[] {
  if ((call.protocol ?? 'TCP') !== 'TCP') return [];
  const { via } = addressOf(call, to);
  const ways = waysFor(from, to, {
    ...(call.tls ? { tls: call.tls } : {}),
    ...(via ? { via } : {}),
  });
  return ways
    .filter(({ target }) => target === undefined || target === call.port)
    .flatMap(({ stop }) => (stop ? [stop] : []));
}

function weight({ considered, isOfOtherPods }: ConsideredPolicy): number {
  if (considered) return 2;
  return isOfOtherPods ? 0 : 1;
}

/**
 * Objects that could have had a say in a call, with what each had to do with
 * it: used, or left out and why.
 */
export function consideredObjects(
  world: World,
  from: Party,
  to: Party,
  call: Call,
): ConsideredObject[] {
  const objects: ConsideredPolicy[] = [];
  if (from.kind === 'workload')
    objects.push(...networkPolicies(world, from, 'egress'));
  if (to.kind === 'workload' && isOneCluster(from, to.cluster)) {
    const stops = stopsOf(from, to, call);
    for (const { party } of stops) {
      objects.push(
        ...networkPolicies(world, party, 'ingress'),
        ...networkPolicies(world, party, 'egress'),
      );
    }
    objects.push(...networkPolicies(world, to, 'ingress'));
    if ((call.protocol ?? 'TCP') === 'TCP') {
      objects.push(
        ...destinationRules(world, from, to, call),
        ...peerAuthentications(world, to),
        ...unusedWaypoints(from, to, call),
        ...authorizationPolicies(world, to, call.port, stops),
        ...settings(world, to, stops),
      );
    }
  }
  // One policy may be asked about both ends; what was used says more than what was not, and that least which is about neither.
  const byKey = new Map<string, ConsideredPolicy>();
  for (const object of objects) {
    const known = byKey.get(refKey(object));
    if (!known || weight(known) < weight(object))
      byKey.set(refKey(object), object);
  }
  return [...byKey.values()].map(({ isOfOtherPods: _, ...object }) => object);
}
