import type { Text } from '../../translation';

/** An accepted gap for people, as part of a sentence: `methods are not enforced`. */
export function gapTitle(t: Text, gap: string): string {
  switch (gap) {
    case 'method-not-enforced':
      return t('gaps.method-not-enforced');
    case 'identity-not-enforced':
      return t('gaps.identity-not-enforced');
    case 'shared-service-account':
      return t('gaps.shared-service-account');
    default:
      return t('gaps.other');
  }
}
