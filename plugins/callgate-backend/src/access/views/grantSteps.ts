import type {
  AccessRequestSummary,
  GrantDecision,
  GrantStep,
} from '@callgate/plugin-callgate-common';
import type { Contract } from '@callgate/policy';
import type {
  StoredApproval,
  StoredRequest,
  StoredTransition,
} from '../../database/AccessStore';
import {
  decisionsOf,
  mergeOf,
  refOfNeed,
  type RequestDecision,
} from '../../evidence/decisions';
import { reasonOfCallgate } from './confirms';
import type { Discretion } from './Discretion';
import type { LabelOf } from './Labels';
import { toMeaning } from './meaning';
import { sayDay } from './sayDay';

/** What a step in the history of a grant is made of. */
export interface StepFacts {
  request: StoredRequest;
  steps: readonly StoredTransition[];
  approvals: readonly StoredApproval[];
  /** The head that was merged, where that is known. */
  head?: string;
}

/** A request in the history of a grant: what it meant, who decided, and what came of it. */
export function toGrantStep(
  { request, steps, approvals, head }: StepFacts,
  summary: AccessRequestSummary,
  {
    contract,
    labelOf,
    discretion,
  }: { contract: Contract; labelOf: LabelOf; discretion: Discretion },
): GrantStep {
  const { shown, state } = request;
  const merged = state === 'merged' ? mergeOf(steps) : undefined;
  const reason = reasonOf(request, labelOf, discretion);
  return {
    request: summary,
    meaning: toMeaning(shown, contract, labelOf, discretion).text,
    ...(reason && { reason }),
    digest: shown.digest,
    decisions: decisionsOf(steps, approvals)
      .filter(({ counts }) => counts)
      .map(each => toDecision(each, labelOf)),
    ...(state === 'merged' && head !== undefined && { commit: head }),
    ...(merged && { mergedAt: new Date(merged.at).toISOString() }),
    ...(merged?.by !== undefined && { mergedBy: labelOf(merged.by) }),
  };
}

/** What it was asked for, as whoever reads its history is told; what is open meanwhile is for the page of the request to say. */
function reasonOf(
  request: StoredRequest,
  labelOf: LabelOf,
  discretion: Discretion,
): string {
  const expired = request.draft.change?.expired;
  return expired === undefined
    ? reasonOfCallgate(request, labelOf, discretion)
    : `Its last day was ${sayDay(expired)}.`;
}

function toDecision(
  { event, by, as, at }: RequestDecision,
  labelOf: LabelOf,
): GrantDecision {
  const of = as && refOfNeed(as);
  return {
    event,
    ...(by !== undefined && { by: labelOf(by) }),
    ...(as && { role: as.kind }),
    ...(of !== undefined && { of: labelOf(of) }),
    at: new Date(at).toISOString(),
  };
}
