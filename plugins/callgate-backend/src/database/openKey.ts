import { ConflictError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { aboutOf } from '../proposals/aboutOf';
import type { RequestRow } from './rows';
import type { StoredDraft } from './AccessStore';

/**
 * What an open request is known by of which there is one: one that confirms a grant or a provider of an API, and one of all those
 * that change, renew or end a grant. Any number may ask for something new.
 */
export function openKeyOf(
  apiRef: string,
  { confirm, change }: Pick<StoredDraft, 'confirm' | 'change'>,
  /** The caller of a request that goes on before anybody approves it: one of them is open for each API. */
  glassOf?: string,
): string | null {
  if (!confirm && !change && glassOf === undefined) return null;
  const ofGrant = change
    ? `${lifeOf(change)} of grant ${change.grant}`
    : `glass of ${glassOf}`;
  const about = confirm ? aboutOf(confirm) : ofGrant;
  return createHash('sha256')
    .update(JSON.stringify([apiRef, about]))
    .digest('hex');
}

/** What Callgate proposes by itself stands in nobody's way: the grant may be renewed or changed meanwhile. */
function lifeOf({
  expired,
  glass,
  gone,
}: NonNullable<StoredDraft['change']>): string {
  if (expired !== undefined || glass !== undefined) return 'expiry';
  return gone === undefined ? 'life' : 'absence';
}

const ASKED: Partial<Record<RequestRow['kind'], string>> = {
  change: 'This grant is to be changed already',
  renew: 'This grant is to be renewed already',
  end: 'This grant is to end already',
};

/** What to say where the same is asked already, or something else of the same grant. */
export function alreadyAsked({
  number,
  kind,
}: Pick<RequestRow, 'number' | 'kind'>): Error {
  const what = ASKED[kind] ?? 'This is asked already';
  return Object.assign(new ConflictError(`${what}, in request ${number}.`), {
    code: 'already-asked',
  });
}
