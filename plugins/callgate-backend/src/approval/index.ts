export * from './ApprovalEvaluators';
export * from './assign';
export * from './needs';
export * from './Staffing';
export * from './tally';
