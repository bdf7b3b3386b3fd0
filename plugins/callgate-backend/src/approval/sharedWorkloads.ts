import { coOwnersOf } from '@callgate/policy';
import type { Need } from './needs';

/**
 * Who has to approve besides the owners of an API because it runs on a workload that is not theirs alone. Owners of several
 * APIs on it decide once.
 *
 * @param clusters - names of those that the grant is about; absent: all
 */
export function needsOfSharedWorkloads(
  input: Parameters<typeof coOwnersOf>[0],
  api: string,
  clusters?: readonly string[],
): Need[] {
  const about = { count: 1, because: [], sharesWorkload: true as const };
  const asked = new Set<string>();
  const found = coOwnersOf(input, api, clusters);
  // That they own another API on it says more than that they own the workload.
  return [
    ...found.filter(other => other.api !== undefined),
    ...found.filter(other => other.api === undefined),
  ].flatMap((other): Need[] => {
    const key = other.owners.join(' ');
    // An API without owners is a need that nobody can meet, and no freedom.
    if (other.owners.length > 0 && asked.has(key)) return [];
    asked.add(key);
    return other.api !== undefined
      ? [{ kind: 'api-owner', api: other.api, ...about }]
      : other.owners.map(group => ({ kind: 'group', group, ...about }));
  });
}
