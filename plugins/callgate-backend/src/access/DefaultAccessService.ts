import { NotFoundError } from '@backstage/errors';
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
  RejectBody,
  RequestPage,
  RenewBody,
  ReviewBody,
  ReviewPage,
  ReviewResult,
  ReviseBody,
  RevokeBody,
  SettleBody,
  WithdrawBody,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import type { ClaimTarget } from '../claims/ClaimTarget';
import { EvidenceRoom } from '../evidence/EvidenceRoom';
import type { Evidence, EvidenceKind } from '../evidence/types';
import type { StoredRequest } from '../database/AccessStore';
import type { ProposalRecord } from '../proposals/types';
import { AccessAsks } from './AccessAsks';
import { AccessDecisions } from './AccessDecisions';
import type {
  AccessService,
  CallerOptions,
  PreviewOptions,
  ProposalQuery,
  ReadOptions,
  RequestQuery,
  ReviewOf,
  ReviewQuery,
  WriteOptions,
} from './AccessService';
import { AccessViews } from './AccessViews';
import { ClaimDesk } from './ClaimDesk';
import { ClusterDesk } from './ClusterDesk';
import { Decisions } from './Decisions';
import { domainError } from './domainError';
import { GlassDesk } from './GlassDesk';
import { GrantViews } from './GrantViews';
import { ImportDesk } from './ImportDesk';
import { parseRef } from './parseRef';
import { ProposalChanges } from './ProposalChanges';
import { ProposalViews } from './ProposalViews';
import { RequestComments } from './RequestComments';
import { ReviewDesk } from './ReviewDesk';
import { RequestViews } from './RequestViews';
import type { ServiceParts } from './ServiceParts';

/**
 * The rules of who may ask for what and decide about what. Ownership and the ban of self-approval are enforced here,
 * whatever the permission policy says. It knows no HTTP and no permissions.
 */
export class DefaultAccessService implements AccessService {
  static create(parts: ServiceParts): DefaultAccessService {
    return new DefaultAccessService(parts);
  }

  readonly #views: AccessViews;
  readonly #requestViews: RequestViews;
  readonly #proposalViews: ProposalViews;
  readonly #grants: GrantViews;
  readonly #asks: AccessAsks;
  readonly #decisions: AccessDecisions;
  readonly #proposals: ProposalChanges;
  readonly #claims: ClaimDesk;
  readonly #clusters: ClusterDesk;
  readonly #glass: GlassDesk;
  readonly #imports: ImportDesk;
  readonly #comments: RequestComments;
  readonly #evidence: EvidenceRoom;
  readonly #reviews: ReviewDesk;

  private constructor(private readonly parts: ServiceParts) {
    const rules = new Decisions(parts);
    this.#views = new AccessViews(parts, rules);
    this.#requestViews = new RequestViews(parts, this.#views, rules);
    this.#proposalViews = new ProposalViews(parts, this.#views, rules);
    this.#grants = new GrantViews(parts, this.#views, rules);
    this.#asks = new AccessAsks(
      parts,
      this.#views,
      this.#requestViews,
      rules,
      this.#grants,
    );
    this.#decisions = new AccessDecisions(parts, this.#requestViews, rules);
    this.#proposals = new ProposalChanges(
      parts,
      this.#views,
      rules,
      this.#proposalViews,
    );
    this.#claims = new ClaimDesk(parts, this.#views);
    this.#clusters = new ClusterDesk(parts, this.#views);
    this.#glass = new GlassDesk(parts, this.#views);
    this.#imports = new ImportDesk(parts, this.#views);
    this.#comments = new RequestComments(parts, this.#requestViews);
    this.#evidence = new EvidenceRoom(parts, this.#views);
    this.#reviews = new ReviewDesk(parts, this.#views, rules, this.#asks);
  }

  async getApiAccess(apiRef: string, options: ReadOptions): Promise<ApiAccess> {
    return this.#views.apiAccess(parseRef(apiRef, 'api', ['api']), options);
  }

  async getApiOperations(
    apiRef: string,
    options: CallerOptions,
  ): Promise<ApiOperations> {
    return this.#views.apiOperations(parseRef(apiRef, 'api', ['api']), options);
  }

  async getApprovalRules(options: CallerOptions): Promise<ApprovalRules> {
    return this.#views.approvalRules(options);
  }

  async getCallerAccess(
    callerRef: string,
    options: ReadOptions,
  ): Promise<CallerAccess> {
    return this.#views.callerAccess(parseRef(callerRef, 'caller'), options);
  }

  async explain(
    call: ExplainedCall,
    options: CallerOptions,
  ): Promise<Explanation[]> {
    const api = parseRef(call.api, 'api', ['api']);
    const caller = parseRef(call.caller, 'caller');
    return this.#views.explain({ ...call, api, caller }, options);
  }

  async preview(
    draft: AccessRequestDraft,
    options: PreviewOptions,
  ): Promise<Preview> {
    return this.#asks.preview(draft, options);
  }

  async createRequest(
    draft: NewAccessRequest,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    return this.#asks.create(draft, options);
  }

  async getGrant(
    id: string,
    api: string | undefined,
    options: ReadOptions,
  ): Promise<GrantPage> {
    return this.#grants.page(id, api, options);
  }

  async renewGrant(
    id: string,
    body: RenewBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    return this.#asks.renew(id, body, options);
  }

  async revokeGrant(
    id: string,
    body: RevokeBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    return this.#asks.revoke(id, body, options);
  }

  async listReviews(
    query: ReviewQuery,
    options: ReadOptions,
  ): Promise<ReviewPage> {
    return this.#reviews.page(query, options);
  }

  async keepGrant(
    review: ReviewOf,
    options: WriteOptions,
  ): Promise<ReviewResult> {
    return this.#reviews.keep(review, options);
  }

  async endReviewed(
    review: ReviewOf,
    options: WriteOptions,
  ): Promise<ReviewResult> {
    return this.#reviews.end(review, options);
  }

  async listRequests(
    query: RequestQuery,
    { credentials }: CallerOptions,
  ): Promise<RequestPage> {
    const person = await this.parts.ownership.person(credentials);
    return this.#requestViews.page(query, person, credentials);
  }

  async getRequest(id: string, options: CallerOptions): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    return this.#requestViews.request(request, options.credentials);
  }

  async approveRequest(
    id: string,
    body: ApproveBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    return this.#decisions.approve(request, body, options);
  }

  async rejectRequest(
    id: string,
    body: RejectBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    return this.#decisions.reject(request, body, options);
  }

  async withdrawRequest(
    id: string,
    body: WithdrawBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    return this.#decisions.withdraw(request, body, options);
  }

  async askChange(
    id: string,
    body: AskChangeBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    return this.#decisions.askChange(request, body, options);
  }

  async reviseRequest(
    id: string,
    body: ReviseBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    return this.#asks.revise(request, body, options);
  }

  async commentOnRequest(
    id: string,
    body: CommentBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    return this.#comments.add(request, body, options);
  }

  async blankTexts(id: string, options: CallerOptions): Promise<AccessRequest> {
    const request = await this.#request(id, options);
    const { ownership, platformTeam, requests } = this.parts;
    const person = await ownership.person(options.credentials);
    if (platformTeam === undefined || !person.claims.has(platformTeam)) {
      throw domainError(
        'not-platform-team',
        'Only the platform team takes out what people wrote.',
      );
    }
    const blank = await requests.blankTexts(request.id);
    return this.#requestViews.request(blank, options.credentials);
  }

  async listProposals(
    query: ProposalQuery,
    options: ReadOptions,
  ): Promise<ProposalPage> {
    const page = await this.#proposalViews.page(query, options);
    // Only the policy lets anybody settle: absent is no.
    const contestedClaims = options.sight?.settles
      ? await this.#claims.count(options)
      : undefined;
    const brokenGlass = await this.#glass.count(options);
    return {
      ...page,
      ...(contestedClaims !== undefined && { contestedClaims }),
      ...(options.sight?.evidence && { evidence: true }),
      ...(brokenGlass !== undefined && { brokenGlass }),
    };
  }

  async getProposal(id: string, options: ReadOptions): Promise<Proposal> {
    const proposal = await this.#proposal(id, options);
    return this.#proposalViews.proposal(proposal, options);
  }

  async reviewProposal(
    id: string,
    body: ReviewBody,
    options: WriteOptions,
  ): Promise<Proposal> {
    const proposal = await this.#proposal(id, options);
    await this.#proposals.review(proposal, body, options);
    return this.getProposal(id, options);
  }

  async mergeProposal(
    id: string,
    body: MergeBody,
    options: WriteOptions,
  ): Promise<Proposal> {
    const proposal = await this.#proposal(id, options);
    await this.#proposals.merge(proposal, body, options);
    return this.getProposal(id, options);
  }

  async takeEvidence(
    kind: EvidenceKind,
    at: string | undefined,
    options: CallerOptions,
  ): Promise<Evidence> {
    return this.#evidence.take(kind, at, options);
  }

  async getClusters(options: CallerOptions): Promise<ClusterList> {
    return this.#clusters.list(options);
  }

  async getBrokenGlass(options: ReadOptions): Promise<BrokenGlassList> {
    return this.#glass.list(options);
  }

  async getImports(options: CallerOptions): Promise<ImportReport> {
    return this.#imports.report(options);
  }

  async getImport(api: string, options: CallerOptions): Promise<ApiImport> {
    return this.#imports.one(api, options);
  }

  async openImports(
    body: ImportBody,
    options: CallerOptions,
  ): Promise<ImportResults> {
    return this.#imports.open(body, options);
  }

  async getClaims(options: CallerOptions): Promise<ClaimList> {
    return this.#claims.list(options);
  }

  async settleClaim(
    target: ClaimTarget,
    body: SettleBody,
    options: CallerOptions,
  ): Promise<WorkloadClaim> {
    return this.#claims.settle(target, body, options);
  }

  async mergeClaim(
    target: ClaimTarget,
    body: MergeBody,
    options: CallerOptions,
  ): Promise<WorkloadClaim> {
    return this.#claims.merge(target, body, options);
  }

  /** A request for an API that the catalog hides from a person is not there for them, unless it is their own. */
  async #request(
    id: string,
    { credentials }: CallerOptions,
  ): Promise<StoredRequest> {
    const request = await this.parts.requests.getRequest(id);
    if (request) {
      if (!(await this.#isHidden(request.apiRef, credentials))) return request;
      const { ref } = await this.parts.ownership.person(credentials);
      if (request.requestedBy === ref) return request;
    }
    throw new NotFoundError('There is no such access request');
  }

  async #proposal(
    id: string,
    { credentials }: CallerOptions,
  ): Promise<ProposalRecord> {
    const proposal = await this.parts.proposals.getProposal(id);
    if (!proposal || (await this.#isHidden(proposal.api, credentials))) {
      throw new NotFoundError('There is no such proposal');
    }
    return proposal;
  }

  async #isHidden(
    ref: string,
    credentials: CallerOptions['credentials'],
  ): Promise<boolean> {
    return this.parts.labels.label(
      credentials,
      labelOf => labelOf(ref).state === 'hidden',
    );
  }
}
