export {
  accessRequestConditions,
  createAccessRequestConditionalDecision,
} from './conditionExports';
export { accessRequestResourceRef } from './resource';
export type { PartyRole, RequestParties, RequestVisibility } from './types';
export { accessRequestRules } from './rules';
