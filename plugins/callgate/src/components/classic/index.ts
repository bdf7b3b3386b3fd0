export {
  ClassicApprovalRulesPage,
  ClassicClaimsPage,
  ClassicClustersPage,
  ClassicExplainPage,
  ClassicGrantPage,
  ClassicHomePage,
  ClassicImportPage,
  ClassicInboxPage,
  ClassicProposalPage,
  ClassicProposalsPage,
  ClassicRequestPage,
  ClassicReviewsPage,
} from './pages';
