import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import { ulid } from 'ulid';
import {
  CARRIED_STATES,
  nextState,
  type RequestEvent,
} from '../access/requestLifecycle';
import type {
  CarriedRequest,
  OutboxRow,
  ProposalRecord,
  ProposalState,
  ProposalStore,
  RequestOutcome,
} from '../proposals/types';
import type { StoredPage } from './AccessStore';
import { approvalsOf, endApprovals } from './approvals';
import { changeRequest } from './changeRequest';
import { decodeCursor, encodeCursor } from './cursor';
import { enqueue } from './enqueue';
import {
  toRecord,
  toRequest,
  type OutboxTableRow,
  type ProposalRow,
  type RequestRow,
} from './rows';
import { toCarriedRequest } from './toCarriedRequest';

const EVENTS: Record<RequestOutcome['event'], RequestEvent> = {
  proposed: 'propose',
  'meaning-changed': 'ask-again',
  merged: 'merge',
  declined: 'decline',
  superseded: 'supersede',
};
/** In these a request is over, and not merged. */
const LEFT_STATES = [
  'withdrawn',
  'declined',
  'rejected',
  'superseded',
] as const;
const CURRENT: ProposalState[] = ['building', 'open', 'failed'];

/** The outbox and the proposals in the plugin's database. */
export class DatabaseProposalStore implements ProposalStore {
  static create(options: {
    client: Knex;
    now?: () => number;
  }): DatabaseProposalStore {
    return new DatabaseProposalStore(options.client, options.now ?? Date.now);
  }

  readonly #db: Knex;
  readonly #now: () => number;

  private constructor(db: Knex, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async enqueue(api: string): Promise<void> {
    await this.#db.transaction(trx => enqueue(trx, api, this.#now()));
  }

  async claim(options: {
    limit: number;
    leaseMs: number;
  }): Promise<OutboxRow[]> {
    return this.#db.transaction(async trx => {
      const now = this.#now();
      const due = await trx<OutboxTableRow>('outbox')
        .where('due_at', '<=', now)
        .andWhere('leased_until', '<=', now)
        .orderBy('due_at')
        .limit(options.limit);
      const claimed: OutboxRow[] = [];
      for (const row of due) {
        const leaseToken = ulid(now);
        // Only one of two workers finds the old lease still there.
        const won = await trx<OutboxTableRow>('outbox')
          .where({ api_ref: row.api_ref, leased_until: row.leased_until })
          .update({
            leased_until: now + options.leaseMs,
            lease_token: leaseToken,
          });
        if (won === 1) {
          claimed.push({
            api: row.api_ref,
            version: row.version,
            attempts: row.attempts,
            leaseToken,
          });
        }
      }
      return claimed;
    });
  }

  async finish(row: OutboxRow): Promise<void> {
    await this.#db.transaction(async trx => {
      const mine = { api_ref: row.api, lease_token: row.leaseToken };
      const done = await trx('outbox')
        .where({ ...mine, version: row.version })
        .delete();
      if (done === 0) {
        await trx('outbox')
          .where(mine)
          .update({ leased_until: 0, lease_token: null });
      }
    });
  }

  async postpone(
    row: OutboxRow,
    options: { delayMs: number; problem: string },
  ): Promise<void> {
    await this.#db('outbox')
      .where({ api_ref: row.api, lease_token: row.leaseToken })
      .update({
        attempts: row.attempts + 1,
        due_at: this.#now() + options.delayMs,
        leased_until: 0,
        lease_token: null,
        problem: options.problem,
      });
  }

  async renew(
    rows: readonly OutboxRow[],
    options: { leaseMs: number },
  ): Promise<ReadonlySet<string>> {
    const ours = new Set<string>();
    for (const { api, leaseToken } of rows) {
      const renewed = await this.#db('outbox')
        .where({ api_ref: api, lease_token: leaseToken })
        .update({ leased_until: this.#now() + options.leaseMs });
      if (renewed === 1) ours.add(leaseToken);
    }
    return ours;
  }

  async release(rows: readonly OutboxRow[]): Promise<void> {
    await this.#db('outbox')
      .whereIn(
        'lease_token',
        rows.map(({ leaseToken }) => leaseToken),
      )
      .update({ leased_until: 0, lease_token: null });
  }

  async carriedRequests(api: string): Promise<CarriedRequest[]> {
    return this.#db.transaction(async trx => {
      const rows = await trx<RequestRow>('access_requests')
        .where({ api_ref: api })
        .whereIn('state', [...CARRIED_STATES])
        .orderBy('number');
      const approvals = await approvalsOf(
        trx,
        rows.map(row => row.id),
      );
      return (
        rows
          .map(toRequest)
          // An end with notice is in no pull request before that is over.
          .filter(({ damaged, draft }) => !damaged && !draft.change?.held)
          .map(request => toCarriedRequest(request, approvals))
      );
    });
  }

  async leftRequests(
    api: string,
    ids: readonly string[],
  ): Promise<CarriedRequest[]> {
    if (ids.length === 0) return [];
    const approved = this.#db('request_transitions')
      .select('request_id')
      .whereIn('to_state', [...LEFT_STATES])
      .whereIn('from_state', [...CARRIED_STATES]);
    const rows = await this.#db<RequestRow>('access_requests')
      .where({ api_ref: api })
      .whereIn('state', [...LEFT_STATES])
      .whereIn('id', approved)
      .orderBy('number');
    return rows
      .filter(({ id }) => ids.includes(id))
      .map(toRequest)
      .filter(({ damaged }) => !damaged)
      .map(request => toCarriedRequest(request, []));
  }

  async damagedRequests(
    api: string,
  ): Promise<readonly { id: string; number: number }[]> {
    const rows = await this.#db<RequestRow>('access_requests')
      .where({ api_ref: api })
      .whereIn('state', [...CARRIED_STATES])
      .orderBy('number');
    return rows
      .map(toRequest)
      .filter(({ damaged }) => damaged)
      .map(({ id, number }) => ({ id, number }));
  }

  async currentProposal(api: string): Promise<ProposalRecord | undefined> {
    const row = await this.#db<ProposalRow>('proposals')
      .where({ api_ref: api })
      .whereIn('state', CURRENT)
      .orderBy('created_at', 'desc')
      .first();
    return row && toRecord(row);
  }

  /** Of each API that has one, the proposal that is `building`, `open` or `failed`. */
  async currentProposals(): Promise<Map<string, ProposalRecord>> {
    const rows = await this.#db<ProposalRow>('proposals')
      .whereIn('state', CURRENT)
      .orderBy('created_at');
    return new Map(rows.map(row => [row.api_ref, toRecord(row)]));
  }

  async startImport(
    proposal: ProposalRecord,
  ): Promise<ProposalRecord | undefined> {
    return this.#db.transaction(async trx => {
      const now = this.#now();
      // First, so that of this and an approval of the API, which is enqueued in its transaction too, one waits for the other.
      await enqueue(trx, proposal.api, now);
      const current = await trx('proposals')
        .where({ api_ref: proposal.api })
        .whereIn('state', CURRENT)
        .first();
      const carried = await trx('access_requests')
        .where({ api_ref: proposal.api })
        .whereIn('state', [...CARRIED_STATES])
        .first();
      if (current || carried) return undefined;
      const saved: ProposalRecord = {
        ...proposal,
        version: 1,
        updatedAt: new Date(now).toISOString(),
      };
      await trx<ProposalRow>('proposals').insert({
        id: saved.id,
        api_ref: saved.api,
        state: saved.state,
        record: JSON.stringify(saved),
        version: saved.version,
        created_at: Date.parse(saved.createdAt),
        updated_at: now,
      });
      return saved;
    });
  }

  async openProposals(): Promise<ProposalRecord[]> {
    const rows = await this.#db<ProposalRow>('proposals')
      .where({ state: 'open' })
      .orderBy('created_at');
    return rows.map(toRecord);
  }

  async getProposal(id: string): Promise<ProposalRecord | undefined> {
    const row = await this.#db<ProposalRow>('proposals').where({ id }).first();
    return row && toRecord(row);
  }

  /** Every API that ever had a proposal. */
  async proposedApis(): Promise<string[]> {
    const rows = await this.#db('proposals').distinct<{ api_ref: string }[]>(
      'api_ref',
    );
    return rows.map(row => row.api_ref);
  }

  /** The API's newest proposals, or everybody's, newest first. */
  async listProposals(
    filter: {
      states?: readonly string[];
      apis?: readonly string[];
      exceptApis?: readonly string[];
      ids?: readonly string[];
    },
    page: { cursor?: string; limit: number },
  ): Promise<StoredPage<ProposalRecord>> {
    const query = this.#db<ProposalRow>('proposals');
    if (filter.states) query.whereIn('state', [...filter.states]);
    if (filter.apis) query.whereIn('api_ref', [...filter.apis]);
    if (filter.ids) query.whereIn('id', [...filter.ids]);
    if (filter.exceptApis) query.whereNotIn('api_ref', [...filter.exceptApis]);
    const [{ count }] = await query
      .clone()
      .count<{ count: number | string }[]>({ count: '*' });
    if (page.cursor) {
      // Ids are ULIDs: they sort by the time of creation.
      query.where('id', '<', decodeCursor(page.cursor).id);
    }
    const rows = (await query
      .select('*')
      .orderBy('id', 'desc')
      .limit(page.limit + 1)) as ProposalRow[];
    const items = rows.slice(0, page.limit).map(toRecord);
    return {
      items,
      total: Number(count),
      ...(rows.length > page.limit && {
        nextCursor: encodeCursor({ key: 0, id: items[items.length - 1].id }),
      }),
    };
  }

  async saveProposal(
    proposal: ProposalRecord,
    outcomes: readonly RequestOutcome[] = [],
  ): Promise<ProposalRecord> {
    return this.#db.transaction(async trx => {
      const now = this.#now();
      const saved: ProposalRecord = {
        ...proposal,
        version: proposal.version + 1,
        updatedAt: new Date(now).toISOString(),
      };
      const row: Omit<ProposalRow, 'created_at'> = {
        id: saved.id,
        api_ref: saved.api,
        state: saved.state,
        record: JSON.stringify(saved),
        version: saved.version,
        updated_at: now,
      };
      if (proposal.version === 0) {
        await this.#requireFirst(trx, saved);
        await trx<ProposalRow>('proposals').insert({
          ...row,
          created_at: Date.parse(saved.createdAt),
        });
      } else {
        const changed = await trx<ProposalRow>('proposals')
          .where({ id: saved.id, version: proposal.version })
          .update(row);
        if (changed !== 1) {
          throw Object.assign(
            new ConflictError('The proposal was changed meanwhile.'),
            {
              code: 'version-conflict',
            },
          );
        }
      }
      await this.#apply(trx, outcomes, now, saved.id);
      return saved;
    });
  }

  /**
   * An API has one current proposal. Whoever begins an import writes the API's row of the outbox first, so that of that and of this
   * one waits for the other.
   *
   * @throws ConflictError with code `version-conflict` where the API has one already
   */
  async #requireFirst(
    trx: Knex,
    { api, state }: ProposalRecord,
  ): Promise<void> {
    if (!CURRENT.includes(state)) return;
    await trx('outbox').where({ api_ref: api }).forUpdate();
    const other = await trx('proposals')
      .where({ api_ref: api })
      .whereIn('state', CURRENT)
      .first('id');
    if (!other) return;
    throw Object.assign(
      new ConflictError('The API has another proposal meanwhile.'),
      { code: 'version-conflict' },
    );
  }

  async saveOutcomes(outcomes: readonly RequestOutcome[]): Promise<void> {
    await this.#db.transaction(trx => this.#apply(trx, outcomes, this.#now()));
  }

  async #apply(
    trx: Knex,
    outcomes: readonly RequestOutcome[],
    now: number,
    proposalId?: string,
  ): Promise<void> {
    for (const outcome of outcomes) {
      const event = EVENTS[outcome.event];
      const row = await trx<RequestRow>('access_requests')
        .where({ id: outcome.requestId })
        .first();
      // Somebody was faster, or the same proposal is only built again: nothing to tell.
      const repeated = event === 'propose' && row?.state === 'proposed';
      if (row && !repeated && nextState(row.state, event)) {
        // What it asks for by now is not what was merged.
        const isOther = event === 'merge' && (await isAnother(trx, row));
        if (isOther) continue;
        await changeRequest(
          trx,
          {
            id: row.id,
            event,
            actor: outcome.actor,
            reason: outcome.reason,
            facts:
              event === 'merge' ? factsOfMerge(row, outcome) : outcome.facts,
            link: outcome.link,
            set: { proposalId, needs: outcome.needs },
          },
          now,
        );
        if (event === 'ask-again') {
          await endApprovals(trx, row.id, now);
        }
      }
    }
  }
}

/** Whether a request that waits for people asks for something that nobody has approved yet. */
async function isAnother(
  trx: Knex,
  { id, state }: Pick<RequestRow, 'id' | 'state'>,
): Promise<boolean> {
  if (state !== 'submitted') return false;
  const last = await trx<{ event: RequestEvent; request_id: string }>(
    'request_transitions',
  )
    .where({ request_id: id })
    .whereIn('event', ['ask-again', 'revise'])
    .orderBy('id', 'desc')
    .first();
  return last?.event !== 'ask-again';
}

/** What came too late for its pull request is told so. */
function factsOfMerge(
  { state }: Pick<RequestRow, 'state'>,
  { facts }: RequestOutcome,
): RequestOutcome['facts'] {
  if (state === 'withdrawn') return { code: 'withdrawn-too-late' };
  return CARRIED_STATES.includes(state)
    ? facts
    : { code: 'merged-all-the-same' };
}
