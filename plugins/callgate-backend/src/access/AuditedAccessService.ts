import type {
  AuditorService,
  AuditorServiceEventSeverityLevel,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type {
  AccessRequest,
  AccessRequestDraft,
  ApproveBody,
  AskChangeBody,
  CommentBody,
  ExplainedCall,
  ImportBody,
  MergeBody,
  NewAccessRequest,
  RejectBody,
  RenewBody,
  ReviewBody,
  ReviseBody,
  RevokeBody,
  SettleBody,
  WithdrawBody,
} from '@callgate/plugin-callgate-common';
import type { ClaimTarget } from '../claims/ClaimTarget';
import type { Evidence, EvidenceKind } from '../evidence/types';
import type { AccessStore } from '../database/AccessStore';
import type { AccessMetrics } from '../metrics/AccessMetrics';
import { subjectOf } from '../services';
import type {
  AccessService,
  CallerOptions,
  ProposalQuery,
  ReadOptions,
  RequestQuery,
  ReviewOf,
  ReviewQuery,
  WriteOptions,
} from './AccessService';

/**
 * Records who did what, and how long decisions took, around the authorized service, so that refusals are recorded as well. Texts of people are left
 * out: the timeline has them.
 */
export class AuditedAccessService implements AccessService {
  static create(options: {
    service: AccessService;
    auditor: AuditorService;
    requests: Pick<AccessStore, 'approvals'>;
    metrics: Pick<AccessMetrics, 'decided'>;
  }): AuditedAccessService {
    return new AuditedAccessService(
      options.service,
      options.auditor,
      options.requests,
      options.metrics,
    );
  }

  private constructor(
    private readonly service: AccessService,
    private readonly auditor: AuditorService,
    private readonly requests: Pick<AccessStore, 'approvals'>,
    private readonly metrics: Pick<AccessMetrics, 'decided'>,
  ) {}

  async getApiAccess(apiRef: string, options: CallerOptions) {
    return this.#read(
      options,
      'access-fetch',
      { queryType: 'api', apiRef },
      () => this.service.getApiAccess(apiRef, options),
    );
  }

  async getApiOperations(apiRef: string, options: CallerOptions) {
    return this.#read(
      options,
      'access-fetch',
      { queryType: 'operations', apiRef },
      () => this.service.getApiOperations(apiRef, options),
    );
  }

  async getApprovalRules(options: CallerOptions) {
    return this.#read(
      options,
      'access-fetch',
      { queryType: 'approval-rules' },
      () => this.service.getApprovalRules(options),
    );
  }

  async getCallerAccess(callerRef: string, options: CallerOptions) {
    return this.#read(
      options,
      'access-fetch',
      { queryType: 'caller', callerRef },
      () => this.service.getCallerAccess(callerRef, options),
    );
  }

  async explain(call: ExplainedCall, options: CallerOptions) {
    return this.#read(
      options,
      'access-fetch',
      { queryType: 'explanation', apiRef: call.api, callerRef: call.caller },
      () => this.service.explain(call, options),
    );
  }

  async preview(draft: AccessRequestDraft, options: CallerOptions) {
    return this.#read(
      options,
      'access-fetch',
      { queryType: 'preview', apiRef: draft.api, callerRef: draft.caller },
      () => this.service.preview(draft, options),
    );
  }

  async createRequest(draft: NewAccessRequest, options: WriteOptions) {
    const meta = {
      actionType: 'create',
      apiRef: draft.api,
      callerRef: draft.caller,
      digest: draft.digest,
      kind: draft.kind ?? 'new',
      ...(draft.grant !== undefined && { grant: draft.grant }),
      ...(draft.breakGlass && { breakGlass: true }),
    };
    return this.#record(
      options,
      'request-mutate',
      draft.breakGlass ? 'high' : 'medium',
      meta,
      () => this.service.createRequest(draft, options),
      async ({ id, state }) => {
        const approvedBy = (await this.requests.approvals([id]))
          .filter(({ ended }) => !ended)
          .map(({ by }) => by);
        // Where a rule has approved it.
        return approvedBy.length > 0 ? { state, approvedBy } : undefined;
      },
    );
  }

  async getGrant(id: string, api: string | undefined, options: CallerOptions) {
    const meta = {
      queryType: 'grant',
      grant: id,
      ...(api !== undefined && { apiRef: api }),
    };
    return this.#read(options, 'access-fetch', meta, () =>
      this.service.getGrant(id, api, options),
    );
  }

  async renewGrant(id: string, body: RenewBody, options: WriteOptions) {
    const meta = { ...ofGrant('renew', id, body), until: body.until };
    return this.#record(options, 'request-mutate', 'medium', meta, () =>
      this.service.renewGrant(id, body, options),
    );
  }

  async revokeGrant(id: string, body: RevokeBody, options: WriteOptions) {
    const meta = ofGrant('end', id, body);
    return this.#record(options, 'request-mutate', 'medium', meta, () =>
      this.service.revokeGrant(id, body, options),
    );
  }

  async listReviews(query: ReviewQuery, options: CallerOptions) {
    return this.#read(options, 'access-fetch', { queryType: 'reviews' }, () =>
      this.service.listReviews(query, options),
    );
  }

  async keepGrant(review: ReviewOf, options: WriteOptions) {
    const meta = {
      actionType: 'keep',
      ...{ apiRef: review.api, grant: review.grant, digest: review.digest },
    };
    return this.#record(options, 'grant-mutate', 'high', meta, () =>
      this.service.keepGrant(review, options),
    );
  }

  async endReviewed(review: ReviewOf, options: WriteOptions) {
    const meta = {
      actionType: 'create',
      kind: 'end',
      ...{ apiRef: review.api, grant: review.grant, digest: review.digest },
    };
    return this.#record(
      options,
      'request-mutate',
      'medium',
      meta,
      () => this.service.endReviewed(review, options),
      async ({ request }) =>
        request && { id: request.id, state: request.state },
    );
  }

  async listRequests(query: RequestQuery, options: CallerOptions) {
    return this.#read(
      options,
      'request-fetch',
      { queryType: 'list', tab: query.tab },
      () => this.service.listRequests(query, options),
    );
  }

  async getRequest(id: string, options: CallerOptions) {
    return this.#read(
      options,
      'request-fetch',
      { queryType: 'by-id', id },
      () => this.service.getRequest(id, options),
    );
  }

  async approveRequest(id: string, body: ApproveBody, options: WriteOptions) {
    const meta = { actionType: 'approve', id, digest: body.digest };
    return this.#record(
      options,
      'request-mutate',
      'high',
      meta,
      () => this.#decided(this.service.approveRequest(id, body, options)),
      async ({ state }) => ({
        state,
        // All of them, also those whom the approver may not see.
        approvedBy: (await this.requests.approvals([id]))
          .filter(({ ended }) => !ended)
          .map(({ by }) => by),
      }),
    );
  }

  async rejectRequest(id: string, body: RejectBody, options: WriteOptions) {
    return this.#record(
      options,
      'request-mutate',
      'medium',
      { actionType: 'reject', id },
      () => this.#decided(this.service.rejectRequest(id, body, options)),
    );
  }

  async #decided(decision: Promise<AccessRequest>): Promise<AccessRequest> {
    const request = await decision;
    this.metrics.decided(request);
    return request;
  }

  async withdrawRequest(id: string, body: WithdrawBody, options: WriteOptions) {
    return this.#record(
      options,
      'request-mutate',
      'high',
      { actionType: 'withdraw', id },
      () => this.service.withdrawRequest(id, body, options),
    );
  }

  async askChange(id: string, body: AskChangeBody, options: WriteOptions) {
    return this.#record(
      options,
      'request-mutate',
      'medium',
      { actionType: 'ask-change', id },
      () => this.service.askChange(id, body, options),
    );
  }

  async reviseRequest(id: string, body: ReviseBody, options: WriteOptions) {
    return this.#record(
      options,
      'request-mutate',
      'medium',
      { actionType: 'revise', id, digest: body.digest },
      () => this.service.reviseRequest(id, body, options),
    );
  }

  async commentOnRequest(id: string, body: CommentBody, options: WriteOptions) {
    return this.#record(
      options,
      'request-mutate',
      'low',
      { actionType: 'comment', id, mentions: body.mentions ?? [] },
      () => this.service.commentOnRequest(id, body, options),
    );
  }

  async blankTexts(id: string, options: CallerOptions) {
    return this.#record(
      options,
      'request-mutate',
      'high',
      { actionType: 'blank-texts', id },
      () => this.service.blankTexts(id, options),
    );
  }

  async listProposals(query: ProposalQuery, options: CallerOptions) {
    return this.#read(options, 'proposal-fetch', { queryType: 'list' }, () =>
      this.service.listProposals(query, options),
    );
  }

  async getProposal(id: string, options: CallerOptions) {
    return this.#read(
      options,
      'proposal-fetch',
      { queryType: 'by-id', id },
      () => this.service.getProposal(id, options),
    );
  }

  async reviewProposal(id: string, body: ReviewBody, options: WriteOptions) {
    const { decision, head } = body;
    const meta = { actionType: 'review', id, decision, head };
    return this.#record(options, 'proposal-mutate', 'medium', meta, () =>
      this.service.reviewProposal(id, body, options),
    );
  }

  async mergeProposal(id: string, body: MergeBody, options: WriteOptions) {
    return this.#record(
      options,
      'proposal-mutate',
      'high',
      { actionType: 'merge', id, head: body.head },
      () => this.service.mergeProposal(id, body, options),
    );
  }

  /** It is through when its last row was read, and until then it may fail. */
  async takeEvidence(
    kind: EvidenceKind,
    at: string | undefined,
    options: CallerOptions,
  ): Promise<Evidence> {
    const actor = subjectOf(options.credentials);
    const event = await this.auditor.createEvent({
      eventId: 'evidence-fetch',
      severityLevel: 'medium',
      meta: { queryType: kind, ...(at !== undefined && { at }), actor },
    });
    const failed = async (error: unknown) => {
      await event.fail({ error: error as Error });
      return error;
    };
    const evidence = await this.service
      .takeEvidence(kind, at, options)
      .catch(async error => {
        throw await failed(error);
      });
    async function* rows() {
      let isThrough = false;
      try {
        yield* evidence.rows;
        isThrough = true;
        await event.success({ meta: { ...evidence.end() } });
      } catch (error) {
        isThrough = true;
        throw await failed(error);
      } finally {
        // Whoever asked went away.
        if (!isThrough) await failed(new Error('It was not read to its end'));
      }
    }
    return { ...evidence, rows: rows() };
  }

  async getClusters(options: CallerOptions) {
    return this.#read(options, 'cluster-fetch', { queryType: 'list' }, () =>
      this.service.getClusters(options),
    );
  }

  async getBrokenGlass(options: ReadOptions) {
    return this.#read(options, 'break-glass-fetch', { queryType: 'list' }, () =>
      this.service.getBrokenGlass(options),
    );
  }

  async getImports(options: CallerOptions) {
    return this.#read(options, 'import-fetch', { queryType: 'list' }, () =>
      this.service.getImports(options),
    );
  }

  async getImport(api: string, options: CallerOptions) {
    const meta = { queryType: 'by-id', api };
    return this.#read(options, 'import-fetch', meta, () =>
      this.service.getImport(api, options),
    );
  }

  async openImports(body: ImportBody, options: CallerOptions) {
    const meta = { actionType: 'open', apis: body.apis.map(({ api }) => api) };
    return this.#record(options, 'import-mutate', 'medium', meta, () =>
      this.service.openImports(body, options),
    );
  }

  async getClaims(options: CallerOptions) {
    return this.#read(options, 'claim-fetch', { queryType: 'list' }, () =>
      this.service.getClaims(options),
    );
  }

  async settleClaim(
    target: ClaimTarget,
    body: SettleBody,
    options: CallerOptions,
  ) {
    const meta = { actionType: 'settle', ...target, owner: body.owner };
    return this.#record(options, 'claim-mutate', 'medium', meta, () =>
      this.service.settleClaim(target, body, options),
    );
  }

  async mergeClaim(
    target: ClaimTarget,
    body: MergeBody,
    options: CallerOptions,
  ) {
    const meta = { actionType: 'merge', ...target, head: body.head };
    return this.#record(
      options,
      'claim-mutate',
      'high',
      meta,
      () => this.service.mergeClaim(target, body, options),
      async ({ owner }) => ({ owner: owner?.ref ?? '' }),
    );
  }

  #read<T>(
    options: CallerOptions,
    eventId: string,
    meta: JsonObject,
    act: () => Promise<T>,
  ): Promise<T> {
    return this.#record(options, eventId, 'low', meta, act);
  }

  async #record<T>(
    { credentials }: CallerOptions,
    eventId: string,
    severityLevel: AuditorServiceEventSeverityLevel,
    meta: JsonObject,
    act: () => Promise<T>,
    outcome?: (result: T) => Promise<JsonObject | undefined>,
  ): Promise<T> {
    const event = await this.auditor.createEvent({
      eventId,
      severityLevel,
      meta: { ...meta, actor: subjectOf(credentials) },
    });
    try {
      const result = await act();
      const told = await outcome?.(result);
      await event.success(told && { meta: told });
      return result;
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  }
}

function ofGrant(
  kind: 'renew' | 'end',
  grant: string,
  { api, digest }: RenewBody | RevokeBody,
): JsonObject {
  return {
    actionType: 'create',
    kind,
    grant,
    digest,
    ...(api !== undefined && { apiRef: api }),
  };
}
