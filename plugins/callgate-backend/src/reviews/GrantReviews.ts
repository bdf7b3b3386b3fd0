import {
  dayAt,
  type ReviewableGrant,
  reviewableGrants,
  type ReviewTerm,
  reviewTermOf,
} from '@callgate/policy';
import type { AccessStore, Idempotency } from '../database/AccessStore';
import type {
  DatabaseGrantReviews,
  MergedRequest,
  StoredReview,
} from '../database/DatabaseGrantReviews';
import type { Snapshot } from '../proposals/types';
import { type GrantRecord, grantRecordOf } from './grantRecord';

/** A declared grant with what is recorded of it, and whether somebody has to look at it again. */
export interface ReviewedGrant {
  standing: ReviewableGrant;
  record: GrantRecord;
  /** Absent: nothing asks for reviews of it. */
  term?: ReviewTerm;
  /** It is the only grant of its declaration. */
  isLast: boolean;
}

/** More APIs are not named to the database: it gives everything then. */
const MOST_NAMED = 500;

/** What a review is kept as. */
export type NewReview = Pick<StoredReview, 'by' | 'role' | 'note'>;

/**
 * Which grants are to be looked at again, and that somebody did. A review changes nothing in Git: it says who looked at what a
 * grant stood for, and that it stays.
 */
export class GrantReviews {
  constructor(
    private readonly parts: {
      store: DatabaseGrantReviews;
      requests: Pick<AccessStore, 'openChanges'>;
      /** The company's own interval, in days; absent: rules alone ask for reviews. */
      reviewEvery?: number;
      /** Milliseconds since 1970. */
      now(): number;
    },
  ) {}

  readonly #standings = new WeakMap<
    Snapshot,
    { day: string; standings: readonly ReviewableGrant[] }
  >();

  /** APIs with grants that are reviewed from time to time, due or not. */
  apisOf(snapshot: Snapshot): string[] {
    return [
      ...new Set(
        this.#standingsOf(snapshot)
          .filter(({ review }) => review !== undefined)
          .map(({ api }) => api),
      ),
    ];
  }

  /**
   * Grants that are due, by API, caller and id; without those whose end is on its way.
   *
   * @param apis - of these alone; all by default
   */
  async due(
    snapshot: Snapshot,
    apis?: readonly string[],
  ): Promise<ReviewedGrant[]> {
    const among = apis && new Set(apis);
    const reviewed = this.#standingsOf(snapshot).filter(
      ({ review, api }) => review !== undefined && (among?.has(api) ?? true),
    );
    if (reviewed.length === 0) return [];
    const { store, requests } = this.parts;
    const filter = apis && apis.length <= MOST_NAMED ? { apis } : {};
    const [merged, reviews, open] = await Promise.all([
      store.merged(filter),
      store.reviews(filter),
      requests.openChanges(),
    ]);
    const ends = new Set(
      open.flatMap(({ apiRef, callerRef, draft: { change } }) =>
        change?.kind === 'end' ? keyOf(apiRef, callerRef, change.grant) : [],
      ),
    );
    const mergedOf = grouped(merged);
    const reviewsOf = grouped(reviews);
    return reviewed
      .filter(standing => !ends.has(keyOfStanding(standing)))
      .map(standing => {
        const key = keyOfStanding(standing);
        return this.#reviewed(
          snapshot,
          standing,
          mergedOf.get(key) ?? [],
          reviewsOf.get(key) ?? [],
        );
      })
      .filter(({ term }) => term?.due);
  }

  /** One declared grant; `undefined` where there is none. */
  async of(
    snapshot: Snapshot,
    api: string,
    grant: string,
  ): Promise<ReviewedGrant | undefined> {
    const standing = this.#standingsOf(snapshot).find(
      each => each.api === api && each.grant.id === grant,
    );
    if (!standing) return undefined;
    const { store } = this.parts;
    const [merged, reviews] = await Promise.all([
      store.merged({ api, grant }),
      store.reviews({ api, grant }),
    ]);
    const isOwn = ({ caller }: { caller: string }) =>
      caller === standing.caller;
    return this.#reviewed(
      snapshot,
      standing,
      merged.filter(isOwn),
      reviews.filter(isOwn),
    );
  }

  /** Reviews of grants that had this id, also of those that have ended, oldest first. */
  async ofGrant(
    api: string,
    caller: string,
    grant: string,
  ): Promise<StoredReview[]> {
    const reviews = await this.parts.store.reviews({ api, grant });
    return reviews.filter(each => each.caller === caller);
  }

  /** Reviews of all grants of an API, also of those that have ended, oldest first. */
  async ofApi(api: string): Promise<StoredReview[]> {
    return this.parts.store.reviews({ api });
  }

  /**
   * Some reviews of all grants, oldest first.
   *
   * @param until - milliseconds since 1970
   * @param after - the last one of the page before
   */
  async page(
    until: number,
    after: StoredReview | undefined,
    limit: number,
  ): Promise<StoredReview[]> {
    return this.parts.store.page(until, after, limit);
  }

  /** Takes note that a grant stays as it is; `undefined` where somebody else did at this moment. */
  async keep(
    { standing, record }: ReviewedGrant,
    review: NewReview,
    idempotency?: Idempotency,
  ): Promise<StoredReview | undefined> {
    const { api, caller, grant, digest } = standing;
    return this.parts.store.keep(
      {
        ...{ api, caller, digest },
        grant: grant.id,
        declared: grant.request ?? '',
        follows: record.last?.id ?? '',
        terms: {
          operations: grant.operations,
          ...(grant.in && { in: grant.in }),
          ...(grant.until !== undefined && { until: grant.until }),
          ...(grant.acknowledges && { acknowledges: grant.acknowledges }),
        },
        ...review,
      },
      idempotency,
    );
  }

  answered(actor: string, idempotency: Idempotency) {
    return this.parts.store.answered(actor, idempotency);
  }

  #reviewed(
    snapshot: Snapshot,
    standing: ReviewableGrant,
    merged: readonly MergedRequest[],
    reviews: readonly StoredReview[],
  ): ReviewedGrant {
    const record = grantRecordOf(standing, merged, reviews);
    const { review, api } = standing;
    const term =
      review &&
      reviewTermOf(
        record.last && dayAt(record.last.at),
        review.days,
        this.#today(),
      );
    const grants = snapshot.policies.find(
      ({ policy }) => policy?.spec.api === api,
    )?.policy?.spec.grants;
    return {
      ...{ standing, record },
      ...(term && { term }),
      isLast: grants?.length === 1,
    };
  }

  /** Worked out once for each reading of the repository and day. */
  #standingsOf(snapshot: Snapshot): readonly ReviewableGrant[] {
    const day = this.#today();
    const known = this.#standings.get(snapshot);
    if (known?.day === day) return known.standings;
    const { reviewEvery } = this.parts;
    const standings = reviewableGrants({
      policies: snapshot.policies.flatMap(({ policy }) =>
        policy ? [{ policy }] : [],
      ),
      edges: snapshot.compilation.plan.edges,
      catalog: snapshot.catalog,
      clusters: snapshot.clusters,
      rules: snapshot.approvalRules,
      today: day,
      ...(reviewEvery !== undefined && { reviewEvery }),
    });
    this.#standings.set(snapshot, { day, standings });
    return standings;
  }

  #today(): string {
    return dayAt(this.parts.now());
  }
}

/** References and ids have no blanks. */
function keyOf(api: string, caller: string, grant: string): string {
  return `${api} ${caller} ${grant}`;
}

function keyOfStanding({ api, caller, grant }: ReviewableGrant): string {
  return keyOf(api, caller, grant.id);
}

function grouped<T extends { api: string; caller: string; grant: string }>(
  all: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each.api, each.caller, each.grant);
    const known = groups.get(key);
    if (known) known.push(each);
    else groups.set(key, [each]);
  }
  return groups;
}
