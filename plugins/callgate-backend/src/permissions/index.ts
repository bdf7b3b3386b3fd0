export {
  accessRequestConditions,
  createAccessRequestConditionalDecision,
} from './conditionExports';
export { accessRequestResourceRef } from './resource';
export type { RequestParties } from './resource';
export { accessRequestRules } from './rules';
