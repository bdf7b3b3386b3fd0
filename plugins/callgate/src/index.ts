export {
  AccessClaimsPage,
  AccessProposalPage,
  AccessProposalsPage,
  AccessRequestPage,
  AccessRequestsPage,
  callgatePlugin,
  EntityApiAccessContent,
  EntityCallsContent,
} from './plugin';
export { callgateApiRef, CallgateClient, CallgateError } from './api';
export type {
  CallgateApi,
  CallOptions,
  ClaimedWorkload,
  ProposalQuery,
  RequestQuery,
  RequestTab,
} from './api';
export { callgateTranslationRef } from './translation';
