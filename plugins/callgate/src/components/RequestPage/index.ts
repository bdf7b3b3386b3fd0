export { Crumbs } from './Crumbs';
export { RequestPage } from './RequestPage';
export { useProposalLink } from './useProposalLink';
