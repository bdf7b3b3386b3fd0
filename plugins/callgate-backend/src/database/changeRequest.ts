import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Meaning } from '@callgate/policy';
import type { Knex } from 'knex';
import {
  nextState,
  OPEN_STATES,
  type RequestEvent,
  type RequestState,
} from '../access/requestLifecycle';
import type { Afterwards } from '../access/breakGlass';
import type { Need } from '../approval/needs';
import type { TransitionFacts } from '../proposals/types';
import type { StoredDraft } from './AccessStore';
import type { RequestRow, TransitionRow } from './rows';

/** One event in the life of a request, to be written. */
export interface RequestChange {
  id: string;
  event: RequestEvent;
  /** Refused unless the row still has it. */
  version?: number;
  actor?: string;
  reason?: string;
  facts?: TransitionFacts;
  link?: string;
  set?: {
    shown?: Meaning;
    needs?: readonly Need[];
    proposalId?: string;
    decidedBy?: string;
    draft?: StoredDraft;
    afterwards?: Afterwards;
    risk?: number;
    words?: string;
  };
}

/**
 * Writes one event by the lifecycle, with its row in the timeline. The row is only changed while it has the version
 * that was read, so of two at the same moment one is refused.
 *
 * @throws NotFoundError, ConflictError with code `wrong-state` or `version-conflict`
 */
export async function changeRequest(
  trx: Knex,
  change: RequestChange,
  now: number,
): Promise<RequestRow> {
  const row = await trx<RequestRow>('access_requests')
    .where({ id: change.id })
    .first();
  if (!row) {
    throw new NotFoundError(`There is no access request ${change.id}`);
  }
  const to = nextState(row.state, change.event);
  if (!to) {
    throw wrongState(row.state);
  }
  if (change.version !== undefined && change.version !== row.version) {
    throw conflict();
  }
  const { shown, needs, proposalId, decidedBy, draft, risk, words } =
    change.set ?? {};
  const { afterwards } = change.set ?? {};
  const next: Partial<RequestRow> = {
    state: to,
    version: row.version + 1,
    updated_at: now,
    ...(shown !== undefined && {
      digest: shown.digest,
      shown: JSON.stringify(shown),
    }),
    ...(needs !== undefined && { needs: JSON.stringify(needs) }),
    ...(proposalId !== undefined && { proposal_id: proposalId }),
    ...(decidedBy !== undefined && { decided_by: decidedBy }),
    ...(afterwards !== undefined && { afterwards }),
    ...(draft !== undefined && { draft: JSON.stringify(draft) }),
    ...(risk !== undefined && { risk }),
    ...(words !== undefined && { words: words.toLowerCase() }),
    // Nobody has decided what is asked for anew.
    ...(change.event === 'revise' && { decided_by: null }),
    // Once it has ended the same may be asked again.
    ...(!OPEN_STATES.includes(to) && { open_key: null }),
  };
  const changed = await trx<RequestRow>('access_requests')
    .where({ id: row.id, version: row.version })
    .update(next);
  if (changed !== 1) {
    throw conflict();
  }
  await trx<Omit<TransitionRow, 'id'>>('request_transitions').insert({
    request_id: row.id,
    at: now,
    actor: change.actor ?? null,
    event: change.event,
    from_state: row.state,
    to_state: to,
    reason: change.reason ?? null,
    facts: change.facts ? JSON.stringify(change.facts) : null,
    link: change.link ?? null,
  });
  return { ...row, ...next };
}

/** What to say of a change that the state does not allow. */
export function wrongState(state: RequestState): Error {
  return withCode(
    new ConflictError(`The request is ${state} meanwhile. Read it again.`),
    'wrong-state',
  );
}

/** What to say of a change to something that was read before somebody else changed it. */
export function conflict(): Error {
  return withCode(
    new ConflictError('The request was changed meanwhile. Read it again.'),
    'version-conflict',
  );
}

function withCode<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}
