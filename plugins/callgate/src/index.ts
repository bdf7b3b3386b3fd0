export {
  AccessApprovalRulesPage,
  AccessBreakGlassPage,
  AccessClaimsPage,
  AccessClustersPage,
  AccessExplainPage,
  AccessGrantPage,
  AccessHomePage,
  AccessImportPage,
  AccessProposalPage,
  AccessProposalsPage,
  AccessRequestPage,
  AccessRequestsPage,
  AccessReviewsPage,
  callgatePlugin,
  EntityAccessPolicyCard,
  EntityApiAccessContent,
  EntityCallsContent,
} from './plugin';
export { AccessSidebarItem } from './components/AccessSidebarItem';
export type { AccessSidebarItemProps } from './components/AccessSidebarItem';
export { callgateApiRef, CallgateClient, CallgateError } from './api';
export type {
  CallgateApi,
  CallOptions,
  ClaimedWorkload,
  EvidenceQuery,
  ProposalQuery,
  RequestQuery,
  RequestTab,
  ReviewQuery,
} from './api';
export { callgateTranslationRef } from './translation';
