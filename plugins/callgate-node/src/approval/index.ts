export * from './ApprovalEvaluator';
export * from './approvalRulesExtensionPoint';
