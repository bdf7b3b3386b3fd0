import {
  standingObjections,
  type PullRequest,
  type StandingObjection,
} from '@callgate/plugin-callgate-node';
import type { ProposalRecord } from './types';

/**
 * Objections that stop a proposal. One is about the requests that the head carried to which it was made; it stands until it
 * is taken back, or until none of these is in the pull request any more. What came later is not objected to by it, and is
 * not merged past it either. Where it is not known what it was about, it stands.
 */
export function objectionsTo(
  record: Pick<ProposalRecord, 'requestIds' | 'head' | 'earlier'>,
  { reviews }: Pick<PullRequest, 'reviews'>,
): StandingObjection[] {
  const { requestIds } = record;
  // A hosted forge knows the head alone.
  const known = reviews.map(review => {
    const about = review.about ?? carriedBy(record, review.head);
    return about ? { ...review, about: [...about] } : review;
  });
  return standingObjections(known).filter(
    ({ about }) =>
      about === undefined || about.some(id => requestIds.includes(id)),
  );
}

/** The requests that a head carried, if it was one of ours. */
function carriedBy(
  {
    requestIds,
    head,
    earlier = [],
  }: Pick<ProposalRecord, 'requestIds' | 'head' | 'earlier'>,
  reviewed: string | undefined,
): readonly string[] | undefined {
  if (reviewed === undefined) return undefined;
  const heads = [
    ...earlier,
    ...(head === undefined ? [] : [{ head, requestIds }]),
  ].filter(each => each.head === reviewed);
  // One head may have been ours more than once.
  return heads.length > 0
    ? [...new Set(heads.flatMap(each => each.requestIds))]
    : undefined;
}
