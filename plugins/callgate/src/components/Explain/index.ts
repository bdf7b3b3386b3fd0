export { ExplainCall } from './ExplainCall';
export { ExplainDialog } from './ExplainDialog';
