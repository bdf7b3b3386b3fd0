import { createHash } from 'node:crypto';
import type { AccessStore, Idempotency } from '../database/AccessStore';
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

/** Tells one write of an action from another. */
export function replayHash(write: {
  action: string;
  id?: string;
  body?: unknown;
}): string {
  return createHash('sha256').update(JSON.stringify(write)).digest('hex');
}
