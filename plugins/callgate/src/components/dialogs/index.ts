export { DecisionDialog } from './DecisionDialog';
export { DecisionNote } from './DecisionNote';
export { DialogHead } from './DialogHead';
export { RestoredLine } from './RestoredLine';
export { useAttempt } from './useAttempt';
export { useDecisionStyles } from './useDecisionStyles';
