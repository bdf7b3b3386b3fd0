export * from './AccessStore';
export * from './DatabaseAccessStore';
export { DatabaseCounts } from './DatabaseCounts';
export * from './DatabaseNoticeStore';
export * from './DatabaseProposalStore';
export * from './migrate';
export * from './DatabaseToldClaims';
export { DatabaseGrantReviews } from './DatabaseGrantReviews';
export { DatabaseReminders } from './Reminders';
