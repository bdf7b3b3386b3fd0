import { Finding } from '../findings';
import { checkPlannedEdges, PlannedEdges } from './checkPlannedEdges';
import { CompiledGuardrail } from './parseGuardrails';
import { GuardrailStage } from './types';

/** More approvers than this no rule is expected to ask for. */
const MOST = 5;
const AFTER: readonly GuardrailStage[] = ['proposal', 'repository'];

/**
 * How many people must have approved a grant for the rules to hold, or what
 * the rules refuse whatever the number.
 *
 * @public
 */
export interface ApproverCount {
  /** absent: no number is enough */
  count?: number;
  /** names of the rules that ask for more than `atLeast` */
  because: readonly string[];
  /** why no number is enough */
  refused: readonly Finding[];
}

/**
 * Asks the rules about a grant that nobody has approved yet as if one, two, …
 * people had: a rule that would refuse the proposal, or the repository after
 * its merge, is known before anybody is asked to approve. The approvers are
 * made up, so a rule that wants certain people holds for no number.
 *
 * @param planned - with `pretend`, whose `approvedBy` is replaced
 *
 * @public
 */
export function countApprovers(
  guardrails: readonly CompiledGuardrail[],
  planned: PlannedEdges & { pretend: NonNullable<PlannedEdges['pretend']> },
  atLeast = 1,
): ApproverCount {
  const { api, grantId } = planned.pretend;
  const plan = {
    edges: planned.plan.edges.filter(
      edge => edge.api === api && edge.grantId === grantId,
    ),
  };
  const rules = guardrails.filter(
    ({ guardrail }) => guardrail.severity === 'error',
  );
  const refusedBy = (stage: GuardrailStage, approvers: number) =>
    checkPlannedEdges(rules, stage, {
      ...planned,
      plan,
      pretend: {
        ...planned.pretend,
        approvedBy: Array.from(
          { length: approvers },
          (_, index) => `user:default/approver-${index + 1}`,
        ),
      },
    });
  // A draft has nobody's approval; a rule that forgets to say so is no reason against it.
  const asDraft = new Set(refusedBy('draft', 0).map(ruleOf));
  const refusedWith = (approvers: number) => [
    ...refusedBy('draft', approvers).filter(found =>
      asDraft.has(ruleOf(found)),
    ),
    ...AFTER.flatMap(stage => refusedBy(stage, approvers)),
  ];
  const first = refusedWith(atLeast);
  for (let count = atLeast; count <= Math.max(MOST, atLeast); count++) {
    if ((count === atLeast ? first : refusedWith(count)).length === 0)
      return { count, because: rulesOf(first), refused: [] };
  }
  return { because: rulesOf(first), refused: first };
}

/**
 * What the rules refuse of a grant with exactly the approvers that it pretends
 * to have, from the proposal to the repository.
 *
 * @public
 */
export function refusedWithApprovers(
  guardrails: readonly CompiledGuardrail[],
  planned: PlannedEdges & { pretend: NonNullable<PlannedEdges['pretend']> },
): readonly Finding[] {
  const { api, grantId } = planned.pretend;
  const rules = guardrails.filter(
    ({ guardrail }) => guardrail.severity === 'error',
  );
  const plan = {
    edges: planned.plan.edges.filter(
      edge => edge.api === api && edge.grantId === grantId,
    ),
  };
  return AFTER.flatMap(stage =>
    checkPlannedEdges(rules, stage, { ...planned, plan }),
  );
}

function ruleOf({ data }: Finding): string {
  return String((data as { rule?: unknown } | undefined)?.rule ?? '');
}

function rulesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(ruleOf))].sort();
}
