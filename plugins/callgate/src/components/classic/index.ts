export {
  ClassicClaimsPage,
  ClassicInboxPage,
  ClassicProposalPage,
  ClassicProposalsPage,
  ClassicRequestPage,
} from './pages';
