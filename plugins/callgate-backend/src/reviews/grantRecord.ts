import type { ReviewableGrant } from '@callgate/policy';
import type {
  MergedRequest,
  StoredReview,
} from '../database/DatabaseGrantReviews';

/** What is recorded of a grant that is declared now. */
export interface GrantRecord {
  /** What was decided about it last: the request that made, changed, renewed or confirmed it, or a review. Absent: nothing. */
  last?: { id: string; at: number };
  /** When it was merged first; absent: somebody wrote it by hand, or nothing is known of that. Milliseconds since 1970. */
  since?: number;
  /** When somebody looked at it again and kept it, oldest first. */
  reviews: readonly StoredReview[];
}

/**
 * What is recorded of a grant, of everything that is recorded of its API, caller and id. A grant names the request that wrote its
 * terms last, and that request names the one before; what is not in that chain was about another grant of the same id, and
 * so was everything before an end.
 *
 * @param merged - requests about grants of this API, caller and id, in the order in which they were merged
 * @param reviewed - reviews of the same, oldest first
 */
export function grantRecordOf(
  { grant }: Pick<ReviewableGrant, 'grant'>,
  merged: readonly MergedRequest[],
  reviewed: readonly StoredReview[],
): GrantRecord {
  const ended = merged
    .filter(({ kind }) => kind === 'end')
    .reduce((last, { at }) => Math.max(last, at), -Infinity);
  const byId = new Map(
    merged.filter(({ at }) => at >= ended).map(each => [each.id, each]),
  );
  const names = new Set([grant.request ?? '']);
  let first: MergedRequest | undefined;
  let own: MergedRequest | undefined;
  for (
    let next = byId.get(grant.request ?? '');
    next && next.kind !== 'end' && next !== first;
    next = byId.get(next.declared)
  ) {
    first = next;
    // Whoever has a grant takes as little from it as they like, which is no look at the rest.
    if (!next.unseen) own ??= next;
    // What a `new` request is about was not there.
    if (next.kind === 'new' || names.has(next.declared)) break;
    names.add(next.declared);
  }
  // A confirmation names no request; it is of this grant if it is not older.
  const start = first?.at ?? ended;
  const reviews = reviewed.filter(
    ({ declared, at }) => names.has(declared) && at >= ended,
  );
  const records = [
    ...(own ? [own] : []),
    ...merged.filter(({ kind, at }) => kind === 'confirm' && at >= start),
    ...reviews,
  ].sort((a, b) => a.at - b.at);
  const last = records[records.length - 1];
  return {
    ...(last && { last: { id: last.id, at: last.at } }),
    ...(first?.kind === 'new' && { since: first.at }),
    reviews,
  };
}
