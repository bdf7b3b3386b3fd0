import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { ClaimTarget } from '../claims/ClaimTarget';

interface ToldRow {
  cluster: string;
  workload: string;
  key: string;
  told_at: number;
}

/** Of which contested workloads the platform team has been told. */
export interface ToldClaims {
  all(): Promise<ClaimTarget[]>;
  /** @returns whether it was not there yet: of several processes one hears so */
  add(target: ClaimTarget): Promise<boolean>;
  /** @returns whether it was there */
  remove(target: ClaimTarget): Promise<boolean>;
}

/** The same for one cluster and workload, wherever it is asked. */
export function claimKey({ cluster, workload }: ClaimTarget): string {
  return createHash('sha256')
    .update(JSON.stringify([cluster, workload]))
    .digest('hex');
}

/** Table `told_claims`. */
export class DatabaseToldClaims implements ToldClaims {
  static create(options: {
    client: Knex;
    now?: () => number;
  }): DatabaseToldClaims {
    return new DatabaseToldClaims(options.client, options.now ?? Date.now);
  }

  private constructor(
    private readonly db: Knex,
    private readonly now: () => number,
  ) {}

  async all(): Promise<ClaimTarget[]> {
    const rows = await this.db<ToldRow>('told_claims').orderBy('key');
    return rows.map(({ cluster, workload }) => ({ cluster, workload }));
  }

  async add(target: ClaimTarget): Promise<boolean> {
    const key = claimKey(target);
    if (await this.db<ToldRow>('told_claims').where({ key }).first())
      return false;
    const { cluster, workload } = target;
    const inserted = await this.db<ToldRow>('told_claims')
      .insert({ cluster, workload, key, told_at: this.now() })
      .onConflict('key')
      .ignore()
      .returning('key');
    return inserted.length > 0;
  }

  async remove(target: ClaimTarget): Promise<boolean> {
    const gone = await this.db<ToldRow>('told_claims')
      .where({ key: claimKey(target) })
      .delete();
    return gone > 0;
  }
}
