import type {
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  createConditionTransformer,
  type ConditionTransformer,
} from '@backstage/plugin-permission-node';
import {
  accessReadPermission,
  accessRequestBreakGlassPermission,
  accessRequestCommentPermission,
  accessRequestCreatePermission,
  accessRequestDecidePermission,
  accessRequestReadPermission,
  accessRequestWithdrawPermission,
  evidenceReadPermission,
  grantReviewPermission,
  proposalMergePermission,
  proposalReadPermission,
  type AccessRequestDraft,
  type ApproveBody,
  type AskChangeBody,
  type CommentBody,
  type ExplainedCall,
  type ImportBody,
  type MergeBody,
  type NewAccessRequest,
  type RejectBody,
  type RenewBody,
  type ReviewBody,
  type ReviseBody,
  type RevokeBody,
  type SettleBody,
  type WithdrawBody,
} from '@callgate/plugin-callgate-common';
import type { ClaimTarget } from '../claims/ClaimTarget';
import type { AccessStore } from '../database/AccessStore';
import type { EvidenceKind } from '../evidence/types';
import type { RequestVisibility } from '../permissions/types';
import { accessRequestResourceRef } from '../permissions';
import type {
  AccessService,
  CallerOptions,
  ProposalQuery,
  ReadOptions,
  RequestQuery,
  ReviewOf,
  ReviewQuery,
  Sight,
  WriteOptions,
} from './AccessService';

const NOTHING: RequestVisibility = { anyOf: [] };

/**
 * Asks the permission policy before the service: a denied read is "not found", a denied list is empty, a denied write is
 * forbidden. It allows on an explicit allow alone.
 */
export class AuthorizedAccessService implements AccessService {
  static create(options: {
    service: AccessService;
    requests: AccessStore;
    permissions: PermissionsService;
    permissionsRegistry: PermissionsRegistryService;
  }): AuthorizedAccessService {
    const transform = createConditionTransformer(
      options.permissionsRegistry.getPermissionRuleset(
        accessRequestResourceRef,
      ),
    );
    return new AuthorizedAccessService(
      options.service,
      options.requests,
      options.permissions,
      transform,
    );
  }

  private constructor(
    private readonly service: AccessService,
    private readonly requests: AccessStore,
    private readonly permissions: PermissionsService,
    private readonly transform: ConditionTransformer<RequestVisibility>,
  ) {}

  async getApiAccess(apiRef: string, options: CallerOptions) {
    await this.#requireRead(accessReadPermission, options);
    return this.service.getApiAccess(apiRef, await this.#withSight(options));
  }

  async getApiOperations(apiRef: string, options: CallerOptions) {
    await this.#requireRead(accessReadPermission, options);
    return this.service.getApiOperations(apiRef, options);
  }

  async getApprovalRules(options: CallerOptions) {
    await this.#requireRead(accessReadPermission, options);
    return this.service.getApprovalRules(options);
  }

  async getCallerAccess(callerRef: string, options: CallerOptions) {
    await this.#requireRead(accessReadPermission, options);
    return this.service.getCallerAccess(
      callerRef,
      await this.#withSight(options),
    );
  }

  async explain(call: ExplainedCall, options: CallerOptions) {
    await this.#requireRead(accessReadPermission, options);
    return this.service.explain(call, options);
  }

  async preview(draft: AccessRequestDraft, options: CallerOptions) {
    await this.#requireWrite(accessRequestCreatePermission, options);
    if (draft.breakGlass) {
      await this.#requireWrite(accessRequestBreakGlassPermission, options);
    }
    return this.service.preview(draft, {
      ...options,
      mayBreakGlass: await this.#allowed(
        accessRequestBreakGlassPermission,
        options,
      ),
    });
  }

  async createRequest(draft: NewAccessRequest, options: WriteOptions) {
    await this.#requireWrite(accessRequestCreatePermission, options);
    if (draft.breakGlass) {
      await this.#requireWrite(accessRequestBreakGlassPermission, options);
    }
    return this.service.createRequest(draft, options);
  }

  async getGrant(id: string, api: string | undefined, options: CallerOptions) {
    await this.#requireRead(accessReadPermission, options);
    return this.service.getGrant(id, api, await this.#withSight(options));
  }

  async renewGrant(id: string, body: RenewBody, options: WriteOptions) {
    await this.#requireWrite(accessRequestCreatePermission, options);
    return this.service.renewGrant(id, body, options);
  }

  async revokeGrant(id: string, body: RevokeBody, options: WriteOptions) {
    await this.#requireWrite(accessRequestCreatePermission, options);
    return this.service.revokeGrant(id, body, options);
  }

  async listReviews(query: ReviewQuery, options: CallerOptions) {
    await this.#requireRead(accessReadPermission, options);
    const [seen, reviews] = await Promise.all([
      this.#withSight(options),
      this.#allowed(grantReviewPermission, options),
    ]);
    return this.service.listReviews(query, {
      ...seen,
      sight: { ...seen.sight, reviews } as Sight,
    });
  }

  async keepGrant(review: ReviewOf, options: WriteOptions) {
    await this.#requireWrite(grantReviewPermission, options);
    return this.service.keepGrant(review, options);
  }

  async endReviewed(review: ReviewOf, options: WriteOptions) {
    await this.#requireWrite(grantReviewPermission, options);
    await this.#requireWrite(accessRequestCreatePermission, options);
    return this.service.endReviewed(review, options);
  }

  async listRequests(query: RequestQuery, options: CallerOptions) {
    const visible = await this.#visible(accessRequestReadPermission, options);
    return this.service.listRequests(
      visible === 'all' ? query : { ...query, visible },
      options,
    );
  }

  async getRequest(id: string, options: CallerOptions) {
    await this.#requireReadable(id, options);
    return this.service.getRequest(id, options);
  }

  async approveRequest(id: string, body: ApproveBody, options: WriteOptions) {
    await this.#requireChangeable(id, accessRequestDecidePermission, options);
    return this.service.approveRequest(id, body, options);
  }

  async rejectRequest(id: string, body: RejectBody, options: WriteOptions) {
    await this.#requireChangeable(id, accessRequestDecidePermission, options);
    return this.service.rejectRequest(id, body, options);
  }

  async withdrawRequest(id: string, body: WithdrawBody, options: WriteOptions) {
    await this.#requireChangeable(id, accessRequestWithdrawPermission, options);
    return this.service.withdrawRequest(id, body, options);
  }

  async askChange(id: string, body: AskChangeBody, options: WriteOptions) {
    await this.#requireChangeable(id, accessRequestDecidePermission, options);
    return this.service.askChange(id, body, options);
  }

  async reviseRequest(id: string, body: ReviseBody, options: WriteOptions) {
    await this.#requireReadable(id, options);
    await this.#requireWrite(accessRequestCreatePermission, options);
    return this.service.reviseRequest(id, body, options);
  }

  async commentOnRequest(id: string, body: CommentBody, options: WriteOptions) {
    await this.#requireChangeable(id, accessRequestCommentPermission, options);
    return this.service.commentOnRequest(id, body, options);
  }

  async blankTexts(id: string, options: CallerOptions) {
    await this.#requireReadable(id, options);
    await this.#requireWrite(proposalMergePermission, options);
    return this.service.blankTexts(id, options);
  }

  async listProposals(query: ProposalQuery, options: CallerOptions) {
    return (await this.#allowed(proposalReadPermission, options))
      ? this.service.listProposals(query, await this.#asSettler(options))
      : { items: [], total: 0 };
  }

  async getProposal(id: string, options: CallerOptions) {
    await this.#requireRead(
      proposalReadPermission,
      options,
      'There is no such proposal',
    );
    return this.service.getProposal(id, await this.#withSight(options));
  }

  async reviewProposal(id: string, body: ReviewBody, options: WriteOptions) {
    await this.#requireRead(
      proposalReadPermission,
      options,
      'There is no such proposal',
    );
    await this.#requireWrite(proposalMergePermission, options);
    return this.service.reviewProposal(
      id,
      body,
      await this.#withSight(options),
    );
  }

  async mergeProposal(id: string, body: MergeBody, options: WriteOptions) {
    await this.#requireRead(
      proposalReadPermission,
      options,
      'There is no such proposal',
    );
    await this.#requireWrite(proposalMergePermission, options);
    return this.service.mergeProposal(id, body, await this.#withSight(options));
  }

  async takeEvidence(
    kind: EvidenceKind,
    at: string | undefined,
    options: CallerOptions,
  ) {
    await this.#requireRead(evidenceReadPermission, options);
    return this.service.takeEvidence(kind, at, options);
  }

  async getClusters(options: CallerOptions) {
    await this.#requireRead(proposalMergePermission, options);
    return this.service.getClusters(options);
  }

  async getBrokenGlass(options: ReadOptions) {
    const seen = await this.#asSettler(options);
    if (!seen.sight?.evidence && !seen.sight?.settles)
      throw new NotFoundError('There is nothing here');
    return this.service.getBrokenGlass(seen);
  }

  async getImports(options: CallerOptions) {
    await this.#requireRead(proposalMergePermission, options);
    return this.service.getImports(options);
  }

  async getImport(api: string, options: CallerOptions) {
    await this.#requireRead(proposalMergePermission, options);
    return this.service.getImport(api, options);
  }

  async openImports(body: ImportBody, options: CallerOptions) {
    await this.#requireWrite(proposalMergePermission, options);
    return this.service.openImports(body, options);
  }

  async getClaims(options: CallerOptions) {
    await this.#requireRead(proposalMergePermission, options);
    return this.service.getClaims(options);
  }

  async settleClaim(
    target: ClaimTarget,
    body: SettleBody,
    options: CallerOptions,
  ) {
    await this.#requireWrite(proposalMergePermission, options);
    return this.service.settleClaim(target, body, options);
  }

  async mergeClaim(
    target: ClaimTarget,
    body: MergeBody,
    options: CallerOptions,
  ) {
    await this.#requireWrite(proposalMergePermission, options);
    return this.service.mergeClaim(target, body, options);
  }

  /** The list of pull requests leads on to what there is to settle, and to evidence. */
  async #asSettler(options: CallerOptions): Promise<ReadOptions> {
    const [seen, settles, evidence] = await Promise.all([
      this.#withSight(options),
      this.#allowed(proposalMergePermission, options),
      this.#allowed(evidenceReadPermission, options),
    ]);
    return { ...seen, sight: { ...seen.sight, settles, evidence } as Sight };
  }

  /** Pages hold requests and proposals besides: the policy decides on those by themselves. */
  async #withSight<T extends CallerOptions>(
    options: T,
  ): Promise<T & ReadOptions> {
    const [requests, proposals, asks] = await Promise.all([
      this.#visible(accessRequestReadPermission, options),
      this.#allowed(proposalReadPermission, options),
      this.#allowed(accessRequestCreatePermission, options),
    ]);
    return {
      ...options,
      sight: {
        proposals,
        asks,
        ...(requests !== 'all' && { requests }),
      },
    };
  }

  async #requireReadable(id: string, options: CallerOptions): Promise<void> {
    if (!(await this.#covers(id, accessRequestReadPermission, options))) {
      throw new NotFoundError('There is no such access request');
    }
  }

  async #requireChangeable(
    id: string,
    permission: ResourcePermission,
    options: CallerOptions,
  ): Promise<void> {
    await this.#requireReadable(id, options);
    if (!(await this.#covers(id, permission, options))) {
      throw new NotAllowedError(
        'The permission policy of this portal does not let you do this',
      );
    }
  }

  async #covers(
    id: string,
    permission: ResourcePermission,
    options: CallerOptions,
  ): Promise<boolean> {
    const visible = await this.#visible(permission, options);
    return visible === 'all' || this.requests.isVisible(id, visible);
  }

  async #visible(
    permission: ResourcePermission,
    { credentials }: CallerOptions,
  ): Promise<RequestVisibility | 'all'> {
    const [decision] = await this.permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) {
      return 'all';
    }
    return decision.result === AuthorizeResult.CONDITIONAL
      ? this.transform(decision.conditions)
      : NOTHING;
  }

  async #allowed(
    permission: BasicPermission,
    { credentials }: CallerOptions,
  ): Promise<boolean> {
    const [decision] = await this.permissions.authorize([{ permission }], {
      credentials,
    });
    return decision.result === AuthorizeResult.ALLOW;
  }

  async #requireRead(
    permission: BasicPermission,
    options: CallerOptions,
    message = 'There is nothing here',
  ): Promise<void> {
    if (!(await this.#allowed(permission, options))) {
      throw new NotFoundError(message);
    }
  }

  async #requireWrite(
    permission: BasicPermission,
    options: CallerOptions,
  ): Promise<void> {
    if (!(await this.#allowed(permission, options))) {
      throw new NotAllowedError(
        'The permission policy of this portal does not let you do this',
      );
    }
  }
}
