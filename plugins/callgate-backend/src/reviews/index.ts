export * from './GrantReviews';
export * from './grantRecord';
