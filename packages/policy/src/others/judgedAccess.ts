import type { Cluster } from '../estate/types';
import type { EffectiveAccess } from '../reach/types';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';

/**
 * Workloads that may call one, as if policies of others that nobody judges changed nothing; `effectiveAccessTo` has the whole
 * truth. Workloads that surely may not are absent, and so is a workload of one pod itself.
 *
 * @public
 */
export function judgedAccessTo(
  cluster: Cluster,
  to: string,
): ReadonlyMap<string, Pick<EffectiveAccess, 'sure' | 'possible'>> {
  const pairs = EffectiveAccessIndex.settled(cluster).into(to);
  return new Map(
    pairs
      .filter(({ outside }) => !outside)
      .map(({ from, sure, possible }) => [from, { sure, possible }]),
  );
}
