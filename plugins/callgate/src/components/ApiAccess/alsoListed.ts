import type { AccessRow, ApiAccess } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';

/**
 * Who is listed beside those who surely can call, kind by kind: `1 whose grant is not in force, 2 that can call where
 * everyone can`.
 *
 * @param able - how many of the rows are counted as callers
 */
export function alsoListed(t: Text, access: ApiAccess, able: number): string {
  const { callers, headline } = access;
  const without = callers.filter(isInEffectNowhere);
  // A grant that is refused in part has a row that counts as a caller as well: never more than are left.
  let left = callers.length - able;
  const take = (count: number) => {
    const taken = Math.max(Math.min(count, left), 0);
    left -= taken;
    return taken;
  };
  const unknown = take(without.filter(isUnknown).length);
  const notInForce = take(without.filter(row => !isUnknown(row)).length);
  const perhaps = take(headline.perhaps);
  const open = take(left);
  return [
    notInForce > 0 && t('access.alsoNotInForce', { count: notInForce }),
    unknown > 0 && t('access.alsoUnknown', { count: unknown }),
    perhaps > 0 && t('access.alsoPerhaps', { count: perhaps }),
    open > 0 && t('access.alsoOpen', { count: open }),
  ]
    .filter(Boolean)
    .join(', ');
}

/** A row that says nothing but that its grants open nothing: who has it can do nothing that was judged. */
function isInEffectNowhere({ compared, certainty, grants }: AccessRow) {
  return (
    compared === 'declared' &&
    certainty !== 'conditional' &&
    grants.every(({ status }) => status !== 'granted')
  );
}

function isUnknown({ grants }: AccessRow): boolean {
  return grants.some(({ status }) => status === 'unknown');
}
