export { checkEffectiveAccess } from './checkEffectiveAccess';
export { checkPlannedEdges } from './checkPlannedEdges';
export type { PlannedEdges } from './checkPlannedEdges';
export { parseGuardrails } from './parseGuardrails';
export type { CompiledGuardrail, ParsedGuardrails } from './parseGuardrails';
export type {
  Guardrail,
  GuardrailStage,
  GuardrailSubject,
  GuardrailValues,
} from './types';
