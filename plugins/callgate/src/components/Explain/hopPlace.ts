import type { Explanation } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';

/** Where on its way a call is judged, seen from its ends; what is at neither end keeps the name that it came with. */
export function hopPlace(
  t: Text,
  at: string,
  { from, to }: Pick<Explanation, 'from' | 'to'>,
): string {
  switch (at) {
    case `node of ${from}`:
      return t('explain.place.callerNode');
    case `sidecar of ${from}`:
      return t('explain.place.callerSidecar');
    case `node of ${to}`:
      return t('explain.place.providerNode');
    case `sidecar of ${to}`:
      return t('explain.place.providerSidecar');
    default:
      return at;
  }
}
