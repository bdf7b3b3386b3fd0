import type { RequestEvent, RequestState } from '../access/requestLifecycle';
import { plainNeeds } from '../approval/needs';
import type { StoredRequest, StoredTransition } from './AccessStore';

/** Row of `access_requests`. Drivers give big integers as numbers (SQLite) or strings (PostgreSQL). */
export interface RequestRow {
  id: string;
  number: number;
  api_ref: string;
  caller_ref: string;
  draft: string;
  state: RequestState;
  requested_by: string;
  decided_by: string | null;
  digest: string;
  shown: string;
  needs: string | null;
  proposal_id: string | null;
  risk: number;
  kind: 'new' | 'confirm';
  open_key: string | null;
  version: number;
  created_at: number | string;
  updated_at: number | string;
}

/** Row of `request_transitions`. */
export interface TransitionRow {
  id: number;
  request_id: string;
  at: number | string;
  actor: string | null;
  event: RequestEvent | 'submit';
  from_state: RequestState | null;
  to_state: RequestState;
  reason: string | null;
  facts: string | null;
  link: string | null;
}

/** Row of `proposals`. */
export interface ProposalRow {
  id: string;
  api_ref: string;
  state: string;
  record: string;
  version: number;
  created_at: number | string;
  updated_at: number | string;
}

/** Row of `outbox`. */
export interface OutboxTableRow {
  api_ref: string;
  version: number;
  attempts: number;
  due_at: number | string;
  leased_until: number | string;
  lease_token: string | null;
  problem: string | null;
}

export function toRequest(row: RequestRow): StoredRequest {
  return {
    id: row.id,
    number: row.number,
    apiRef: row.api_ref,
    callerRef: row.caller_ref,
    draft: JSON.parse(row.draft),
    state: row.state,
    requestedBy: row.requested_by,
    decidedBy: row.decided_by ?? undefined,
    shown: JSON.parse(row.shown),
    needs: row.needs ? JSON.parse(row.needs) : plainNeeds(row.api_ref),
    proposalId: row.proposal_id ?? undefined,
    risk: row.risk,
    version: row.version,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

export function toTransition(row: TransitionRow): StoredTransition {
  return {
    at: Number(row.at),
    actor: row.actor ?? undefined,
    event: row.event,
    from: row.from_state ?? undefined,
    to: row.to_state,
    reason: row.reason ?? undefined,
    ...(row.facts && { facts: JSON.parse(row.facts) }),
    link: row.link ?? undefined,
  };
}
