import type {
  AccessRequest,
  AccessRow,
  AccessRequestDraft,
  ApiAccess,
  ApiImport,
  ApiOperations,
  ApprovalRules,
  CallerAccess,
  BrokenGlassList,
  ClaimList,
  ClusterList,
  ImportReport,
  ImportResults,
  ExplainedCall,
  Explanation,
  GrantPage,
  NewAccessRequest,
  Preview,
  Proposal,
  ProposalPage,
  RequestPage,
  RequestState,
  Source,
  WorkloadClaim,
  DecideBody,
  DecideResult,
  DecideReviewsResult,
  ReviewPage,
} from '@callgate/plugin-callgate-common';
import { CallgateApi, CallgateError, RequestQuery } from '../src/api';
import { callerOf, previewOf, textOf } from './memoryPreview';
import { ROWS, GUEST, OPERATIONS, ORDERS, ORDERS_TEAM } from './shop';

const OPEN: RequestState[] = ['submitted', 'approved', 'proposed'];

/** The backend of the development app: one API, one reader who may do everything, gone with the page. */
export class MemoryCallgate implements CallgateApi {
  #rows: AccessRow[] = ROWS;
  #requests: AccessRequest[] = [];
  #proposals: Proposal[] = [];

  async getApiAccess(): Promise<ApiAccess> {
    const callers = this.#rows.length;
    return {
      api: ORDERS,
      owners: [ORDERS_TEAM],
      headline: {
        state: 'closed',
        callers,
        ungranted: 1,
        moreThanGranted: 0,
        perhaps: 0,
        firstGrantCloses: false,
        text: `Closed to everyone but ${callers} callers, 1 of them without a grant`,
      },
      clusters: [
        {
          cluster: 'prod-eu',
          layers: {
            kernel: 'enforced',
            identity: 'enforced',
            method: 'enforced',
          },
          isolation: 'isolated',
        },
        {
          cluster: 'staging',
          layers: { kernel: 'enforced', identity: 'none', method: 'none' },
          isolation: 'isolated',
          note: 'no mesh: the kernel layer only',
        },
      ],
      callers: this.#rows,
      openRequests: this.#requests.filter(({ state }) => OPEN.includes(state)),
      proposal: this.#proposals.find(({ state }) => state === 'open'),
      findings: [],
      source: source(),
      request: { allowed: true },
      grant: { allowed: true },
    };
  }

  async getApiOperations(): Promise<ApiOperations> {
    return {
      api: ORDERS,
      operations: OPERATIONS,
      methods: [
        { kind: 'http', method: 'GET', writes: false },
        { kind: 'http', method: 'HEAD', writes: false },
      ],
      ports: [{ port: 8080, name: 'http', protocol: 'TCP' }],
      lastDay: { today: new Date().toISOString().slice(0, 10) },
      clusters: ['prod-eu', 'staging'],
      findings: [],
    };
  }

  async getCallerAccess(ref: string): Promise<CallerAccess> {
    return {
      caller: callerOf(ref),
      calls: this.#rows.filter(({ caller }) => caller.ref === ref),
      openToEveryone: [],
      others: [],
      requests: this.#requests.filter(({ caller }) => caller.ref === ref),
      targets: [ORDERS],
      findings: [],
      source: source(),
    };
  }

  async getGrant(id: string): Promise<GrantPage> {
    const row = this.#rows.find(({ grants }) =>
      grants.some(grant => grant.id === id),
    );
    const grant = row?.grants.find(each => each.id === id);
    if (!row || !grant) {
      throw new CallgateError({
        name: 'NotFoundError',
        message: 'There is no such grant.',
        status: 404,
      });
    }
    const no = {
      allowed: false,
      reason: 'Grants stay as they are in this development app.',
    };
    return {
      id,
      api: row.api,
      caller: row.caller,
      declared: true,
      operations: grant.operations,
      in: grant.in ?? [],
      acknowledges: grant.acknowledges,
      acceptedGaps: [],
      approvedBy: grant.approvedBy,
      rows: [row],
      history: [],
      reviews: [],
      change: no,
      renew: no,
      end: no,
      source: source(),
    };
  }

  async preview(draft: AccessRequestDraft): Promise<Preview> {
    return previewOf(draft, this.#rows);
  }

  async explain({
    caller,
    method = '',
    path = '',
  }: ExplainedCall): Promise<Explanation[]> {
    const known = this.#rows.some(edge => edge.caller.ref === caller);
    const { name } = callerOf(caller);
    return [
      {
        cluster: 'prod-eu',
        verdict: known ? 'allow' : 'deny',
        from: `storefront/${name}`,
        to: 'ordering/orders',
        hops: [
          {
            at: `${name}'s egress`,
            layer: 'kernel',
            verdict: 'allow',
            text: 'Nothing isolates it.',
            by: [],
          },
          {
            at: "orders' sidecar",
            layer: 'method',
            verdict: known ? 'allow' : 'deny',
            text: known
              ? 'A rule allows it.'
              : `No rule allows ${method} ${path} to ${name}.`,
            by: [
              {
                kind: 'AuthorizationPolicy',
                namespace: 'ordering',
                name: 'callgate-orders',
              },
            ],
          },
        ],
        conditions: [],
        changes: known
          ? []
          : [{ text: `A grant of ${method} ${path} to ${name}` }],
        findings: [],
        source: source(),
      },
    ];
  }

  async createRequest(draft: NewAccessRequest): Promise<AccessRequest> {
    const { meaning, files, findings, deciders, needs, digest } = previewOf(
      draft,
      this.#rows,
    );
    const [{ caller, operations }] = meaning.gained;
    const at = new Date().toISOString();
    const number = this.#requests.length + 1;
    const request: AccessRequest = {
      id: `request-${number}`,
      number,
      kind: 'new',
      api: ORDERS,
      caller,
      operations,
      in: draft.in ?? [],
      state: 'submitted',
      requestedBy: GUEST,
      createdAt: at,
      updatedAt: at,
      waitsFor: 'Waits for Orders team (2 can decide)',
      risk: {
        writes: operations.some(({ writes }) => writes),
        flips: false,
        findings: findings.length,
        everything: operations.some(({ kind }) => kind === 'port'),
      },
      summary: `${caller.title} asks to ${operations
        .map(textOf)
        .join(', ')} of Orders API`,
      waitsForMe: true,
      mine: true,
      reason: draft.reason ?? '',
      acknowledges: draft.acknowledges ?? [],
      acceptedGaps: [],
      version: 1,
      digest,
      currentDigest: digest,
      meaningChanged: false,
      meaning,
      files,
      findings,
      deciders,
      needs,
      idleApprovals: [],
      timeline: [{ at, actor: GUEST, to: 'submitted', event: 'submit' }],
      approve: { allowed: true },
      reject: { allowed: true },
      withdraw: { allowed: true },
      askChange: { allowed: true },
      revise: { allowed: true },
      comment: { allowed: true },
      comments: [],
    };
    this.#requests = [request, ...this.#requests];
    return request;
  }

  async listRequests({ tab, caller }: RequestQuery): Promise<RequestPage> {
    const items = this.#requests.filter(
      request =>
        (tab !== 'waiting' || request.state === 'submitted') &&
        (!caller || request.caller.ref === caller),
    );
    return { items, total: items.length };
  }

  async getRequest(id: string): Promise<AccessRequest> {
    return found(this.#requests.find(request => request.id === id));
  }

  async approveRequest(id: string): Promise<AccessRequest> {
    const request = await this.#decide(id, 'proposed', 'approve');
    const number = this.#proposals.length + 41;
    const proposal: Proposal = {
      id: `proposal-${number}`,
      number,
      title: `Access to Orders API: ${request.caller.title}`,
      state: 'open',
      api: ORDERS,
      branch: 'callgate/default/orders',
      forge: 'local',
      reviewsInPortal: true,
      createdAt: request.updatedAt,
      updatedAt: request.updatedAt,
      requests: [
        {
          id,
          summary: request.summary,
          state: 'proposed',
          caller: request.caller,
        },
      ],
      waitsFor: 'Waits for the platform team',
      body: `Callgate opens this pull request.\n\n${request.reason}`,
      files: request.files,
      checks: [
        {
          name: 'Declared equals effective',
          outcome: 'passed',
          text: 'Both agree.',
        },
      ],
      reviews: [],
      objections: [],
      head: `${number}`.padStart(40, '0'),
      meaning: request.meaning,
      conflicts: [],
      review: { allowed: true },
      merge: { allowed: true },
      commits: [],
      source: source(),
    };
    this.#proposals = [proposal, ...this.#proposals];
    return request;
  }

  rejectRequest(
    id: string,
    { reason }: { reason: string },
  ): Promise<AccessRequest> {
    return this.#decide(id, 'rejected', 'reject', reason);
  }

  withdrawRequest(id: string): Promise<AccessRequest> {
    return this.#decide(id, 'withdrawn', 'withdraw');
  }

  askChange(id: string, { note }: { note: string }): Promise<AccessRequest> {
    return this.#decide(id, 'returned', 'ask-change', note);
  }

  reviseRequest(
    id: string,
    { note }: { note?: string },
  ): Promise<AccessRequest> {
    return this.#decide(id, 'submitted', 'revise', note);
  }

  async commentOnRequest(
    id: string,
    { text }: { text: string },
  ): Promise<AccessRequest> {
    const request = await this.getRequest(id);
    const comment = {
      id: `${id}-${request.comments.length}`,
      at: new Date().toISOString(),
      by: GUEST,
      text,
      mentions: [],
    };
    const next = { ...request, comments: [...request.comments, comment] };
    this.#requests = this.#requests.map(each => (each.id === id ? next : each));
    return next;
  }

  async decideRequests({ decisions }: DecideBody): Promise<DecideResult> {
    const results = [];
    for (const { id, decision, note = '' } of decisions) {
      const { state } = await (decision === 'approve'
        ? this.approveRequest(id)
        : this.rejectRequest(id, { reason: note }));
      results.push({ id, state });
    }
    return { results };
  }

  async listReviews(): Promise<ReviewPage> {
    return { items: [], total: 0, waiting: 0, hidden: 0, asked: false };
  }

  async decideReviews(): Promise<DecideReviewsResult> {
    return { results: [] };
  }

  async listProposals({ state }: { state?: string[] }): Promise<ProposalPage> {
    const items = this.#proposals.filter(
      each => !state || state.includes(each.state),
    );
    return { items, total: items.length };
  }

  async getProposal(id: string): Promise<Proposal> {
    return found(this.#proposals.find(proposal => proposal.id === id));
  }

  reviewProposal(id: string): Promise<Proposal> {
    return this.getProposal(id);
  }

  async takeEvidence(): Promise<{ name: string; content: Blob }> {
    throw new CallgateError({
      name: 'NotFoundError',
      message: 'There is no evidence in this development app.',
      status: 404,
    });
  }

  async getApprovalRules(): Promise<ApprovalRules> {
    const { branch, readAt, stale } = source();
    return {
      rules: [],
      evaluators: [],
      stops: false,
      findings: [],
      source: { branch, readAt, stale },
    };
  }

  async getClusters(): Promise<ClusterList> {
    return { clusters: [], source: source() };
  }

  async getBrokenGlass(): Promise<BrokenGlassList> {
    return { items: [], days: 90, open: 0, leftOut: 0 };
  }

  async getImports(): Promise<ImportReport> {
    return { items: [], workedOut: 0, total: 0, source: source() };
  }

  async getImport(): Promise<ApiImport> {
    return found<ApiImport>(undefined);
  }

  async openImports(): Promise<ImportResults> {
    return { results: [] };
  }

  async getClaims(): Promise<ClaimList> {
    const none = { contested: [], refused: [], outside: [], unseen: 0 };
    return { ...none, source: source() };
  }

  async settleClaim(): Promise<WorkloadClaim> {
    return found<WorkloadClaim>(undefined);
  }

  async mergeClaim(): Promise<WorkloadClaim> {
    return found<WorkloadClaim>(undefined);
  }

  async mergeProposal(id: string): Promise<Proposal> {
    const proposal = await this.getProposal(id);
    const [{ id: requestId }] = proposal.requests;
    const { meaning, reason } = await this.#decide(
      requestId,
      'merged',
      'merge',
    );
    this.#rows = [
      ...meaning.gained.map(({ caller, api, operations, clusters }) => ({
        ...{ caller, api, clusters },
        compared: 'granted' as const,
        certainty: 'sure' as const,
        grants: [
          {
            id: requestId,
            api: api.ref,
            operations,
            status: 'granted' as const,
            because: '',
            refusedBy: [],
            reason,
            approvedBy: [GUEST],
            acknowledges: [],
          },
        ],
        beyond: [],
        mayRequest: false,
      })),
      ...this.#rows,
    ];
    const merged: Proposal = { ...proposal, state: 'merged', waitsFor: '' };
    this.#proposals = this.#proposals.map(each =>
      each.id === id ? merged : each,
    );
    return merged;
  }

  async #decide(
    id: string,
    to: RequestState,
    event: string,
    reason?: string,
  ): Promise<AccessRequest> {
    const request = await this.getRequest(id);
    const at = new Date().toISOString();
    const over = { allowed: false, reason: 'It is decided.' };
    const next: AccessRequest = {
      ...request,
      state: to,
      waitsFor: to === 'proposed' ? 'Waits for the platform team' : '',
      waitsForMe: false,
      updatedAt: at,
      approve: over,
      reject: over,
      withdraw: over,
      timeline: [
        ...request.timeline,
        { at, actor: GUEST, from: request.state, to, event, reason },
      ],
    };
    this.#requests = this.#requests.map(each => (each.id === id ? next : each));
    return next;
  }
}

function source(): Source {
  return {
    commit: '3f2a91c0d1e2f3a4',
    branch: 'main',
    readAt: new Date(Date.now() - 120_000).toISOString(),
    stale: false,
  };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new CallgateError({
      name: 'NotFoundError',
      message: 'There is no such thing.',
      status: 404,
    });
  }
  return value;
}
