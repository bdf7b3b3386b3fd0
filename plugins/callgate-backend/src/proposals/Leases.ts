import type { OutboxRow, ProposalStore } from './types';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;

/** Somebody else may work on it now, or the process ends: nothing more may be done. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The right to work on one row of the outbox. */
export interface Lease {
  readonly row: OutboxRow;
  /**
   * To be called before every side effect.
   *
   * @throws LeaseLostError where the right has gone, or cannot be told to be still there
   */
  hold(): Promise<void>;
}

/**
 * Leases are short and renewed for as long as the work goes on, so that what a killed process has begun waits for half
 * a minute at most; a process that ends in an orderly way gives them back.
 */
export class Leases {
  readonly #held = new Map<string, { row: OutboxRow; renewedAt: number }>();
  readonly #store: ProposalStore;
  readonly #now: () => number;
  readonly #renewMs: number;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: {
    store: ProposalStore;
    now?: () => number;
    renewMs?: number;
  }) {
    this.#store = options.store;
    this.#now = options.now ?? Date.now;
    this.#renewMs = options.renewMs ?? RENEW_MS;
  }

  /** Takes rows that are due, until they are given up or the process ends. */
  async claim(limit: number): Promise<Lease[]> {
    if (this.#stopped) return [];
    const renewedAt = this.#now();
    const rows = await this.#store.claim({ limit, leaseMs: LEASE_MS });
    for (const row of rows) this.#held.set(row.leaseToken, { row, renewedAt });
    this.#timer ??= setInterval(() => {
      // What could not be renewed is asked again before the next side effect.
      this.#renew().catch(() => undefined);
    }, this.#renewMs).unref();
    return rows.map(row => ({ row, hold: () => this.#hold(row) }));
  }

  /** The work on a row is over; the store knows how. */
  end({ leaseToken }: OutboxRow): void {
    this.#held.delete(leaseToken);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Nothing is done or claimed any more. What is under way stops before its next side effect. */
  refuse(): void {
    this.#stopped = true;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Gives back what is held. */
  async release(): Promise<void> {
    const rows = [...this.#held.values()].map(({ row }) => row);
    rows.forEach(row => this.end(row));
    if (rows.length > 0) await this.#store.release(rows);
  }

  async #hold(row: OutboxRow): Promise<void> {
    const held = this.#held.get(row.leaseToken);
    if (held && this.#now() - held.renewedAt >= this.#renewMs)
      await this.#renew();
    if (this.#stopped || !this.#held.has(row.leaseToken)) {
      throw new LeaseLostError(
        `The work on the proposal of ${row.api} is given up: another process may go on with it.`,
      );
    }
  }

  async #renew(): Promise<void> {
    const renewedAt = this.#now();
    const rows = [...this.#held.values()].map(({ row }) => row);
    const ours = await this.#store.renew(rows, { leaseMs: LEASE_MS });
    for (const row of rows) {
      const held = this.#held.get(row.leaseToken);
      if (!ours.has(row.leaseToken)) this.end(row);
      else if (held) held.renewedAt = renewedAt;
    }
  }
}
