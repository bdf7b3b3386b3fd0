import { addDays, daysUntil } from '../model/day';

/**
 * Until when a grant stands without a review.
 *
 * @public
 */
export interface ReviewTerm {
  due: boolean;
  /** the last day on which it stood, or stands, without one; absent: nothing is recorded of it, so it is due from the start */
  until?: string;
}

/**
 * Whether a grant is due for a review: `every` days after the day of what was last decided about it, that day is over.
 *
 * @param last - the day, such as `2027-03-01`, on which it was merged or reviewed last; absent: nothing is recorded of it
 * @param every - days
 * @param today - a day of UTC
 * @public
 */
export function reviewTermOf(
  last: string | undefined,
  every: number,
  today: string,
): ReviewTerm {
  if (last === undefined) return { due: true };
  const until = addDays(last, every);
  return { due: daysUntil(today, until) < 0, until };
}
