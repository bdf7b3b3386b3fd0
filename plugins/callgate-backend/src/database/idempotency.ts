import { ConflictError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { Idempotency } from './AccessStore';

interface KeyRow {
  actor: string;
  key: string;
  request_id: string;
  body_hash: string;
  created_at: number;
}

/**
 * The id that a key was used for by an actor before.
 *
 * @throws ConflictError with code `idempotency-key-reused` when it came with another body
 */
export async function findKey(
  db: Knex,
  actor: string,
  { key, bodyHash }: Idempotency,
): Promise<string | undefined> {
  const known = await db<KeyRow>('idempotency_keys')
    .where({ actor, key })
    .first();
  if (known && known.body_hash !== bodyHash) {
    throw Object.assign(
      new ConflictError(
        'The Idempotency-Key was used for another write. Use a new key.',
      ),
      { code: 'idempotency-key-reused' },
    );
  }
  return known?.request_id;
}

/** Remembers a key. Two writes at the same moment with one key collide here, so that only one is done. */
export async function insertKey(
  db: Knex,
  actor: string,
  { key, bodyHash }: Idempotency,
  id: string,
  now: number,
): Promise<void> {
  await db<KeyRow>('idempotency_keys').insert({
    actor,
    key,
    request_id: id,
    body_hash: bodyHash,
    created_at: now,
  });
}

/** It is about several requests, each of which has a key of its own. */
const ABOUT_SEVERAL = '';

/**
 * Takes a key for a list of writes. Of two lists at the same moment with one key one is first, and the other is refused.
 *
 * @throws ConflictError with code `idempotency-key-reused` when it came with another body
 */
export async function claimKey(
  db: Knex,
  actor: string,
  idempotency: Idempotency,
  now: number,
): Promise<void> {
  await db<KeyRow>('idempotency_keys')
    .insert({
      actor,
      key: idempotency.key,
      request_id: ABOUT_SEVERAL,
      body_hash: idempotency.bodyHash,
      created_at: now,
    })
    .onConflict(['actor', 'key'])
    .ignore();
  await findKey(db, actor, idempotency);
}
