import { nameOfPolicy } from './describe';
import type { PolicyOfOthers } from './types';

/**
 * Each policy once, with all the ends that it was found at, sorted.
 *
 * @public
 */
export function mergeOthers(
  policies: readonly PolicyOfOthers[],
): PolicyOfOthers[] {
  const merged = new Map<string, PolicyOfOthers>();
  for (const policy of policies) {
    const key = `${policy.cluster} ${nameOfPolicy(policy)}`;
    const ends = [...(merged.get(key)?.ends ?? []), ...policy.ends];
    merged.set(key, { ...policy, ends: [...new Set(ends)].sort() });
  }
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, policy]) => policy);
}
