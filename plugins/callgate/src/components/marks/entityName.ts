import type { EntityLabel } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';

/** Letters that are written from right to left: Hebrew to Arabic Extended-A, their presentation forms, and the planes above. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Characters that turn the direction of what follows, or end what holds them. */
const TURNS = /[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** A label where it stands alone, such as in a field or an element of its own. */
export function titleOf(t: Text, label: EntityLabel): string {
  return label.state === 'hidden'
    ? t('marks.hiddenEntity')
    : (label.title ?? label.name).replace(TURNS, '');
}

/**
 * A label in running text. A name from right to left stands apart from the sentence around it (Unicode's isolates), so
 * that numbers and other names beside it keep their place.
 */
export function nameOf(t: Text, label: EntityLabel): string {
  const title = titleOf(t, label);
  return RIGHT_TO_LEFT.test(title) ? `\u2068${title}\u2069` : title;
}
