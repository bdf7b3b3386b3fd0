import type { Cluster } from '../estate/types';
import { newcomersOf, withNewcomers } from './newcomers';
import { compareClusters } from './proveDrafts';
import type { AccessChange } from './types';

/**
 * What an import changes, by the clusters before and after it; empty: nobody can call more or less. Whoever is deployed later is not
 * among it, as with `onboard`.
 *
 * @public
 */
export function importChanges(
  before: readonly Cluster[],
  after: readonly Cluster[],
): readonly AccessChange[] {
  const was = before.map(withNewcomers);
  return compareClusters(was, after.map(withNewcomers)).changes.filter(
    change => newcomersOf(change, was).length === 0,
  );
}
