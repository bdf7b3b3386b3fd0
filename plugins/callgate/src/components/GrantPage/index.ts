export { GrantPage } from './GrantPage';
