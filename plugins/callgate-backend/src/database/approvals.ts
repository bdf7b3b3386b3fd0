import { ConflictError, NotFoundError } from '@backstage/errors';
import { formatRuleRef, type RuleRefParts } from '@callgate/policy';
import type { Knex } from 'knex';
import { GLASS_STATES } from '../access/breakGlass';
import type { TransitionFacts } from '../proposals/types';
import type { NewApproval, StoredApproval, StoredDraft } from './AccessStore';
import { changeRequest, conflict, wrongState } from './changeRequest';
import type { RequestRow, TransitionRow } from './rows';

/** Row of `request_approvals`. */
export interface ApprovalRow {
  id: number;
  request_id: string;
  actor: string;
  digest: string;
  need: string;
  note: string | null;
  at: number | string;
  ended_at: number | string;
}

/** Every approval of some requests, oldest first. */
export async function approvalsOf(
  db: Knex,
  requestIds: readonly string[],
): Promise<StoredApproval[]> {
  const rows = await db<ApprovalRow>('request_approvals')
    .whereIn('request_id', [...requestIds])
    .orderBy('id');
  return rows.map(row => ({
    requestId: row.request_id,
    by: row.actor,
    digest: row.digest,
    need: row.need,
    ...(row.note && { note: row.note }),
    at: Number(row.at),
    ended: Number(row.ended_at) !== 0,
  }));
}

/** Ends approvals that no longer count; those of a request that asks again are all of them. */
export async function endApprovals(
  trx: Knex,
  requestId: string,
  now: number,
  except?: { digest: string; actors: readonly string[] },
): Promise<void> {
  const query = trx<ApprovalRow>('request_approvals').where({
    request_id: requestId,
    ended_at: 0,
  });
  if (except) {
    query.where(others =>
      others
        .whereNot({ digest: except.digest })
        .orWhereNotIn('actor', [...except.actors]),
    );
  }
  await query.update({ ended_at: now });
}

/**
 * Adds an approval, and with the last one that is needed lets the request go on. Whoever approves at the same moment
 * waits for the row, and then finds that their count is out of date.
 *
 * @throws ConflictError with code `approvals-changed`, `wrong-state` or `version-conflict`; NotFoundError
 */
export async function addApproval(
  trx: Knex,
  approval: NewApproval,
  now: number,
): Promise<RequestRow> {
  const { id, actor, shown, needs, places } = approval;
  // Locks the row first: what is read from here on stays as it is.
  await trx<RequestRow>('access_requests').where({ id }).update({
    updated_at: now,
  });
  const row = await trx<RequestRow>('access_requests').where({ id }).first();
  if (!row) {
    throw new NotFoundError(`There is no access request ${id}`);
  }
  if (
    approval.afterwards
      ? row.afterwards !== 'undecided' || !GLASS_STATES.includes(row.state)
      : row.state !== 'submitted'
  ) {
    throw wrongState(row.state);
  }
  if (approval.version !== undefined && approval.version !== row.version) {
    throw conflict();
  }
  const live = await trx<ApprovalRow>('request_approvals')
    .where({ request_id: id, digest: shown.digest, ended_at: 0 })
    .pluck('actor');
  if (!sameMembers(live, approval.counted)) {
    throw Object.assign(
      new ConflictError(
        'Somebody else approved at the same moment. Look at it again.',
      ),
      { code: 'approvals-changed' },
    );
  }
  if (!live.includes(actor)) {
    await trx<Omit<ApprovalRow, 'id'>>('request_approvals').insert({
      request_id: id,
      actor,
      digest: shown.digest,
      need: places.get(actor) ?? '',
      note: approval.note ?? null,
      at: now,
      ended_at: 0,
    });
  }
  if (!approval.complete) {
    const next = {
      digest: shown.digest,
      shown: JSON.stringify(shown),
      needs: JSON.stringify(needs),
    };
    await trx<RequestRow>('access_requests').where({ id }).update(next);
    await trx<Omit<TransitionRow, 'id'>>('request_transitions').insert({
      request_id: id,
      at: now,
      actor,
      event: approval.afterwards ? 'confirm' : 'approve',
      from_state: row.state,
      to_state: row.state,
      reason: approval.note ?? null,
      link: null,
    });
    return { ...row, ...next, updated_at: now };
  }
  await endApprovals(trx, id, now, {
    digest: shown.digest,
    actors: [...places.keys()],
  });
  for (const [by, need] of places) {
    await trx<ApprovalRow>('request_approvals')
      .where({ request_id: id, actor: by, digest: shown.digest, ended_at: 0 })
      .update({ need });
  }
  return changeRequest(
    trx,
    {
      id,
      event: approval.afterwards ? 'confirm' : 'approve',
      version: row.version,
      actor,
      reason: approval.note,
      ...(approval.afterwards && { facts: { code: 'confirmed-afterwards' } }),
      set: {
        shown,
        needs,
        decidedBy: actor,
        ...(approval.afterwards && { afterwards: 'confirmed' }),
      },
    },
    now,
  );
}

/** Why a request goes on that nobody has to approve. */
export function goesOnBy(
  rule: RuleRefParts | undefined,
  { change }: Pick<StoredDraft, 'change'>,
  breakGlass?: { expiresAt: number },
): TransitionFacts {
  if (breakGlass) return { code: 'break-glass', ...breakGlass };
  if (rule) return { code: 'approved-by-rule', ...rule };
  const { proposeOn, urgent } = change ?? {};
  return {
    code: 'no-approval-needed',
    ...(proposeOn !== undefined && { proposeOn }),
    ...(urgent && { urgent }),
  };
}

/** A rule's approval counts as nobody's, and stands in Git as the rule's. */
export async function addRulesApproval(
  trx: Knex,
  { id, digest }: Pick<RequestRow, 'id' | 'digest'>,
  rule: RuleRefParts,
  now: number,
): Promise<void> {
  await trx('request_approvals').insert({
    request_id: id,
    actor: formatRuleRef(rule),
    digest,
    need: 'automatic',
    at: now,
    ended_at: 0,
  });
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(each => b.includes(each));
}
