import { NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import { OPEN_STATES } from '../access/requestLifecycle';
import type { ApprovalRow } from './approvals';
import { wrongState } from './changeRequest';
import { blankForgeComments } from './DatabaseForgeComments';
import type { RequestRow, TransitionRow } from './rows';
import { isDraft, isFacts, readJson } from './storedJson';
import type { TransitionFacts } from '../proposals/types';
import type { StoredDraft } from './AccessStore';

/**
 * Takes out what people wrote about a request that is over: its reason, and every note. Who did what when, the meaning and its
 * digests stay. A second time changes nothing.
 *
 * @param now - milliseconds since 1970
 * @throws NotFoundError, ConflictError with code `wrong-state` while the request is open
 */
export async function blankTexts(
  trx: Knex,
  id: string,
  now: number,
): Promise<RequestRow> {
  const row = await trx<RequestRow>('access_requests').where({ id }).first();
  if (!row) {
    throw new NotFoundError(`There is no access request ${id}`);
  }
  if (OPEN_STATES.includes(row.state)) {
    throw wrongState(row.state);
  }
  if (row.texts_blanked_at !== null) {
    return row;
  }
  const draft = readJson<StoredDraft>(row.draft, isDraft);
  const next = {
    // What cannot be read may hold what somebody wrote.
    draft: draft ? JSON.stringify({ ...draft, reason: '' }) : '{}',
    words: draft ? wordsWithout(row.words, draft.reason) : '',
    texts_blanked_at: now,
    version: row.version + 1,
  };
  await trx<RequestRow>('access_requests').where({ id }).update(next);
  await trx<TransitionRow>('request_transitions')
    .where({ request_id: id })
    .update({ reason: null });
  await blankReasonsOfBefore(trx, id);
  await trx('request_comments').where({ request_id: id }).update({ text: '' });
  await blankForgeComments(trx, id);
  await trx<ApprovalRow>('request_approvals')
    .where({ request_id: id })
    .update({ note: null });
  return { ...row, ...next };
}

/** What a request was for before it was changed stands in its timeline. */
async function blankReasonsOfBefore(trx: Knex, id: string): Promise<void> {
  const rows = await trx<TransitionRow>('request_transitions')
    .where({ request_id: id, event: 'revise' })
    .whereNotNull('facts');
  for (const row of rows) {
    const facts = readJson<TransitionFacts>(row.facts ?? '', isFacts);
    const blank =
      facts?.code === 'revised'
        ? JSON.stringify({ ...facts, before: { ...facts.before, reason: '' } })
        : // What cannot be read may hold what somebody wrote.
          null;
    await trx<TransitionRow>('request_transitions')
      .where({ id: row.id })
      .update({ facts: blank });
  }
}

/** Ids of requests that are over since before a moment and still have their texts, the oldest first. */
export async function idsWithTexts(
  db: Knex,
  before: number,
  limit: number,
): Promise<string[]> {
  return db<RequestRow>('access_requests')
    .whereNotIn('state', [...OPEN_STATES])
    .whereNull('texts_blanked_at')
    .where('updated_at', '<', before)
    .orderBy('number')
    .limit(limit)
    .pluck('id');
}

/** The reason stands first in what a request is found by. */
function wordsWithout(words: string, reason: string): string {
  const first = reason.toLowerCase();
  return words.startsWith(first) ? words.slice(first.length).trim() : '';
}
