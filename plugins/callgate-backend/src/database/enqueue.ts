import type { Knex } from 'knex';
import type { OutboxTableRow } from './rows';

/** Makes the API's proposal due now: in the transaction of what makes it necessary, so that no crash can part them. */
export async function enqueue(
  trx: Knex,
  apiRef: string,
  now: number,
): Promise<void> {
  await trx<OutboxTableRow>('outbox')
    .insert({
      api_ref: apiRef,
      version: 1,
      attempts: 0,
      due_at: now,
      leased_until: 0,
      lease_token: null,
      problem: null,
    })
    .onConflict('api_ref')
    .merge({
      version: trx.raw('?? + 1', ['outbox.version']),
      attempts: 0,
      due_at: now,
    });
}
