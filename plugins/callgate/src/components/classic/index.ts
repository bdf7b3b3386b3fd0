export {
  ClassicClaimsPage,
  ClassicExplainPage,
  ClassicGrantPage,
  ClassicHomePage,
  ClassicInboxPage,
  ClassicProposalPage,
  ClassicProposalsPage,
  ClassicRequestPage,
} from './pages';
