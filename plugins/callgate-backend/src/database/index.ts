export * from './AccessStore';
export * from './DatabaseAccessStore';
export * from './DatabaseNoticeStore';
export * from './DatabaseProposalStore';
export * from './migrate';
export * from './DatabaseToldClaims';
export { DatabaseGrantReminders } from './GrantReminders';
export { DatabaseApprovalReminders } from './ApprovalReminders';
export { DatabaseCascadeStore } from './CascadeStore';
