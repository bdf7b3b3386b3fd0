import type { DueReview } from '@callgate/plugin-callgate-common';
import type { Text } from '../../translation';
import { nameOf } from '../marks';

/** Tells a grant from all others. */
export function reviewKey({ api, grant }: DueReview): string {
  return `${api.ref} ${grant}`;
}

/** Who may call what, for labels. */
export function whatOf(t: Text, { caller, api }: DueReview): string {
  return t('reviews.what', {
    caller: nameOf(t, caller),
    api: nameOf(t, api),
  });
}

/** How often a grant is reviewed, and who says so. */
export function everyText(
  t: Text,
  { days, rule }: { days: number; rule?: string },
): string {
  const every = t('reviews.everyDays', { count: days });
  return rule === undefined ? every : t('reviews.everyByRule', { every, rule });
}
