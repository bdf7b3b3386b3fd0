import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { LEASES, nowOf, type LeaseRow } from './rows';

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

  /** Takes the lease where nobody has it; of several that try, one gets it. */
  async take(cluster: string, forMs: number): Promise<Lease | undefined> {
    await this.client<LeaseRow>(LEASES)
      .insert({ cluster, leased_until: 0 })
      .onConflict('cluster')
      .ignore();
    const holder = randomUUID();
    const now = nowOf(this.client);
    const taken = await this.client<LeaseRow>(LEASES)
      .where({ cluster })
      .whereRaw(`leased_until <= ${now}`)
      .update({ holder, leased_until: this.#in(forMs) });
    return taken === 1 ? { cluster, holder } : undefined;
  }

  /**
   * Keeps it. Within a transaction nobody else gets it before that ends.
   *
   * @param options.ageMs - how long ago the snapshot was last what the cluster has; without it, that stays as it is
   * @returns false where somebody else has it: whoever had it stops reading and writing
   */
  async renew(
    { cluster, holder }: Lease,
    { forMs, ageMs }: { forMs: number; ageMs?: number },
    client: Knex = this.client,
  ): Promise<boolean> {
    const renewed = await client<LeaseRow>(LEASES)
      .where({ cluster, holder })
      .update({
        leased_until: this.#in(forMs),
        ...(ageMs !== undefined && { as_of: this.#in(-ageMs) }),
      });
    return renewed === 1;
  }

  /** Gives it back, if it is still one's own. */
  async release({ cluster, holder }: Lease): Promise<void> {
    await this.client<LeaseRow>(LEASES)
      .where({ cluster, holder })
      .update({ holder: null, leased_until: 0 });
  }

  #in(ms: number): Knex.Raw {
    return this.client.raw(`${nowOf(this.client)} + ?`, [Math.round(ms)]);
  }
}
