import type { RequestKind } from '@callgate/plugin-callgate-common';
import type { Knex } from 'knex';
import type { RequestState } from '../access/requestLifecycle';
import type { ProposalRecord } from '../proposals/types';
import type { RequestRow } from './rows';

/** How many requests of one kind are in one state. */
export interface RequestCount {
  kind: RequestKind;
  state: RequestState;
  count: number;
  /** Milliseconds since 1970: when the one came into this state that has been in it longest. */
  since: number;
}

/** What is counted of the database, of everybody's alike. */
export interface AccessCounts {
  requests: readonly RequestCount[];
  proposals: readonly { state: ProposalRecord['state']; count: number }[];
  /** APIs whose pull request has to be built, and of these those whose last attempt failed. */
  queue: { waiting: number; failing: number };
}

/** Counts requests, pull requests and what waits to be built. */
export class DatabaseCounts {
  static create({ client }: { client: Knex }): DatabaseCounts {
    return new DatabaseCounts(client);
  }

  private constructor(private readonly db: Knex) {}

  async read(): Promise<AccessCounts> {
    const [requests, proposals, [queue]] = await Promise.all([
      this.db<RequestRow>('access_requests')
        .select('kind', 'state')
        .count({ count: '*' })
        .min({ since: 'updated_at' })
        .groupBy('kind', 'state'),
      this.db<{ state: ProposalRecord['state'] }>('proposals')
        .select('state')
        .count({ count: '*' })
        .groupBy('state'),
      this.db('outbox').select(
        this.db.raw('count(*) as waiting'),
        this.db.raw('sum(case when attempts > 0 then 1 else 0 end) as failing'),
      ),
    ]);
    // Drivers give counts and big integers as numbers or as strings.
    return {
      requests: requests.map(({ kind, state, count, since }) => ({
        kind: kind as RequestKind,
        state: state as RequestState,
        count: Number(count),
        since: Number(since),
      })),
      proposals: proposals.map(({ state, count }) => ({
        state: state as ProposalRecord['state'],
        count: Number(count),
      })),
      queue: {
        waiting: Number(queue.waiting),
        failing: Number(queue.failing ?? 0),
      },
    };
  }
}
