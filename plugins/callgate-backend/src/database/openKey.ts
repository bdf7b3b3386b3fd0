import { ConflictError } from '@backstage/errors';
import { createHash } from 'node:crypto';
import { aboutOf } from '../proposals/aboutOf';
import type { Confirmation } from '../proposals/types';

/** What an open confirm request is known by: there is one for each grant and each provider of an API. */
export function openKeyOf(apiRef: string, confirm: Confirmation): string {
  return createHash('sha256')
    .update(JSON.stringify([apiRef, aboutOf(confirm)]))
    .digest('hex');
}

/** What to say where the same is asked already. */
export function alreadyAsked(number: number): Error {
  return Object.assign(
    new ConflictError(`This is asked already, in request ${number}.`),
    { code: 'already-asked' },
  );
}
