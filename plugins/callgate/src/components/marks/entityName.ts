import type { EntityLabel } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';

/** A label in running text. */
export function nameOf(t: Text, label: EntityLabel): string {
  return label.state === 'hidden'
    ? t('marks.hiddenEntity')
    : label.title ?? label.name;
}
