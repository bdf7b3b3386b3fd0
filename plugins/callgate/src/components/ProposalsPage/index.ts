export { ProposalList } from './ProposalList';
export { ProposalsPage } from './ProposalsPage';
