import type { PlatformProfile } from '@callgate/policy';

/**
 * Whose a workload is to be by a profile that has one entry of `owners` more than another one. Absent where that is not what
 * differs.
 */
export function ownerIn(
  before: Pick<PlatformProfile, 'owners'> | undefined,
  after: Pick<PlatformProfile, 'owners'> | undefined,
): string | undefined {
  const known = new Set(
    (before?.owners ?? []).map(each => JSON.stringify(each)),
  );
  const added = (after?.owners ?? []).filter(
    each => !known.has(JSON.stringify(each)),
  );
  const [rule] = added;
  return added.length === 1 && 'owner' in rule ? rule.owner : undefined;
}
