import type { Knex } from 'knex';
import type { StoredRevision } from './AccessStore';
import { addRulesApproval, endApprovals, goesOnBy } from './approvals';
import { changeRequest } from './changeRequest';
import { enqueue } from './enqueue';
import type { RequestRow } from './rows';

/**
 * Writes what is asked for instead, under the same id. Approvals of before were of something else, or for another reason, and
 * end.
 *
 * @throws NotFoundError, ConflictError with code `wrong-state` or `version-conflict`
 */
export async function reviseRequest(
  trx: Knex,
  revision: StoredRevision,
  now: number,
): Promise<RequestRow> {
  const { id, needs, parties } = revision;
  const row = await changeRequest(
    trx,
    {
      id,
      event: 'revise',
      version: revision.version,
      actor: revision.actor,
      reason: revision.note,
      facts: revision.facts,
      set: {
        draft: revision.draft,
        shown: revision.shown,
        needs,
        risk: revision.risk,
        words: revision.words,
      },
    },
    now,
  );
  await endApprovals(trx, id, now);
  if (parties.length > 0) {
    await trx('request_parties')
      .insert(parties.map(({ role, ref }) => ({ request_id: id, role, ref })))
      .onConflict(['request_id', 'role', 'ref'])
      .ignore();
  }
  if (needs.length > 0) return row;
  const rule = revision.approvedByRule;
  const goesOn = await changeRequest(
    trx,
    { id, event: 'approve', facts: goesOnBy(rule, revision.draft) },
    now,
  );
  if (rule) await addRulesApproval(trx, goesOn, rule, now);
  await enqueue(trx, row.api_ref, now);
  return goesOn;
}
