export { searchCallers } from './callerOptions';
export { RequestDialog } from './RequestDialog';
export { SentMessage } from './SentMessage';
