export {
  ClassicApprovalRulesPage,
  ClassicClaimsPage,
  ClassicExplainPage,
  ClassicHomePage,
  ClassicInboxPage,
  ClassicProposalPage,
  ClassicProposalsPage,
  ClassicRequestPage,
} from './pages';
