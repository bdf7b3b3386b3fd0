import { createHash } from 'node:crypto';
import type { AccessStore, Idempotency } from '../database/AccessStore';
import { subjectOf } from '../services';
import type { WriteOptions } from './AccessService';

/** A write that may have been answered before. */
export interface Replay {
  /** To be stored with the write; `undefined` when the client sent no key. */
  idempotency?: Idempotency;
  /** The request or proposal that the key's first use was about. */
  answered?: string;
}

/**
 * Looks up whether a client repeats a write. A key belongs to one person and one body of one action: with another it is
 * refused, never answered with something else.
 */
export async function replayOf(
  requests: AccessStore,
  actor: string,
  { idempotencyKey }: WriteOptions,
  write: { action: string; id?: string; body?: unknown },
): Promise<Replay> {
  if (!idempotencyKey) {
    return {};
  }
  const idempotency = { key: idempotencyKey, bodyHash: replayHash(write) };
  const answered = await requests.answered(actor, idempotency);
  return { idempotency, ...(answered && { answered }) };
}

/**
 * Sees to it that one key is for one list of writes. Each write of the list has a key of its own, made of this one, so that a list that
 * was sent once more does none of them twice.
 *
 * @throws ConflictError with code `idempotency-key-reused` when the key came with another list
 */
export async function claimList(
  requests: Pick<AccessStore, 'claimKey'>,
  { credentials, idempotencyKey }: WriteOptions,
  write: { action: string; body: unknown },
): Promise<void> {
  if (!idempotencyKey) return;
  await requests.claimKey(subjectOf(credentials), {
    key: idempotencyKey,
    bodyHash: replayHash(write),
  });
}

/** Tells one write of an action from another. */
export function replayHash(write: {
  action: string;
  id?: string;
  body?: unknown;
}): string {
  return createHash('sha256').update(JSON.stringify(write)).digest('hex');
}
