import { ConflictError } from '@backstage/errors';
import type { Meaning } from '@callgate/policy';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import {
  addApproval,
  addRulesApproval,
  approvalsOf,
  goesOnBy,
} from './approvals';
import { blankTexts, idsWithTexts } from './blankTexts';
import { changeRequest } from './changeRequest';
import { addComment, commentsOn } from './comments';
import {
  brokenGlass,
  glassInTheWay,
  glassRefused,
  type GlassSubject,
} from './glass';
import { reviseRequest } from './reviseRequest';
import { applySearch } from './applySearch';
import { applyVisibility } from './applyVisibility';
import type {
  AccessStore,
  AskedAlready,
  GlassInTheWay,
  Idempotency,
  NewApproval,
  NewStoredRequest,
  RequestEnds,
  RequestFilter,
  StoredApproval,
  StoredChange,
  StoredComment,
  StoredDraft,
  StoredPage,
  StoredRequest,
  StoredRevision,
  StoredTransition,
} from './AccessStore';
import type { PartyRole, RequestVisibility } from '../permissions/types';
import { claimKey, findKey, insertKey } from './idempotency';
import { decodeCursor, encodeCursor, type Cursor } from './cursor';
import { enqueue } from './enqueue';
import { alreadyAsked, openKeyOf } from './openKey';
import { grantOfDraft } from './grantOfDraft';
import {
  kindOf,
  toRequest,
  toTransition,
  type RequestRow,
  type TransitionRow,
} from './rows';
import { OPEN_STATES, type RequestState } from '../access/requestLifecycle';
import { CALLGATE_ACTOR } from '../actor';
import type { Confirmation } from '../proposals/types';

const INSERT_ATTEMPTS = 20;

/** SQLSTATE 23505 of PostgreSQL, and SQLite's word for it. */
function isUniqueViolation(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code);
  return code === '23505' || code.startsWith('SQLITE_CONSTRAINT');
}

/** What stands after a row in the order of a list. */
function continueAfter(
  query: Knex.QueryBuilder,
  sort: NonNullable<RequestFilter['sort']>,
  { key, id }: Cursor,
): void {
  const number = Number(id);
  if (sort === 'risk') {
    query.where(after =>
      after
        .where('risk', '<', key)
        .orWhere(same =>
          same.where({ risk: key }).where('number', '>', number),
        ),
    );
  } else {
    query.where('number', sort === 'oldest' ? '>' : '<', number);
  }
}

async function findOpen(
  db: Knex,
  openKey: string | null,
): Promise<AskedAlready | undefined> {
  return openKey === null
    ? undefined
    : db<RequestRow>('access_requests')
        .where({ open_key: openKey })
        .first('id', 'number', 'kind');
}

/** Access requests in the plugin's database. */
export class DatabaseAccessStore implements AccessStore {
  static create(options: {
    client: Knex;
    now?: () => number;
  }): DatabaseAccessStore {
    return new DatabaseAccessStore(options.client, options.now ?? Date.now);
  }

  readonly #db: Knex;
  readonly #now: () => number;

  private constructor(db: Knex, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async createRequest(
    request: NewStoredRequest,
    idempotency?: Idempotency,
  ): Promise<StoredRequest> {
    // Two requests at the same moment may draw the same number, or use one key: the later one reads again.
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#insertRequest(request, idempotency);
      } catch (error) {
        if (attempt === INSERT_ATTEMPTS || !isUniqueViolation(error)) {
          throw error;
        }
      }
    }
  }

  async askedAlready(
    apiRef: string,
    draft: Pick<StoredDraft, 'confirm' | 'change'>,
  ): Promise<AskedAlready | undefined> {
    return findOpen(this.#db, openKeyOf(apiRef, draft));
  }

  async #insertRequest(
    request: NewStoredRequest,
    idempotency?: Idempotency,
  ): Promise<StoredRequest> {
    return this.#db.transaction(async trx => {
      const known =
        idempotency && (await findKey(trx, request.requestedBy, idempotency));
      if (known) {
        return toRequest(
          (await trx<RequestRow>('access_requests')
            .where({ id: known })
            .first()) as RequestRow,
        );
      }
      const { draft } = request;
      const { breakGlass } = request;
      const openKey = openKeyOf(
        request.apiRef,
        draft,
        breakGlass && request.callerRef,
      );
      const same = breakGlass ? undefined : await findOpen(trx, openKey);
      if (same) {
        throw alreadyAsked(same);
      }
      const now = this.#now();
      const inTheWay = breakGlass && (await glassInTheWay(trx, request, now));
      if (inTheWay) {
        throw glassRefused(inTheWay);
      }
      const last = await trx('access_requests').max<{ max: number | null }[]>({
        max: 'number',
      });
      const id = ulid(now);
      // Nothing waits where nobody has to approve.
      const goesOn = request.needs?.length === 0 || breakGlass !== undefined;
      const rule = request.approvedByRule;
      const state = goesOn ? 'approved' : 'submitted';
      const row: RequestRow = {
        id,
        number: (last[0].max ?? 0) + 1,
        api_ref: request.apiRef,
        caller_ref: request.callerRef,
        draft: JSON.stringify(request.draft),
        state,
        requested_by: request.requestedBy,
        decided_by: null,
        digest: request.shown.digest,
        shown: JSON.stringify(request.shown),
        needs: request.needs ? JSON.stringify(request.needs) : null,
        proposal_id: null,
        risk: request.risk,
        kind: kindOf(draft),
        open_key: openKey,
        words: (request.words ?? request.draft.reason).toLowerCase(),
        grant_id: grantOfDraft({ ...request, id }),
        afterwards: breakGlass ? 'undecided' : null,
        expires_at: breakGlass?.expiresAt ?? null,
        texts_blanked_at: null,
        version: 1,
        created_at: now,
        updated_at: now,
      };
      await trx('access_requests').insert(row);
      const parties = request.parties.map(({ role, ref }) => ({
        request_id: row.id,
        role,
        ref,
      }));
      if (parties.length > 0) {
        await trx('request_parties')
          .insert(parties)
          .onConflict(['request_id', 'role', 'ref'])
          .ignore();
      }
      await trx('request_transitions').insert({
        request_id: row.id,
        at: now,
        actor:
          request.requestedBy === CALLGATE_ACTOR ? null : request.requestedBy,
        event: 'submit',
        to_state: 'submitted',
      });
      if (goesOn) {
        await trx('request_transitions').insert({
          request_id: row.id,
          at: now,
          event: 'approve',
          from_state: 'submitted',
          to_state: 'approved',
          facts: JSON.stringify(goesOnBy(rule, draft, breakGlass)),
        });
        if (rule) await addRulesApproval(trx, row, rule, now);
        await enqueue(trx, row.api_ref, now);
      }
      if (idempotency) {
        await insertKey(trx, request.requestedBy, idempotency, row.id, now);
      }
      return toRequest(row);
    });
  }

  async answered(
    actor: string,
    idempotency: Idempotency,
  ): Promise<string | undefined> {
    return findKey(this.#db, actor, idempotency);
  }

  async claimKey(actor: string, idempotency: Idempotency): Promise<void> {
    await claimKey(this.#db, actor, idempotency, this.#now());
  }

  async remember(
    actor: string,
    idempotency: Idempotency,
    id: string,
  ): Promise<void> {
    await insertKey(this.#db, actor, idempotency, id, this.#now());
  }

  async getRequest(id: string): Promise<StoredRequest | undefined> {
    const row = await this.#db<RequestRow>('access_requests')
      .where({ id })
      .first();
    return row && toRequest(row);
  }

  async requestsOfApi(
    apiRef: string,
    states: readonly RequestState[],
  ): Promise<StoredRequest[]> {
    const rows = await this.#db<RequestRow>('access_requests')
      .where({ api_ref: apiRef })
      .whereIn('state', [...states])
      .orderBy('number');
    return rows.map(toRequest);
  }

  async openConfirms(): Promise<StoredRequest[]> {
    const rows = await this.#db<RequestRow>('access_requests')
      .where({ kind: 'confirm' })
      .whereIn('state', [...OPEN_STATES])
      .orderBy('number');
    return rows.map(toRequest);
  }

  async openChanges(): Promise<StoredRequest[]> {
    const rows = await this.#db<RequestRow>('access_requests')
      .whereIn('kind', ['change', 'renew', 'end'])
      .whereIn('state', [...OPEN_STATES])
      .orderBy('number');
    return rows.map(toRequest);
  }

  async glassInTheWay(
    subject: GlassSubject,
  ): Promise<GlassInTheWay | undefined> {
    return glassInTheWay(this.#db, subject, this.#now());
  }

  async brokenGlass(): Promise<StoredRequest[]> {
    return (await brokenGlass(this.#db, this.#now())).map(toRequest);
  }

  async endNotice(id: string): Promise<StoredRequest | undefined> {
    return this.#db.transaction(async trx => {
      const row = await trx<RequestRow>('access_requests')
        .where({ id, state: 'approved' })
        .first();
      const request = row && toRequest(row);
      const { held, ...change } = request?.draft.change ?? {};
      if (!row || !request || !held) return undefined;
      const now = this.#now();
      const next = {
        draft: JSON.stringify({ ...request.draft, change }),
        version: row.version + 1,
        updated_at: now,
      };
      // Of several at once one does it; who withdraws meanwhile has another version.
      const changed = await trx<RequestRow>('access_requests')
        .where({ id, state: 'approved', version: row.version })
        .update(next);
      if (changed !== 1) return undefined;
      await enqueue(trx, row.api_ref, now);
      return toRequest({ ...row, ...next });
    });
  }

  async confirmsOf(apiRef: string): Promise<StoredRequest[]> {
    const rows = await this.#db<RequestRow>('access_requests')
      .where({ kind: 'confirm', api_ref: apiRef })
      .orderBy('number');
    return rows.map(toRequest);
  }

  async requestsOfGrant(
    apiRef: string,
    grantId: string,
  ): Promise<StoredRequest[]> {
    const rows = await this.#db<RequestRow>('access_requests')
      .where({ api_ref: apiRef, grant_id: grantId })
      .orderBy('number');
    return rows.map(toRequest);
  }

  async apisOfGrant(grantId: string): Promise<string[]> {
    const rows = await this.#db('access_requests')
      .where({ grant_id: grantId })
      .distinct<{ api_ref: string }[]>('api_ref')
      .orderBy('api_ref');
    return rows.map(row => row.api_ref);
  }

  async setConfirm(id: string, confirm: Confirmation): Promise<void> {
    await this.#db.transaction(async trx => {
      const row = await trx<RequestRow>('access_requests')
        .where({ id, state: 'submitted' })
        .first();
      if (!row) return;
      await trx<RequestRow>('access_requests')
        .where({ id, version: row.version })
        .update({
          draft: JSON.stringify({ ...JSON.parse(row.draft), confirm }),
          version: row.version + 1,
          updated_at: this.#now(),
        });
    });
  }

  async requestsOfProposals(
    proposalIds: readonly string[],
  ): Promise<StoredRequest[]> {
    const rows = await this.#db<RequestRow>('access_requests')
      .whereIn('proposal_id', [...proposalIds])
      .orderBy('number');
    return rows.map(toRequest);
  }

  async requestedApis(): Promise<string[]> {
    const rows = await this.#db('access_requests').distinct<
      { api_ref: string }[]
    >('api_ref');
    return rows.map(row => row.api_ref);
  }

  async requestEnds(): Promise<RequestEnds> {
    const distinct = async (
      column: 'api_ref' | 'caller_ref' | 'requested_by',
    ): Promise<string[]> => {
      const rows = await this.#db<RequestRow>('access_requests').distinct<
        Pick<RequestRow, typeof column>[]
      >(column);
      return rows.map(row => row[column]);
    };
    return {
      apis: await distinct('api_ref'),
      callers: await distinct('caller_ref'),
      people: await distinct('requested_by'),
    };
  }

  async listRequests(
    filter: RequestFilter,
    page: { cursor?: string; limit: number },
  ): Promise<StoredPage<StoredRequest>> {
    const query = this.#filtered(filter);
    const [{ count }] = await query
      .clone()
      .count<{ count: number | string }[]>({ count: '*' });
    const { sort = 'newest' } = filter;
    if (page.cursor) {
      continueAfter(query, sort, decodeCursor(page.cursor));
    }
    if (sort === 'risk') {
      query.orderBy('risk', 'desc');
    }
    // Numbers are given in the order of creation, so they are sort key and tie-break at once.
    const rows = await query
      .select('access_requests.*')
      .orderBy('number', sort === 'newest' ? 'desc' : 'asc')
      .limit(page.limit + 1);
    const items = (rows as RequestRow[]).slice(0, page.limit).map(toRequest);
    const last = items[items.length - 1];
    return {
      items,
      total: Number(count),
      ...(rows.length > page.limit && {
        nextCursor: encodeCursor({
          key: sort === 'risk' ? last.risk : 0,
          id: String(last.number),
        }),
      }),
    };
  }

  async isVisible(id: string, visible: RequestVisibility): Promise<boolean> {
    const query = this.#db('access_requests').where('access_requests.id', id);
    applyVisibility(query, visible);
    return (await query.first('access_requests.id')) !== undefined;
  }

  async getParties(
    id: string,
  ): Promise<
    { id: string; parties: { role: PartyRole; ref: string }[] } | undefined
  > {
    const parties = await this.#db('request_parties')
      .where({ request_id: id })
      .select<{ role: PartyRole; ref: string }[]>('role', 'ref');
    return parties.length > 0 ? { id, parties } : undefined;
  }

  async transitions(requestId: string): Promise<StoredTransition[]> {
    const rows = await this.#db<TransitionRow>('request_transitions')
      .where({ request_id: requestId })
      .orderBy('id');
    return rows.map(toTransition);
  }

  async transitionsOf(
    requestIds: readonly string[],
  ): Promise<Map<string, StoredTransition[]>> {
    const rows = await this.#db<TransitionRow>('request_transitions')
      .whereIn('request_id', [...requestIds])
      .orderBy('id');
    const found = new Map<string, StoredTransition[]>();
    for (const row of rows) {
      const own = found.get(row.request_id) ?? [];
      own.push(toTransition(row));
      found.set(row.request_id, own);
    }
    return found;
  }

  async change(change: StoredChange): Promise<StoredRequest> {
    return this.#db.transaction(async trx => {
      const now = this.#now();
      const row = await changeRequest(trx, change, now);
      if (change.rebuild) {
        await enqueue(trx, row.api_ref, now);
      }
      if (change.idempotency && change.actor) {
        await insertKey(trx, change.actor, change.idempotency, row.id, now);
      }
      return toRequest(row);
    });
  }

  async approve(approval: NewApproval): Promise<StoredRequest> {
    return this.#db.transaction(async trx => {
      const now = this.#now();
      const row = await addApproval(trx, approval, now);
      if (approval.complete) {
        await enqueue(trx, row.api_ref, now);
      }
      if (approval.idempotency) {
        const { actor, idempotency } = approval;
        await insertKey(trx, actor, idempotency, row.id, now);
      }
      return toRequest(row);
    });
  }

  async revise(revision: StoredRevision): Promise<StoredRequest> {
    return this.#db.transaction(async trx => {
      const now = this.#now();
      const row = await reviseRequest(trx, revision, now);
      if (revision.idempotency) {
        const { actor, idempotency } = revision;
        await insertKey(trx, actor, idempotency, row.id, now);
      }
      return toRequest(row);
    });
  }

  async comment(
    comment: Omit<StoredComment, 'id' | 'at'>,
    idempotency?: Idempotency,
  ): Promise<StoredComment> {
    return this.#db.transaction(async trx => {
      const now = this.#now();
      const added = await addComment(trx, comment, now);
      if (idempotency) {
        await insertKey(trx, comment.by, idempotency, comment.requestId, now);
      }
      return added;
    });
  }

  async comments(requestId: string): Promise<StoredComment[]> {
    return commentsOn(this.#db, requestId);
  }

  async approvals(requestIds: readonly string[]): Promise<StoredApproval[]> {
    return approvalsOf(this.#db, requestIds);
  }

  async blankTexts(id: string): Promise<StoredRequest> {
    return this.#db.transaction(async trx =>
      toRequest(await blankTexts(trx, id, this.#now())),
    );
  }

  async idsWithTexts(before: number, limit: number): Promise<string[]> {
    return idsWithTexts(this.#db, before, limit);
  }

  async setShown(
    id: string,
    version: number,
    shown: Meaning,
  ): Promise<StoredRequest> {
    return this.#db.transaction(async trx => {
      const changed = await trx<RequestRow>('access_requests')
        .where({ id, version, state: 'submitted' })
        .update({
          digest: shown.digest,
          shown: JSON.stringify(shown),
          version: version + 1,
          updated_at: this.#now(),
        });
      if (changed !== 1) {
        throw Object.assign(
          new ConflictError(
            'The request was changed meanwhile. Read it again.',
          ),
          {
            code: 'version-conflict',
          },
        );
      }
      return toRequest(
        (await trx<RequestRow>('access_requests')
          .where({ id })
          .first()) as RequestRow,
      );
    });
  }

  #filtered(filter: RequestFilter): Knex.QueryBuilder {
    const query = this.#db('access_requests');
    const {
      apiRef,
      callerRef,
      callerRefs,
      requestedBy,
      parties,
      kinds,
      search,
      states,
      ids,
      afterwards,
      notRequestedBy,
      visible,
      hidden,
    } = filter;
    if (apiRef) query.where({ api_ref: apiRef });
    if (callerRef) query.where({ caller_ref: callerRef });
    if (callerRefs) query.whereIn('caller_ref', [...callerRefs]);
    if (requestedBy) query.where({ requested_by: requestedBy });
    if (parties) applyVisibility(query, parties);
    if (kinds) query.whereIn('kind', [...kinds]);
    if (search) applySearch(query, search);
    if (states) query.whereIn('state', [...states]);
    if (ids) query.whereIn('access_requests.id', [...ids]);
    if (afterwards) query.whereIn('afterwards', [...afterwards]);
    if (notRequestedBy) query.whereNot({ requested_by: notRequestedBy });
    if (visible) applyVisibility(query, visible);
    if (hidden) {
      query.where(either =>
        either
          .whereNotIn('api_ref', [...hidden.apis])
          .orWhere({ requested_by: hidden.exceptRequestedBy }),
      );
    }
    return query;
  }
}
