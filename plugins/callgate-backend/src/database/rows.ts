import type { Afterwards } from '../access/breakGlass';
import type { RequestEvent, RequestState } from '../access/requestLifecycle';
import { plainNeeds } from '../approval/needs';
import type { ProposalRecord, TransitionFacts } from '../proposals/types';
import type { RequestKind } from '@callgate/plugin-callgate-common';
import type {
  StoredDraft,
  StoredRequest,
  StoredTransition,
} from './AccessStore';
import {
  isDraft,
  isFacts,
  isMeaning,
  isNeeds,
  isProposal,
  lostProposal,
  NOTHING_ASKED,
  nothingShown,
  readJson,
  storedProblem,
} from './storedJson';

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
  kind: RequestKind;
  open_key: string | null;
  words: string;
  /** The grant that it makes, confirms, changes or ends. */
  grant_id: string | null;
  /** Of a request that went on before anybody approved it. */
  afterwards: Afterwards | null;
  expires_at: number | string | null;
  /** When what people wrote was taken out. */
  texts_blanked_at: number | string | null;
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

/** What kind of request asks for this. */
export function kindOf({
  confirm,
  change,
}: Pick<StoredDraft, 'confirm' | 'change'>): RequestKind {
  return change?.kind ?? (confirm ? 'confirm' : 'new');
}

/** What only takes away needs nobody, and what a rule has approved; what waits for an approval needs somebody. */
function mayNeedNobody(row: RequestRow): boolean {
  const { kind, state, decided_by: decider } = row;
  return (
    kind === 'change' ||
    kind === 'end' ||
    // A rule is nobody who decides.
    (kind !== 'confirm' && state !== 'submitted' && decider === null)
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A request whose JSON cannot be read asks for nothing: it stands in lists, and nobody can approve or carry it. */
export function toRequest(row: RequestRow): StoredRequest {
  const draft = readJson<StoredRequest['draft']>(row.draft, isDraft);
  const shown = readJson<StoredRequest['shown']>(row.shown, isMeaning);
  const needs =
    row.needs === null
      ? plainNeeds(row.api_ref)
      : readJson<StoredRequest['needs']>(
          row.needs,
          value => isNeeds(value) || (mayNeedNobody(row) && isEmptyList(value)),
        );
  // Without what it is to confirm or to change it would ask for something else.
  const unclear = row.kind !== (draft && kindOf(draft));
  const damaged =
    draft === undefined ||
    shown === undefined ||
    needs === undefined ||
    unclear;
  return {
    id: row.id,
    number: row.number,
    apiRef: row.api_ref,
    callerRef: row.caller_ref,
    draft: damaged ? NOTHING_ASKED : draft,
    state: row.state,
    requestedBy: row.requested_by,
    decidedBy: row.decided_by ?? undefined,
    shown: damaged ? nothingShown(row) : shown,
    needs: needs ?? plainNeeds(row.api_ref),
    proposalId: row.proposal_id ?? undefined,
    risk: row.risk,
    version: row.version,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    ...(row.texts_blanked_at !== null && {
      textsBlankedAt: Number(row.texts_blanked_at),
    }),
    ...(row.afterwards !== null && {
      breakGlass: {
        afterwards: row.afterwards,
        expiresAt: Number(row.expires_at),
      },
    }),
    ...(damaged && { damaged: true as const }),
  };
}

/** A proposal whose JSON cannot be read says so; the next build finds its pull request by the branch and writes it anew. */
export function toRecord(row: ProposalRow): ProposalRecord {
  const known = readJson<ProposalRecord>(row.record, isProposal);
  return known
    ? {
        ...known,
        problem: storedProblem(known.problem),
        version: row.version,
      }
    : lostProposal(row);
}

/** Of a step whose facts cannot be read the rest is told. */
export function toTransition(row: TransitionRow): StoredTransition {
  const facts = row.facts
    ? readJson<TransitionFacts>(row.facts, isFacts)
    : undefined;
  return {
    at: Number(row.at),
    actor: row.actor ?? undefined,
    event: row.event,
    from: row.from_state ?? undefined,
    to: row.to_state,
    reason: row.reason ?? undefined,
    ...(facts && { facts }),
    link: row.link ?? undefined,
  };
}
