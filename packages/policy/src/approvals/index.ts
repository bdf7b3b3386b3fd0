export { parseApprovals, readApprovalRules } from './parseApprovals';
export type { ConfiguredApprovals, ParsedApprovals } from './parseApprovals';
export { approvalFacts, judgeApprovals } from './judgeApprovals';
export type {
  ApprovalJudgement,
  AskedAccess,
  AutomaticApproval,
  DaysByRule,
} from './judgeApprovals';
export { formatRuleRef, parseRuleRef } from './ruleRef';
export type { RuleRefParts } from './ruleRef';
export { formatServiceRef, parseServiceRef } from './serviceRef';
export type { ServiceRefParts } from './serviceRef';
export type {
  ApprovalRole,
  ApprovalRule,
  CallerClaim,
  CompiledApprovalRule,
  Escalation,
  RequiredApproval,
} from './types';
