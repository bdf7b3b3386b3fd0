export {
  ClassicApprovalRulesPage,
  ClassicBreakGlassPage,
  ClassicClaimsPage,
  ClassicClustersPage,
  ClassicExplainPage,
  ClassicGrantPage,
  ClassicHomePage,
  ClassicInboxPage,
  ClassicProposalPage,
  ClassicProposalsPage,
  ClassicRequestPage,
  ClassicReviewsPage,
} from './pages';
