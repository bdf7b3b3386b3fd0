export { RequestDialog } from './RequestDialog';
export { SentMessage } from './SentMessage';
