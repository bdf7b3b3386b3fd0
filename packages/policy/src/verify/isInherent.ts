import type { ConditionKind } from '../evaluate/types';
import type { EffectivePair } from './EffectiveAccessIndex';

const INHERENT: ReadonlySet<ConditionKind> = new Set<ConditionKind>([
  'same-node',
  'host-network',
  'source-hidden',
]);

/**
 * Whether what is not sure of a pair rests on conditions alone that no policy could rule out: a pod's own node always reaches
 * it, and an address that a Service hides is not seen.
 */
export function isInherent({ conditions }: EffectivePair): boolean {
  return (
    conditions.length > 0 && conditions.every(({ kind }) => INHERENT.has(kind))
  );
}
