export { checkEffectiveAccess } from './checkEffectiveAccess';
export { checkPlannedEdges } from './checkPlannedEdges';
export type { PlannedEdges, PretendedGrant } from './checkPlannedEdges';
export { countApprovers, refusedWithApprovers } from './countApprovers';
export type { ApproverCount } from './countApprovers';
export { parseGuardrails } from './parseGuardrails';
export type { CompiledGuardrail, ParsedGuardrails } from './parseGuardrails';
export type {
  Guardrail,
  GuardrailStage,
  GuardrailSubject,
  GuardrailValues,
} from './types';
