import { Verdict } from '@callgate/policy';
import { podLabels } from '../worlds/podLabels';
import {
  ForeignPolicy,
  idOf,
  World,
  WorldCall,
  WorldWorkload,
} from '../worlds/types';
import { guardOf, routeOf, Stretch } from './route';

/** May policies of others touch a call? `perhaps` where that depends on whose language it is. */
export type Touch = 'yes' | 'no' | 'perhaps';

type End = WorldWorkload | string;

/** The labels alone, read by ourselves: what Callgate makes of five languages is compared with that. */
function selects(
  { namespace, labels }: ForeignPolicy,
  workload: WorldWorkload,
): boolean {
  const own = podLabels(workload);
  return (
    (namespace === undefined || namespace === workload.namespace) &&
    Object.entries(labels).every(([key, value]) => own[key] === value)
  );
}

function atEnd(
  policy: ForeignPolicy,
  end: End,
  direction: 'ingress' | 'egress',
): Touch {
  if (typeof end === 'string' || !policy.directions.includes(direction))
    return 'no';
  if (!selects(policy, end)) return 'no';
  // Some languages know hosts as well.
  return end.isHost ? 'perhaps' : 'yes';
}

function ofStretch(policy: ForeignPolicy, stretch: Stretch): Touch[] {
  const { from, to } = stretch;
  if (policy.layer === 'kernel')
    return [atEnd(policy, from, 'egress'), atEnd(policy, to, 'ingress')];
  if (!selects(policy, to)) return ['no'];
  switch (guardOf(stretch)) {
    case 'sidecar':
      return ['yes'];
    // A waypoint takes what is attached to it, and some of what selects its pods.
    case 'waypoint':
      return ['perhaps'];
    default:
      return ['no'];
  }
}

export function touchOf(world: World, call: WorldCall): Touch {
  const route = routeOf(world, call);
  const found = (world.foreign ?? []).flatMap(policy =>
    route.flatMap(stretch => ofStretch(policy, stretch)),
  );
  if (found.includes('yes')) return 'yes';
  return found.includes('perhaps') ? 'perhaps' : 'no';
}

/** What Callgate says for sure of a call where a policy of others may touch it. */
export function sureWhereTouched(
  world: World,
  call: WorldCall,
  { verdict, hops }: Verdict,
): string | undefined {
  if (verdict === 'allow') return 'the call is surely allowed';
  const route = routeOf(world, call);
  for (const policy of world.foreign ?? []) {
    if (policy.layer !== 'kernel') continue;
    for (const { from, to } of route) {
      for (const [end, direction] of [
        [from, 'egress'],
        [to, 'ingress'],
      ] as const) {
        if (typeof end === 'string' || atEnd(policy, end, direction) !== 'yes')
          continue;
        const at = `node of ${idOf(end)}`;
        const hop = hops.find(
          each => each.at === at && each.direction === direction,
        );
        if (hop && hop.verdict !== 'conditional')
          return `${direction} at ${at} is surely ${hop.verdict}`;
      }
    }
  }
  return undefined;
}
