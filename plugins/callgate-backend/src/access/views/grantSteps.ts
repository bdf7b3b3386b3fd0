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
import type { Discretion } from './Discretion';
import type { LabelOf } from './Labels';
import { toMeaning } from './meaning';

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
  return {
    request: summary,
    meaning: toMeaning(shown, contract, labelOf, discretion).text,
    digest: shown.digest,
    decisions: decisionsOf(steps, approvals)
      .filter(({ counts }) => counts)
      .map(each => toDecision(each, labelOf)),
    ...(state === 'merged' && head !== undefined && { commit: head }),
    ...(merged && { mergedAt: new Date(merged.at).toISOString() }),
    ...(merged?.by !== undefined && { mergedBy: labelOf(merged.by) }),
  };
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
