export { callgateApiRef } from './CallgateApi';
export type {
  CallgateApi,
  CallOptions,
  ClaimedWorkload,
  EvidenceQuery,
  ProposalQuery,
  RequestQuery,
  RequestTab,
  ReviewQuery,
} from './CallgateApi';
export { CallgateClient } from './CallgateClient';
export {
  CallgateError,
  hasErrorCode,
  isNotAllowed,
  isNotFound,
  isUnreachable,
} from './CallgateError';
