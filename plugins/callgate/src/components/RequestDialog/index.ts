export { CALLER_KINDS, searchCallers } from './callerOptions';
export { RequestDialog } from './RequestDialog';
export { SentMessage } from './SentMessage';
