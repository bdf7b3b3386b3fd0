export { InboxPage } from './InboxPage';
export { EmptyList } from './EmptyList';
export { useTabStyles } from './useTabStyles';
