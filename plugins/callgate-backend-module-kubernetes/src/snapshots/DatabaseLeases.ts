import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import {
  isFree,
  isPostgres,
  LEASES,
  nowOf,
  SNAPSHOTS,
  type LeaseRow,
} from './rows';

/** The right to read a cluster, for one term of one replica. */
export interface Lease {
  cluster: string;
  holder: string;
}

/** Who reads which cluster. Times are the database's. */
export class DatabaseLeases {
  private constructor(private readonly client: Knex) {}

  static create(options: { client: Knex }): DatabaseLeases {
    return new DatabaseLeases(options.client);
  }

  /**
   * Takes the lease where nobody has it; of several that try, one gets it. Where somebody writes just now, or died while they
   * wrote, it is not waited for: the database ends the transaction of whoever is silent.
   */
  async take(
    cluster: string,
    forMs: number,
    holder: string = randomUUID(),
  ): Promise<Lease | undefined> {
    const row = this.client<LeaseRow>(LEASES).where({ cluster });
    // PostgreSQL waits for whoever changes a row, even to find that it need not insert one.
    if (!(await row.first('cluster')))
      await this.client<LeaseRow>(LEASES)
        .insert({ cluster, leased_until: 0 })
        .onConflict('cluster')
        .ignore();
    const own = this.client<LeaseRow>(LEASES).where({ cluster });
    const taken = await this.client<LeaseRow>(LEASES)
      .whereIn(
        'cluster',
        isPostgres(this.client)
          ? own.select('cluster').forUpdate().skipLocked()
          : own.select('cluster'),
      )
      .whereRaw(isFree(this.client))
      .update({ holder, leased_until: this.#in(forMs) });
    return taken === 1 ? { cluster, holder } : undefined;
  }

  /** The same for a holder that names itself: it takes it where nobody has it, and keeps it where it has it itself. */
  async hold(
    cluster: string,
    holder: string,
    forMs: number,
  ): Promise<Lease | undefined> {
    const lease = { cluster, holder };
    if (await this.renew(lease, { forMs })) return lease;
    return this.take(cluster, forMs, holder);
  }

  /**
   * Keeps it. Within a transaction nobody else gets it before that ends.
   *
   * @param options.ageMs - how long ago the snapshot was last what the cluster has; without it, that stays as it is
   * @param options.version - the age is of that snapshot, and of no other that may be stored
   * @returns false where somebody else has it: whoever had it stops reading and writing
   */
  async renew(
    { cluster, holder }: Lease,
    {
      forMs,
      ageMs,
      version,
    }: { forMs: number; ageMs?: number; version?: string },
    client: Knex = this.client,
  ): Promise<boolean> {
    const renewed = await client<LeaseRow>(LEASES)
      .where({ cluster, holder })
      .update({
        leased_until: this.#in(forMs),
        ...(ageMs !== undefined && {
          as_of: this.#asOf(ageMs, cluster, version),
        }),
      });
    return renewed === 1;
  }

  /** Gives it back, if it is still one's own. */
  async release({ cluster, holder }: Lease): Promise<void> {
    await this.client<LeaseRow>(LEASES)
      .where({ cluster, holder })
      .update({ holder: null, leased_until: 0 });
  }

  #asOf(ageMs: number, cluster: string, version?: string): Knex.Raw {
    if (version === undefined) return this.#in(-ageMs);
    return this.client.raw(
      `case when exists (select 1 from ${SNAPSHOTS} where cluster = ? and version = ?) then ${nowOf(
        this.client,
      )} - ? else as_of end`,
      [cluster, version, Math.round(ageMs)],
    );
  }

  #in(ms: number): Knex.Raw {
    return this.client.raw(`${nowOf(this.client)} + ?`, [Math.round(ms)]);
  }
}
