import { ConflictError } from '@backstage/errors';
import type { Grant } from '@callgate/policy';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import type { Idempotency, StoredDraft } from './AccessStore';
import type { RequestRow } from './rows';
import { isDraft, readJson } from './storedJson';

/** What a grant said when it was reviewed. */
export type ReviewedTerms = Pick<
  Grant,
  'operations' | 'in' | 'until' | 'acknowledges'
>;

/** A grant that somebody looked at again and kept. */
export interface StoredReview {
  id: string;
  api: string;
  caller: string;
  grant: string;
  /** The request in the grant then; empty: none. */
  declared: string;
  /** Id of the merged request or of the review before it; empty: there was none. */
  follows: string;
  by: string;
  /** What they decided as, by the key of a need. */
  role: string;
  /** Of what the grant stood for. */
  digest: string;
  /** What it said then. */
  terms: ReviewedTerms;
  note?: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A merged request about a grant. */
export interface MergedRequest {
  id: string;
  api: string;
  caller: string;
  grant: string;
  kind: RequestRow['kind'];
  /** Of one that is about a grant which was there: the request in that one; empty: none. */
  declared: string;
  /** It takes away alone, the caller’s side asked for it, and nobody had to approve it. */
  unseen?: true;
  /** Milliseconds since 1970. */
  at: number;
}

/** Which grants to look at; absent: all. */
export interface ReviewFilter {
  api?: string;
  apis?: readonly string[];
  grant?: string;
}

interface ReviewRow {
  id: string;
  api_ref: string;
  caller_ref: string;
  grant_id: string;
  declared_request: string;
  follows: string;
  actor: string;
  role: string;
  digest: string;
  terms: string;
  note: string | null;
  at: number | string;
  key: string | null;
  body_hash: string | null;
}

/** What is recorded of grants beside their requests: that they were reviewed. */
export class DatabaseGrantReviews {
  static create(options: {
    client: Knex;
    now?: () => number;
  }): DatabaseGrantReviews {
    return new DatabaseGrantReviews(options.client, options.now ?? Date.now);
  }

  private constructor(
    private readonly db: Knex,
    private readonly now: () => number,
  ) {}

  /** Reviews, oldest first. */
  async reviews({ api, apis, grant }: ReviewFilter = {}): Promise<
    StoredReview[]
  > {
    const query = this.db<ReviewRow>('grant_reviews').orderBy([
      { column: 'at' },
      { column: 'id' },
    ]);
    if (api !== undefined) query.where({ api_ref: api });
    if (apis !== undefined) query.whereIn('api_ref', [...apis]);
    if (grant !== undefined) query.where({ grant_id: grant });
    return (await query).map(toReview);
  }

  /**
   * Some reviews, in the order in which they were made.
   *
   * @param after - the last one of the page before
   */
  async page(
    until: number,
    after: Pick<StoredReview, 'at' | 'id'> | undefined,
    limit: number,
  ): Promise<StoredReview[]> {
    const query = this.db<ReviewRow>('grant_reviews')
      .where('at', '<=', until)
      .orderBy([{ column: 'at' }, { column: 'id' }])
      .limit(limit);
    if (after)
      query.andWhere(one =>
        one
          .where('at', '>', after.at)
          .orWhere(same =>
            same.where('at', after.at).andWhere('id', '>', after.id),
          ),
      );
    return (await query).map(toReview);
  }

  /** Merged requests about grants, in the order in which they were merged. */
  async merged({ api, apis, grant }: ReviewFilter = {}): Promise<
    MergedRequest[]
  > {
    const query = this.db('access_requests as request')
      .join('request_transitions as step', 'step.request_id', 'request.id')
      .where('step.event', 'merge')
      .andWhere('request.state', 'merged')
      .whereNotNull('request.grant_id')
      .orderBy([{ column: 'step.at' }, { column: 'step.id' }]);
    if (api !== undefined) query.andWhere('request.api_ref', api);
    if (apis !== undefined) query.whereIn('request.api_ref', [...apis]);
    if (grant !== undefined) query.andWhere('request.grant_id', grant);
    const rows: (Pick<
      RequestRow,
      'id' | 'api_ref' | 'caller_ref' | 'grant_id' | 'kind' | 'draft'
    > & { at: number | string; given: number | string })[] = await query.select(
      'request.id',
      'request.api_ref',
      'request.caller_ref',
      'request.grant_id',
      'request.kind',
      'request.draft',
      'step.at',
      this.db('request_approvals as approval')
        .count('*')
        .whereRaw('?? = ??', ['approval.request_id', 'request.id'])
        .andWhere('approval.ended_at', 0)
        .as('given'),
    );
    return rows.map(row => {
      const change = readJson<StoredDraft>(row.draft, isDraft)?.change;
      const unseen =
        row.kind === 'change' &&
        change?.side === 'caller' &&
        Number(row.given) === 0;
      return {
        id: row.id,
        api: row.api_ref,
        caller: row.caller_ref,
        grant: row.grant_id ?? '',
        kind: row.kind,
        declared: change?.request ?? '',
        ...(unseen && { unseen }),
        at: Number(row.at),
      };
    });
  }

  /**
   * The review that a write with this key made before.
   *
   * @throws ConflictError with code `idempotency-key-reused` when the key came with another body
   */
  async answered(
    actor: string,
    { key, bodyHash }: Idempotency,
  ): Promise<StoredReview | undefined> {
    const row = await this.db<ReviewRow>('grant_reviews')
      .where({ actor, key })
      .first();
    if (row && row.body_hash !== bodyHash) {
      throw Object.assign(
        new ConflictError(
          'The Idempotency-Key was used for another write. Use a new key.',
        ),
        { code: 'idempotency-key-reused' },
      );
    }
    return row && toReview(row);
  }

  /** @returns undefined where somebody has reviewed it at this moment: one review follows what was before */
  async keep(
    review: Omit<StoredReview, 'id' | 'at'>,
    idempotency?: Idempotency,
  ): Promise<StoredReview | undefined> {
    const at = this.now();
    const stored = { ...review, id: ulid(at), at };
    const rows = await this.db<ReviewRow>('grant_reviews')
      .insert({
        id: stored.id,
        api_ref: review.api,
        caller_ref: review.caller,
        grant_id: review.grant,
        declared_request: review.declared,
        follows: review.follows,
        actor: review.by,
        role: review.role,
        digest: review.digest,
        terms: JSON.stringify(review.terms),
        note: review.note || null,
        at,
        key: idempotency?.key ?? null,
        body_hash: idempotency?.bodyHash ?? null,
      })
      .onConflict()
      .ignore()
      .returning('id');
    return rows.length > 0 ? stored : undefined;
  }

  /** Takes out what people wrote in reviews of before a moment. @returns in how many */
  async blankNotes(before: number): Promise<number> {
    return this.db<ReviewRow>('grant_reviews')
      .where('at', '<', before)
      .whereNotNull('note')
      .update({ note: null });
  }
}

function toReview(row: ReviewRow): StoredReview {
  return {
    id: row.id,
    api: row.api_ref,
    caller: row.caller_ref,
    grant: row.grant_id,
    declared: row.declared_request,
    follows: row.follows,
    by: row.actor,
    role: row.role,
    digest: row.digest,
    terms: readJson<ReviewedTerms>(row.terms, isTerms) ?? { operations: [] },
    ...(row.note && { note: row.note }),
    at: Number(row.at),
  };
}

/** Of a column that cannot be read nothing is known but its digest. */
function isTerms(value: unknown): value is ReviewedTerms {
  return (
    typeof value === 'object' &&
    value !== null &&
    'operations' in value &&
    Array.isArray(value.operations)
  );
}
