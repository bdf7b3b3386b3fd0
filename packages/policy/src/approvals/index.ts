export { parseApprovals } from './parseApprovals';
export type { ParsedApprovals } from './parseApprovals';
export { requiredApprovals } from './requiredApprovals';
export type { AskedAccess } from './requiredApprovals';
export type {
  ApprovalRole,
  ApprovalRule,
  CompiledApprovalRule,
  RequiredApproval,
} from './types';
