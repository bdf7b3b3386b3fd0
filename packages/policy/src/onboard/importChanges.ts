import type { Cluster } from '../estate/types';
import { cutLater, withNewcomers } from './newcomers';
import { compareClusters } from './proveDrafts';
import type { AccessChange, OnboardedApi } from './types';

/**
 * What an import changes, by the clusters before and after it; empty: nobody can call more or less, and of whoever is deployed
 * later only those are cut of whom it is said.
 *
 * @param told - the namespaces of which it is said that what is deployed there later needs a grant, as `later` of the outcome
 *
 * @public
 */
export function importChanges(
  before: readonly Cluster[],
  after: readonly Cluster[],
  told: OnboardedApi['later'] = [],
): readonly AccessChange[] {
  const was = before.map(withNewcomers);
  return compareClusters(was, after.map(withNewcomers)).changes.filter(
    change => {
      const cut = cutLater(change, was);
      return (
        cut.length === 0 ||
        !cut.every(each =>
          told.some(
            ({ cluster, namespace }) =>
              cluster === each.cluster && namespace === each.namespace,
          ),
        )
      );
    },
  );
}
