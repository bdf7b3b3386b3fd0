import { createApiRef } from '@backstage/core-plugin-api';
import type {
  AccessRequest,
  AccessRequestDraft,
  ApiAccess,
  ApiImport,
  ApiOperations,
  ApprovalRules,
  ApproveBody,
  AskChangeBody,
  CallerAccess,
  BrokenGlassList,
  ClaimList,
  ClusterList,
  ImportBody,
  ImportReport,
  ImportResults,
  CommentBody,
  DecideBody,
  DecideResult,
  DecideReviewsBody,
  DecideReviewsResult,
  ExplainedCall,
  Explanation,
  GrantPage,
  MergeBody,
  NewAccessRequest,
  Preview,
  Proposal,
  ProposalPage,
  RejectBody,
  RequestKind,
  RequestPage,
  RequestState,
  ReviewBody,
  ReviewPage,
  ReviseBody,
  SettleBody,
  WithdrawBody,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';

/**
 * Which requests a list is about.
 *
 * @public
 */
export type RequestTab = 'waiting' | 'mine' | 'all';

/**
 * A question for a page of requests. Absent fields do not narrow.
 *
 * @public
 */
export interface RequestQuery {
  /** A tab of the inbox, or `ours`: what concerns the APIs that the reader owns. */
  tab?: RequestTab | 'ours';
  /** Entity ref of the API. */
  api?: string;
  /** Entity ref of the caller. */
  caller?: string;
  /** Entity ref of the system that the caller belongs to. */
  system?: string;
  kind?: RequestKind[];
  /** Words that all stand in what a request is about. */
  q?: string;
  state?: RequestState[];
  sort?: 'risk' | '-createdAt' | 'createdAt';
  cursor?: string;
  /** 1 to 100. */
  limit?: number;
}

/**
 * A question for a page of proposals.
 *
 * @public
 */
export interface ProposalQuery {
  state?: string[];
  /** Those alone that wait for the reader: open, and theirs to merge. */
  waiting?: true;
  cursor?: string;
  limit?: number;
}

/**
 * A workload of a cluster, by `namespace/Kind/name`, that somebody claims.
 *
 * @public
 */
export interface ClaimedWorkload {
  cluster: string;
  workload: string;
}

/**
 * Which evidence is taken out.
 *
 * @public
 */
export interface EvidenceQuery {
  /** Grants that were declared at a moment, or everything that was decided until then. */
  kind: 'grants' | 'decisions';
  format: 'csv' | 'json';
  /** A day of UTC, meant at its end, or a moment; absent: now. */
  at?: string;
}

/**
 * What a read or write may be given besides its content.
 *
 * @public
 */
export interface CallOptions {
  /** Ends a call whose answer nobody waits for any more. */
  signal?: AbortSignal;
}

/**
 * Which grants that are due for a review to list.
 *
 * @public
 */
export interface ReviewQuery {
  /** Words that all stand in what is shown of a grant. */
  q?: string;
  /** Entity ref. */
  api?: string;
  /** Ref of the system that the caller belongs to. */
  system?: string;
  cursor?: string;
  limit?: number;
}

/**
 * The Callgate backend as pages see it. Every method throws a `CallgateError` for an error answer.
 *
 * @public
 */
export interface CallgateApi {
  /** @param ref - entity ref of the API */
  getApiAccess(ref: string, options?: CallOptions): Promise<ApiAccess>;
  /** @param ref - entity ref of the API */
  getApiOperations(ref: string, options?: CallOptions): Promise<ApiOperations>;
  /** @param ref - entity ref of the caller */
  getCallerAccess(ref: string, options?: CallOptions): Promise<CallerAccess>;
  /** Stores nothing. */
  preview(draft: AccessRequestDraft, options?: CallOptions): Promise<Preview>;
  explain(call: ExplainedCall, options?: CallOptions): Promise<Explanation[]>;
  /** @param idempotencyKey - the same for every attempt to send one request */
  createRequest(
    request: NewAccessRequest,
    idempotencyKey: string,
  ): Promise<AccessRequest>;
  listRequests(
    query: RequestQuery,
    options?: CallOptions,
  ): Promise<RequestPage>;
  /**
   * A grant with its history and what the reader may do about it.
   *
   * @param options - `api`: its entity ref, needed where several have a grant of this id
   */
  getGrant(
    id: string,
    options?: CallOptions & { api?: string },
  ): Promise<GrantPage>;
  getRequest(id: string, options?: CallOptions): Promise<AccessRequest>;
  approveRequest(id: string, body: ApproveBody): Promise<AccessRequest>;
  rejectRequest(id: string, body: RejectBody): Promise<AccessRequest>;
  withdrawRequest(id: string, body: WithdrawBody): Promise<AccessRequest>;
  /** Gives a request back to its requester, with what to change. */
  askChange(id: string, body: AskChangeBody): Promise<AccessRequest>;
  /** Changes a request that is not decided, and sends it again. */
  reviseRequest(
    id: string,
    body: ReviseBody,
    idempotencyKey: string,
  ): Promise<AccessRequest>;
  /** @param idempotencyKey - the same for every attempt to send one comment */
  commentOnRequest(
    id: string,
    body: CommentBody,
    idempotencyKey: string,
  ): Promise<AccessRequest>;
  /** Decides several requests, and answers what became of each. */
  decideRequests(
    body: DecideBody,
    idempotencyKey: string,
  ): Promise<DecideResult>;
  /** Grants on the reader's APIs that are due for a review. */
  listReviews(query: ReviewQuery, options?: CallOptions): Promise<ReviewPage>;
  /** Keeps or ends several grants, and answers what became of each. */
  decideReviews(
    body: DecideReviewsBody,
    idempotencyKey: string,
  ): Promise<DecideReviewsResult>;
  listProposals(
    query: ProposalQuery,
    options?: CallOptions,
  ): Promise<ProposalPage>;
  getProposal(id: string, options?: CallOptions): Promise<Proposal>;
  reviewProposal(id: string, body: ReviewBody): Promise<Proposal>;
  mergeProposal(id: string, body: MergeBody): Promise<Proposal>;
  /** A file with evidence, and the name to keep it by. */
  takeEvidence(
    query: EvidenceQuery,
    options?: CallOptions,
  ): Promise<{ name: string; content: Blob }>;
  /** The rules of who approves, as they hold now. */
  getApprovalRules(options?: CallOptions): Promise<ApprovalRules>;
  /** For the platform team. */
  getClusters(options?: CallOptions): Promise<ClusterList>;
  /** For the platform team, and for who may take out evidence. */
  getBrokenGlass(options?: CallOptions): Promise<BrokenGlassList>;
  /** For the platform team: what import would make of each API, of one, and pull requests for some. */
  getImports(options?: CallOptions): Promise<ImportReport>;
  getImport(api: string, options?: CallOptions): Promise<ApiImport>;
  openImports(body: ImportBody): Promise<ImportResults>;
  /** For the platform team. */
  getClaims(options?: CallOptions): Promise<ClaimList>;
  settleClaim(of: ClaimedWorkload, body: SettleBody): Promise<WorkloadClaim>;
  mergeClaim(of: ClaimedWorkload, body: MergeBody): Promise<WorkloadClaim>;
}

/**
 * The Callgate backend.
 *
 * @public
 */
export const callgateApiRef = createApiRef<CallgateApi>({
  id: 'plugin.callgate.service',
});
