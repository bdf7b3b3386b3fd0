import { AddressSet } from '../net/AddressSet';
import type { Edge } from '../plan/types';
import type {
  EffectiveAccessIndex,
  EffectivePair,
} from './EffectiveAccessIndex';

/** The pairs that an edge is about: of addresses outside, every class that is among them. */
export function pairsOf(
  edge: Edge,
  effective: EffectiveAccessIndex,
): EffectivePair[] {
  const { from, to } = edge;
  if (from.kind === 'workload' && to.kind === 'workload')
    return [effective.pair(from.id, to.id)];
  const blocks = AddressSet.ofCidrs(
    [from, to].flatMap(end => (end.kind === 'addresses' ? end.cidrs : [])),
  );
  const pairs =
    from.kind === 'addresses'
      ? effective.into(to.id)
      : effective.outOf(from.id);
  return pairs.filter(
    ({ outside }) =>
      outside !== undefined &&
      AddressSet.ofCidrs(outside.cidrs).overlaps(blocks),
  );
}
