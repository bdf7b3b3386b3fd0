import { createExtensionPoint } from '@backstage/backend-plugin-api';
import type { ApprovalEvaluator } from './ApprovalEvaluator';

/**
 * Where modules register code that asks for approvals.
 *
 * @public
 */
export interface CallgateApprovalRulesExtensionPoint {
  addEvaluator(
    ...evaluators: Array<ApprovalEvaluator | ApprovalEvaluator[]>
  ): void;
}

/**
 * The extension point that modules depend on that ask for approvals.
 *
 * @public
 */
export const callgateApprovalRulesExtensionPoint =
  createExtensionPoint<CallgateApprovalRulesExtensionPoint>({
    id: 'callgate.approval-rules',
  });
