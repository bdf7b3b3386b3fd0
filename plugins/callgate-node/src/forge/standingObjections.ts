import { createHash } from 'node:crypto';
import type { PullRequestReview } from './Forge';

/**
 * Changes that one person requested and that nobody has taken back.
 *
 * @public
 */
export interface StandingObjection {
  /** Another one after the same person has objected again: nobody takes back what they were not shown. */
  id: string;
  by: string;
  /** When they objected last. ISO 8601. */
  at: string;
  /** The head of that time. */
  head?: string;
  comment?: string;
  /** Everything that they objected to; `undefined` where that is not known, and then it is about everything. */
  about?: readonly string[];
}

/**
 * Which objections stand after all these reviews, oldest first. An objection ends when its author approves, or when it is
 * taken back; a new head does not end it.
 *
 * @public
 */
export function standingObjections(
  reviews: readonly PullRequestReview[],
): StandingObjection[] {
  const standing = new Map<string, StandingObjection>();
  for (const review of reviews) {
    const { by, decision } = review;
    if (decision === 'changes-requested') {
      standing.set(by, objectionOf(review, standing.get(by)));
    } else if (decision === 'approved') {
      standing.delete(by);
    } else if (decision === 'withdrawn') {
      standing.delete(review.of ?? by);
    }
  }
  return [...standing.values()];
}

function objectionOf(
  { by, at, head, comment, about }: PullRequestReview,
  before: StandingObjection | undefined,
): StandingObjection {
  const known = about && (!before || before.about);
  const id = createHash('sha256').update(`${by}\n${at}`).digest('hex');
  return {
    id: id.slice(0, 16),
    by,
    at,
    ...(head !== undefined && { head }),
    ...(comment !== undefined && { comment }),
    ...(known && { about: [...new Set([...(before?.about ?? []), ...about])] }),
  };
}
