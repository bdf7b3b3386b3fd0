import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type {
  AccessRequest,
  AccessRequestDraft,
  ApiAccess,
  ApiOperations,
  ApproveBody,
  CallerAccess,
  ExplainedCall,
  Explanation,
  NewAccessRequest,
  Preview,
  Proposal,
  ProposalPage,
  ProposalState,
  RejectBody,
  RequestPage,
  RequestState,
  ReviewBody,
  WithdrawBody,
} from '@callgate/plugin-callgate-common';
import type { RequestVisibility } from '../database/AccessStore';

/** Who asks. Only people use this service. */
export interface CallerOptions {
  credentials: BackstageCredentials<BackstageUserPrincipal>;
}

/** What to list. */
export interface RequestQuery {
  tab: 'waiting' | 'mine' | 'all';
  api?: string;
  caller?: string;
  states?: RequestState[];
  sort: 'risk' | 'newest' | 'oldest';
  cursor?: string;
  limit: number;
  /** Set by the authorization around the service; never by clients. */
  visible?: RequestVisibility;
}

/** Which proposals to list. */
export interface ProposalQuery {
  states?: ProposalState[];
  cursor?: string;
  limit: number;
}

/**
 * Everything that people do with Callgate. Refs are full entity refs. Errors are those of `@backstage/errors`; domain
 * errors carry `code`.
 */
export interface AccessService {
  getApiAccess(apiRef: string, options: CallerOptions): Promise<ApiAccess>;
  getApiOperations(
    apiRef: string,
    options: CallerOptions,
  ): Promise<ApiOperations>;
  getCallerAccess(
    callerRef: string,
    options: CallerOptions,
  ): Promise<CallerAccess>;
  preview(draft: AccessRequestDraft, options: CallerOptions): Promise<Preview>;
  explain(call: ExplainedCall, options: CallerOptions): Promise<Explanation[]>;

  createRequest(
    draft: NewAccessRequest,
    options: CallerOptions & { idempotencyKey?: string },
  ): Promise<AccessRequest>;
  listRequests(
    query: RequestQuery,
    options: CallerOptions,
  ): Promise<RequestPage>;
  getRequest(id: string, options: CallerOptions): Promise<AccessRequest>;
  approveRequest(
    id: string,
    body: ApproveBody,
    options: CallerOptions,
  ): Promise<AccessRequest>;
  rejectRequest(
    id: string,
    body: RejectBody,
    options: CallerOptions,
  ): Promise<AccessRequest>;
  withdrawRequest(
    id: string,
    body: WithdrawBody,
    options: CallerOptions,
  ): Promise<AccessRequest>;

  listProposals(
    query: ProposalQuery,
    options: CallerOptions,
  ): Promise<ProposalPage>;
  getProposal(id: string, options: CallerOptions): Promise<Proposal>;
  reviewProposal(
    id: string,
    body: ReviewBody,
    options: CallerOptions,
  ): Promise<Proposal>;
  mergeProposal(id: string, options: CallerOptions): Promise<Proposal>;
}
