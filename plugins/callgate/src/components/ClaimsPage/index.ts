export { ClaimsLink } from './ClaimsLink';
export { ClaimsPage } from './ClaimsPage';
