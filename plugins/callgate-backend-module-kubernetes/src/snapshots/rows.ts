import type { Knex } from 'knex';

export const LEASES = 'kubernetes_leases';
export const SNAPSHOTS = 'kubernetes_snapshots';
export const CONTENTS = 'kubernetes_contents';

export interface LeaseRow {
  cluster: string;
  holder: string | null;
  /** PostgreSQL gives texts for `bigint`. */
  leased_until: number | string;
  as_of: number | string | null;
}

export interface SnapshotRow {
  cluster: string;
  version: string;
  settings: string;
  problems: string;
  manifest: Buffer | null;
}

export interface ContentRow {
  cluster: string;
  digest: string;
  text: Buffer;
  /** Of the text; `null` where this backend read it itself. */
  bytes?: number | null;
}

export function isPostgres(client: Knex): boolean {
  return client.client.config.client === 'pg';
}

/** No lease is taken for so long: what says more was written before the database's clock was put back. */
const LONGEST_LEASE_MS = 60_000;

/** Nobody has the lease: it has run out, or it would last longer than any. */
export function isFree(client: Knex): string {
  const now = nowOf(client);
  return `(leased_until <= ${now} or leased_until > ${now} + ${LONGEST_LEASE_MS})`;
}

/** The same of a row that was read, with the database's time of then. */
export function isHeldAt(leasedUntil: number, now: number): boolean {
  return leasedUntil > now && leasedUntil <= now + LONGEST_LEASE_MS;
}

/**
 * Milliseconds since 1970, by the database's clock: those of the replicas differ. In PostgreSQL `now()` would be the time
 * at which the transaction began.
 */
export function nowOf(client: Knex): string {
  return isPostgres(client)
    ? 'cast(extract(epoch from clock_timestamp()) * 1000 as bigint)'
    : "cast(unixepoch('subsec') * 1000 as integer)";
}

/** After so long a silence PostgreSQL ends a transaction: its process is gone or hangs, and others wait for its rows. */
const SILENCE_MS = 30_000;

/** Keeps a transaction from lasting longer than its process. */
export async function endSilence(trx: Knex.Transaction): Promise<void> {
  if (!isPostgres(trx)) return;
  await trx.raw(
    `set local idle_in_transaction_session_timeout = ${SILENCE_MS}`,
  );
}

/** Rows of one statement: databases limit how many values one has. */
const AT_ONCE = 100;

/** As many as one statement takes. */
export function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += AT_ONCE)
    yield all.slice(at, at + AT_ONCE);
}
