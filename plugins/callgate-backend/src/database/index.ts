export * from './AccessStore';
export * from './DatabaseAccessStore';
export * from './DatabaseProposalStore';
export * from './migrate';
export * from './DatabaseToldClaims';
