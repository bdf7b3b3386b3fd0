import type { Gap } from '../model/types';

const TITLES: Record<Gap, string> = {
  'identity-not-enforced': 'identities are not enforced',
  'method-not-enforced': 'methods are not enforced',
  'shared-service-account': 'a service account is shared',
};

/**
 * An accepted gap for people: `methods are not enforced`.
 *
 * @public
 */
export function gapTitle(gap: string): string {
  return Object.hasOwn(TITLES, gap)
    ? TITLES[gap as Gap]
    : 'something is not enforced';
}
