import type {
  Capability,
  ProposalDrift,
  ProposalObjection,
  ProposalReview,
  RequestObjection,
} from '@callgate/plugin-callgate-common';
import type { PullRequest } from '@callgate/plugin-callgate-node';
import { objectionsTo } from '../../proposals/objectionsTo';
import type { StoredRequest } from '../../database/AccessStore';
import type { ProposalRecord } from '../../proposals/types';
import type { LabelOf } from './Labels';

type Reviewed = Pick<PullRequest, 'reviews'> | undefined;

/** Reviews of a pull request; one of an earlier head says so. `secret`: their texts may name what the reader may not see. */
export function toReviews(
  { head }: ProposalRecord,
  pull: Reviewed,
  { labelOf, secret }: { labelOf: LabelOf; secret: boolean },
): ProposalReview[] {
  return (pull?.reviews ?? []).map(review => ({
    by: labelOf(review.by),
    decision: review.decision,
    ...(review.of !== undefined && { of: labelOf(review.of) }),
    ...(review.comment && !secret && { comment: review.comment }),
    at: review.at,
    ...(review.head !== undefined && { head: review.head }),
    outdated: review.head !== undefined && review.head !== head,
  }));
}

/** Objections that stop a merge, and whether the reader may take them back: their own, or with a reason somebody else's. */
export function toObjections(
  proposal: ProposalRecord,
  pull: Reviewed,
  how: {
    labelOf: LabelOf;
    secret: boolean;
    reader: string;
    own: Capability;
    others: Capability;
  },
): ProposalObjection[] {
  const { labelOf, secret, reader } = how;
  if (!pull || proposal.state !== 'open') return [];
  return objectionsTo(proposal, pull).map(({ id, by, at, head, comment }) => ({
    id,
    by: labelOf(by),
    at,
    ...(head !== undefined && { head }),
    ...(comment && !secret && { comment }),
    own: by === reader,
    takeBack: by === reader ? how.own : how.others,
  }));
}

/** Who asked for changes of the pull request of a request, where what they object to is this request, or nobody knows. */
export function toRequestObjections(
  request: Pick<StoredRequest, 'id'>,
  proposal: ProposalRecord | undefined,
  pull: Reviewed,
  labelOf: LabelOf,
): RequestObjection[] {
  if (!proposal || !pull || proposal.state !== 'open') return [];
  return objectionsTo(proposal, pull)
    .filter(({ about }) => about === undefined || about.includes(request.id))
    .map(({ by, at }) => ({ by: labelOf(by), at }));
}

/** Where the branch is not where Callgate left it. */
export function driftOf(
  { state, head }: ProposalRecord,
  pull: PullRequest | undefined,
): ProposalDrift | undefined {
  return state === 'open' &&
    head !== undefined &&
    pull?.state === 'open' &&
    pull.head !== head
    ? { built: head, found: pull.head }
    : undefined;
}
