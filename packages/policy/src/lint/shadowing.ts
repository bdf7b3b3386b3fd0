import { ManifestObject } from '../estate/types';
import { isGenerated } from '../plan/foreignPolicies';

/** Rules that one is compared with: in a namespace with more, not every shadowed one is found. */
const MOST_CANDIDATES = 1000;

/** The first candidates, and whether there were more. */
export class Limit {
  isReached = false;

  of<T>(candidates: readonly T[]): readonly T[] {
    if (candidates.length <= MOST_CANDIDATES) return candidates;
    this.isReached = true;
    return candidates.slice(0, MOST_CANDIDATES);
  }
}

/** Does the set have all of them? */
export function includesAll<T>(
  wide: ReadonlySet<T>,
  narrow: Iterable<T>,
): boolean {
  for (const each of narrow) if (!wide.has(each)) return false;
  return true;
}

/** What is generated stays: it follows from the grants. */
export function fixFor(narrow: ManifestObject, wide: string): { fix?: string } {
  return isGenerated(narrow.object)
    ? {
        fix: `Remove or narrow ${wide}: beside it what is granted limits nobody.`,
      }
    : {};
}
