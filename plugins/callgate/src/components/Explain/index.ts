export { ExplainCall } from './ExplainCall';
export { ExplainDialog } from './ExplainDialog';
export { type BadCall, callFromSearch, callToSearch } from './callInUrl';
