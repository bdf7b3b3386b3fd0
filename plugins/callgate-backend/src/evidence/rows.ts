import type { Contract } from '@callgate/policy';
import type { StoredRequest, StoredTransition } from '../database/AccessStore';
import { kindOf } from '../database/rows';
import type { Discretion } from '../access/views/Discretion';
import type { LabelOf } from '../access/views/Labels';
import { toMeaning } from '../access/views/meaning';
import type { ProposalRecord } from '../proposals/types';
import { type Decision, mergeOf, refOfNeed } from './decisions';
import type { DecisionEvidence, EvidenceRef, RequestEvidence } from './types';

/** What stands where the catalog does not show somebody to whoever reads. */
export const HIDDEN_REF = 'hidden';

/** What a request rests on, for a row of evidence. */
export interface RowParts {
  request: StoredRequest;
  steps: readonly StoredTransition[];
  proposal?: ProposalRecord;
}

/** A ref, where the reader may see who that is. */
export function refFor(ref: string, labelOf: LabelOf): EvidenceRef {
  return labelOf(ref).state === 'hidden' ? HIDDEN_REF : ref;
}

/** A decision as it is taken out. */
export function toDecisionEvidence(
  { event, by, as, digest, counts, note, at }: Decision,
  labelOf: LabelOf,
): DecisionEvidence {
  const of = as && refOfNeed(as);
  return {
    event,
    ...(by !== undefined && { by: refFor(by, labelOf) }),
    ...(as && { role: as.kind }),
    ...(of !== undefined && { of: refFor(of, labelOf) }),
    ...(digest !== undefined && { digest }),
    counts,
    ...(note !== undefined && note !== '' && { note }),
    at: isoOf(at),
  };
}

/**
 * A request as it is taken out, and of its merge what was so at a moment.
 *
 * @param moment - milliseconds since 1970
 */
export function toRequestEvidence(
  { request, steps, proposal }: RowParts,
  moment: number,
  {
    contract,
    labelOf,
    discretion,
  }: { contract: Contract; labelOf: LabelOf; discretion: Discretion },
): RequestEvidence {
  const { id, number, draft, requestedBy, createdAt, shown } = request;
  const merge = mergeOf(steps);
  const merged = merge && merge.at <= moment ? merge : undefined;
  const then = steps.filter(({ at }) => at <= moment);
  const url = proposal?.url ?? merged?.link;
  const pullRequest = proposal && {
    ...(proposal.number !== undefined && { number: proposal.number }),
    ...(url !== undefined && { url }),
  };
  return {
    ...{ id, number },
    kind: kindOf(draft),
    state: then[then.length - 1]?.to ?? 'submitted',
    requestedBy: refFor(requestedBy, labelOf),
    requestedAt: isoOf(createdAt),
    ...(draft.reason !== '' && { reason: draft.reason }),
    ...(request.breakGlass && {
      breakGlass: {
        expiresAt: isoOf(request.breakGlass.expiresAt),
        afterwards: afterwardsThen(then),
      },
    }),
    ...(request.textsBlankedAt !== undefined && {
      blankedAt: isoOf(request.textsBlankedAt),
    }),
    meaning: toMeaning(shown, contract, labelOf, discretion).text,
    digest: shown.digest,
    ...(pullRequest && { pullRequest }),
    ...(merged && proposal?.head !== undefined && { commit: proposal.head }),
    ...(merged?.by !== undefined && { mergedBy: refFor(merged.by, labelOf) }),
    ...(merged && { mergedAt: isoOf(merged.at) }),
    ...(merged?.byItself && {
      mergedUnder: 'callgate.lifecycle.onExpiry: merge',
    }),
  };
}

/** What had come by then of a request that went on before anybody approved it. */
function afterwardsThen(steps: readonly StoredTransition[]): string {
  if (steps.some(({ event }) => event === 'refuse')) return 'rejected';
  if (steps.some(({ facts }) => facts?.code === 'confirmed-afterwards'))
    return 'confirmed';
  return steps.some(({ facts }) => facts?.code === 'time-over')
    ? 'lapsed'
    : 'undecided';
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
