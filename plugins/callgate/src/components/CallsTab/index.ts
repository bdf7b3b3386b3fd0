export { CallsTab } from './CallsTab';
