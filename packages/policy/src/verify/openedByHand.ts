import type { Cluster } from '../estate/types';
import { decisionsOn } from './decidingObjects';
import type { EffectiveAccessIndex } from './EffectiveAccessIndex';
import { ruleText } from './ruleText';
import type { AccessDifference } from './types';

/**
 * The difference with those who open it by hand: what Callgate made admits what was granted, and a PeerAuthentication opens
 * nothing, so that neither is to blame. Where nobody else decides it stays as it is.
 */
export function openedByHand(
  cluster: Cluster,
  effective: EffectiveAccessIndex,
  difference: AccessDifference,
): AccessDifference {
  const { call } = difference;
  const local = (end: string) =>
    end.startsWith(`${cluster.name}:`)
      ? end.slice(cluster.name.length + 1)
      : end;
  const by = decisionsOn(effective.world, cluster, {
    ...call,
    from: local(call.from),
    to: local(call.to),
  })
    .filter(({ hop }) => hop.verdict !== 'deny')
    .flatMap(({ objects }) => objects)
    .filter(
      ({ kind, generated }) => !generated && kind !== 'PeerAuthentication',
    )
    .map(ruleText);
  return by.length > 0
    ? { ...difference, by: [...new Set(by)].sort() }
    : difference;
}
