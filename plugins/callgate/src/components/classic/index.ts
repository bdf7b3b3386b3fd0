export {
  ClassicApprovalRulesPage,
  ClassicClaimsPage,
  ClassicExplainPage,
  ClassicGrantPage,
  ClassicHomePage,
  ClassicInboxPage,
  ClassicProposalPage,
  ClassicProposalsPage,
  ClassicRequestPage,
  ClassicReviewsPage,
} from './pages';
