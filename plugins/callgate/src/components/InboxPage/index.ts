export { InboxPage } from './InboxPage';
export { EmptyList } from './EmptyList';
