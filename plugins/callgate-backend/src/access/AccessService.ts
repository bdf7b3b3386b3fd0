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
  CommentBody,
  ExplainedCall,
  Explanation,
  GrantPage,
  ImportBody,
  ImportReport,
  ImportResults,
  MergeBody,
  NewAccessRequest,
  Preview,
  Proposal,
  ProposalPage,
  ProposalState,
  RejectBody,
  RequestKind,
  RequestPage,
  RequestState,
  RenewBody,
  ReviewDecision,
  ReviewPage,
  ReviewResult,
  ReviewBody,
  ReviseBody,
  RevokeBody,
  SettleBody,
  WithdrawBody,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import type { ClaimTarget } from '../claims/ClaimTarget';
import type { Evidence, EvidenceKind } from '../evidence/types';
import type { RequestVisibility } from '../permissions/types';
import type { CallerCredentials } from '../services';

/** Who asks: somebody who is signed in, or a service of the configuration, which may read and ask. */
export interface CallerOptions {
  credentials: CallerCredentials;
  /** Tells when nobody waits for the answer any more. */
  signal?: AbortSignal;
}

/** Who asks what a draft would do. */
export interface PreviewOptions extends CallerOptions {
  /** Set by the authorization around the service. Absent: no. */
  mayBreakGlass?: boolean;
}

/** Who writes, and the key by which a repeated write is known. */
export interface WriteOptions extends CallerOptions {
  idempotencyKey?: string;
}

/** Who reads, and what the permission policy lets through beside the page itself. */
export interface ReadOptions extends CallerOptions {
  /** Set by the authorization around the service, never by clients. Absent: everything. */
  sight?: Sight;
}

/** What a permission policy lets a reader see of a page's parts. */
export interface Sight {
  /** Which requests; absent: all. */
  requests?: RequestVisibility;
  proposals: boolean;
  /** Whether the reader may ask for access at all. */
  asks: boolean;
  /** Whether the reader may settle whose workloads are, as far as the policy says it. */
  settles?: boolean;
  /** Whether the reader may look at grants again, as far as the policy says it. */
  reviews?: boolean;
  /** Whether the reader may take out evidence. */
  evidence?: boolean;
}

/** What to list. */
export interface RequestQuery {
  /** `ours`: for APIs that the reader or a group of theirs owned when it was sent. */
  tab: 'waiting' | 'mine' | 'ours' | 'all';
  api?: string;
  caller?: string;
  /** Ref of the system that the caller belongs to. */
  system?: string;
  kinds?: RequestKind[];
  /** Words that all stand in what a request is about. */
  text?: string;
  states?: RequestState[];
  sort: 'risk' | 'newest' | 'oldest';
  cursor?: string;
  limit: number;
  /** Set by the authorization around the service; never by clients. */
  visible?: RequestVisibility;
}

/** Which grants that are due for a review to list. */
export interface ReviewQuery {
  api?: string;
  /** Ref of the system that the caller belongs to. */
  system?: string;
  /** Words that all stand in what is shown of a grant. */
  text?: string;
  cursor?: string;
  limit: number;
}

/** What somebody decides about a grant that is due. */
export type ReviewOf = Omit<ReviewDecision, 'decision'> & { note?: string };

/** Which proposals to list. */
export interface ProposalQuery {
  states?: ProposalState[];
  /** Those alone that wait for the reader: open, and theirs to merge. */
  waiting?: boolean;
  cursor?: string;
  limit: number;
}

/**
 * Everything that people do with Callgate. Refs are full entity refs. Errors are those of `@backstage/errors`; domain
 * errors carry `code`.
 */
export interface AccessService {
  getApiAccess(apiRef: string, options: ReadOptions): Promise<ApiAccess>;
  getApiOperations(
    apiRef: string,
    options: CallerOptions,
  ): Promise<ApiOperations>;
  /** The rules of who approves, as they hold now. */
  getApprovalRules(options: CallerOptions): Promise<ApprovalRules>;
  getCallerAccess(
    callerRef: string,
    options: ReadOptions,
  ): Promise<CallerAccess>;
  preview(draft: AccessRequestDraft, options: PreviewOptions): Promise<Preview>;
  explain(call: ExplainedCall, options: CallerOptions): Promise<Explanation[]>;

  createRequest(
    draft: NewAccessRequest,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  /** A grant with its history; `api` where several have one of this id. */
  getGrant(
    id: string,
    api: string | undefined,
    options: ReadOptions,
  ): Promise<GrantPage>;
  /** Asks for a later last day of a grant, and answers with the request. */
  renewGrant(
    id: string,
    body: RenewBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  /** Ends a grant: asks for it, and answers with the request. */
  revokeGrant(
    id: string,
    body: RevokeBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  /** Grants that are due for a review, and the reader's to keep or to end. */
  listReviews(query: ReviewQuery, options: ReadOptions): Promise<ReviewPage>;
  /** Looks at a grant again, and keeps it. */
  keepGrant(review: ReviewOf, options: WriteOptions): Promise<ReviewResult>;
  /** Looks at a grant again, and asks for its end. */
  endReviewed(review: ReviewOf, options: WriteOptions): Promise<ReviewResult>;
  listRequests(
    query: RequestQuery,
    options: CallerOptions,
  ): Promise<RequestPage>;
  getRequest(id: string, options: CallerOptions): Promise<AccessRequest>;
  approveRequest(
    id: string,
    body: ApproveBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  rejectRequest(
    id: string,
    body: RejectBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  withdrawRequest(
    id: string,
    body: WithdrawBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  /** Gives a request back to its requester, with what to change. */
  askChange(
    id: string,
    body: AskChangeBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  /** Changes a request that nobody has decided, and sends it again. */
  reviseRequest(
    id: string,
    body: ReviseBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;
  commentOnRequest(
    id: string,
    body: CommentBody,
    options: WriteOptions,
  ): Promise<AccessRequest>;

  /** Takes out what people wrote about a request that is over: its reason and every note. For the platform team. */
  blankTexts(id: string, options: CallerOptions): Promise<AccessRequest>;

  listProposals(
    query: ProposalQuery,
    options: ReadOptions,
  ): Promise<ProposalPage>;
  getProposal(id: string, options: ReadOptions): Promise<Proposal>;
  reviewProposal(
    id: string,
    body: ReviewBody,
    options: WriteOptions,
  ): Promise<Proposal>;
  mergeProposal(
    id: string,
    body: MergeBody,
    options: WriteOptions,
  ): Promise<Proposal>;

  /**
   * Evidence of a moment: a day, a moment, or now where it is absent.
   *
   * @throws InputError with code `bad-moment`
   */
  takeEvidence(
    kind: EvidenceKind,
    at: string | undefined,
    options: CallerOptions,
  ): Promise<Evidence>;

  /** What is known of each cluster's platform: for the platform team. */
  getClusters(options: CallerOptions): Promise<ClusterList>;

  /** What went on before anybody approved it: for the platform team, and for who may take out evidence. */
  getBrokenGlass(options: ReadOptions): Promise<BrokenGlassList>;
  /** What import would make of each API: for the platform team. */
  getImports(options: CallerOptions): Promise<ImportReport>;
  getImport(api: string, options: CallerOptions): Promise<ApiImport>;
  /** Asks for a pull request for each of some APIs. */
  openImports(body: ImportBody, options: CallerOptions): Promise<ImportResults>;

  /** Whose workloads are contested: for the platform team. */
  getClaims(options: CallerOptions): Promise<ClaimList>;
  settleClaim(
    target: ClaimTarget,
    body: SettleBody,
    options: CallerOptions,
  ): Promise<WorkloadClaim>;
  mergeClaim(
    target: ClaimTarget,
    body: MergeBody,
    options: CallerOptions,
  ): Promise<WorkloadClaim>;
}
