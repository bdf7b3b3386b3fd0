import type {
  GrantReview,
  GrantReviewTerm,
} from '@callgate/plugin-callgate-common';
import type { StoredReview } from '../../database/DatabaseGrantReviews';
import { needOfKey, refOfNeed } from '../../evidence/decisions';
import type { ReviewedGrant } from '../../reviews';
import type { LabelOf } from './Labels';

/** A review as its readers see it: all who may see it may see the API and the caller. */
export function toGrantReview(
  { id, by, role, digest, note, at }: StoredReview,
  labelOf: LabelOf,
): GrantReview {
  const as = needOfKey(role);
  const of = as && refOfNeed(as);
  return {
    id,
    by: labelOf(by),
    at: new Date(at).toISOString(),
    role: as?.kind ?? 'api-owner',
    ...(of !== undefined && { of: labelOf(of) }),
    ...(note && { note }),
    digest,
  };
}

/** How often a grant is reviewed; `undefined` where nothing asks for it. */
export function toReviewTerm({
  standing: { review },
  term,
}: ReviewedGrant): GrantReviewTerm | undefined {
  return (
    review &&
    term && {
      days: review.days,
      ...(review.rule !== undefined && { rule: review.rule }),
      due: term.due,
      ...(term.until !== undefined && { until: term.until }),
    }
  );
}
