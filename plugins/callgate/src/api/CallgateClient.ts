import { parseEntityRef } from '@backstage/catalog-model';
import type { FetchApi } from '@backstage/core-plugin-api';
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
  RequestPage,
  ReviewBody,
  ReviewPage,
  ReviseBody,
  SettleBody,
  WithdrawBody,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import type {
  CallgateApi,
  ClaimedWorkload,
  CallOptions,
  EvidenceQuery,
  ProposalQuery,
  RequestQuery,
  ReviewQuery,
} from './CallgateApi';
import { CallgateError } from './CallgateError';

type Query = Record<string, string | number | true | string[] | undefined>;

/**
 * Talks to the Callgate backend, wherever the portal finds the plugin.
 *
 * @public
 */
export class CallgateClient implements CallgateApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  getApiAccess(ref: string, options?: CallOptions): Promise<ApiAccess> {
    return this.#get(['apis', ...apiPath(ref)], {}, options);
  }

  getApiOperations(ref: string, options?: CallOptions): Promise<ApiOperations> {
    return this.#get(['apis', ...apiPath(ref), 'operations'], {}, options);
  }

  getCallerAccess(ref: string, options?: CallOptions): Promise<CallerAccess> {
    const { kind, namespace, name } = parseEntityRef(ref);
    return this.#get(['callers', kind, namespace, name], {}, options);
  }

  preview(draft: AccessRequestDraft, options?: CallOptions): Promise<Preview> {
    return this.#post(['previews'], draft, {}, options);
  }

  explain(call: ExplainedCall, options?: CallOptions): Promise<Explanation[]> {
    return this.#post(['explanations'], call, {}, options);
  }

  createRequest(
    request: NewAccessRequest,
    idempotencyKey: string,
  ): Promise<AccessRequest> {
    return this.#post(['requests'], request, {
      'Idempotency-Key': idempotencyKey,
    });
  }

  listRequests(
    query: RequestQuery,
    options?: CallOptions,
  ): Promise<RequestPage> {
    return this.#get(['requests'], { ...query }, options);
  }

  getGrant(
    id: string,
    options?: CallOptions & { api?: string },
  ): Promise<GrantPage> {
    return this.#get(['grants', id], { api: options?.api }, options);
  }

  getRequest(id: string, options?: CallOptions): Promise<AccessRequest> {
    return this.#get(['requests', id], {}, options);
  }

  approveRequest(id: string, body: ApproveBody): Promise<AccessRequest> {
    return this.#post(['requests', id, 'approve'], body);
  }

  rejectRequest(id: string, body: RejectBody): Promise<AccessRequest> {
    return this.#post(['requests', id, 'reject'], body);
  }

  withdrawRequest(id: string, body: WithdrawBody): Promise<AccessRequest> {
    return this.#post(['requests', id, 'withdraw'], body);
  }

  askChange(id: string, body: AskChangeBody): Promise<AccessRequest> {
    return this.#post(['requests', id, 'ask-change'], body);
  }

  reviseRequest(
    id: string,
    body: ReviseBody,
    idempotencyKey: string,
  ): Promise<AccessRequest> {
    return this.#post(['requests', id, 'revise'], body, {
      'Idempotency-Key': idempotencyKey,
    });
  }

  commentOnRequest(
    id: string,
    body: CommentBody,
    idempotencyKey: string,
  ): Promise<AccessRequest> {
    return this.#post(['requests', id, 'comment'], body, {
      'Idempotency-Key': idempotencyKey,
    });
  }

  decideRequests(
    body: DecideBody,
    idempotencyKey: string,
  ): Promise<DecideResult> {
    return this.#post(['requests', 'decide'], body, {
      'Idempotency-Key': idempotencyKey,
    });
  }

  listReviews(query: ReviewQuery, options?: CallOptions): Promise<ReviewPage> {
    return this.#get(['reviews'], { ...query }, options);
  }

  decideReviews(
    body: DecideReviewsBody,
    idempotencyKey: string,
  ): Promise<DecideReviewsResult> {
    return this.#post(['reviews', 'decide'], body, {
      'Idempotency-Key': idempotencyKey,
    });
  }

  listProposals(
    query: ProposalQuery,
    options?: CallOptions,
  ): Promise<ProposalPage> {
    return this.#get(['proposals'], { ...query }, options);
  }

  getProposal(id: string, options?: CallOptions): Promise<Proposal> {
    return this.#get(['proposals', id], {}, options);
  }

  reviewProposal(id: string, body: ReviewBody): Promise<Proposal> {
    return this.#post(['proposals', id, 'review'], body);
  }

  mergeProposal(id: string, body: MergeBody): Promise<Proposal> {
    return this.#post(['proposals', id, 'merge'], body);
  }

  async takeEvidence(
    { kind, ...query }: EvidenceQuery,
    options?: CallOptions,
  ): Promise<{ name: string; content: Blob }> {
    const answer = await this.#answer(url(['exports', kind], query), {
      signal: options?.signal,
    });
    const named = /filename="([\w.-]+)"/.exec(
      answer.headers.get('Content-Disposition') ?? '',
    );
    return {
      name: named?.[1] ?? `callgate-${kind}.${query.format}`,
      content: await answer.blob(),
    };
  }

  getApprovalRules(options?: CallOptions): Promise<ApprovalRules> {
    return this.#get(['approval-rules'], {}, options);
  }

  getBrokenGlass(options?: CallOptions): Promise<BrokenGlassList> {
    return this.#get(['break-glass'], {}, options);
  }

  getClusters(options?: CallOptions): Promise<ClusterList> {
    return this.#get(['clusters'], {}, options);
  }

  getImports(options?: CallOptions): Promise<ImportReport> {
    return this.#get(['imports'], {}, options);
  }

  getImport(api: string, options?: CallOptions): Promise<ApiImport> {
    return this.#get(['imports', ...apiPath(api)], {}, options);
  }

  openImports(body: ImportBody): Promise<ImportResults> {
    return this.#post(['imports'], body);
  }

  getClaims(options?: CallOptions): Promise<ClaimList> {
    return this.#get(['claims'], {}, options);
  }

  settleClaim(of: ClaimedWorkload, body: SettleBody): Promise<WorkloadClaim> {
    return this.#post([...claimPath(of), 'settle'], body);
  }

  mergeClaim(of: ClaimedWorkload, body: MergeBody): Promise<WorkloadClaim> {
    return this.#post([...claimPath(of), 'merge'], body);
  }

  #get<T>(path: string[], query: Query, options?: CallOptions): Promise<T> {
    return this.#fetch<T>(url(path, query), { signal: options?.signal });
  }

  #post<T>(
    path: string[],
    body: object,
    headers: Record<string, string> = {},
    options?: CallOptions,
  ): Promise<T> {
    return this.#fetch<T>(url(path, {}), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: options?.signal,
    });
  }

  async #fetch<T>(target: string, init: RequestInit): Promise<T> {
    return (await this.#answer(target, init)).json();
  }

  async #answer(target: string, init: RequestInit): Promise<Response> {
    const response = await this.#fetchApi.fetch(target, init).catch(failure => {
      if (init.signal?.aborted) throw failure;
      throw new CallgateError({
        name: 'NetworkError',
        message: String(failure?.message ?? failure),
        status: 0,
      });
    });
    if (!response.ok) {
      throw await CallgateError.fromResponse(response);
    }
    return response;
  }
}

function apiPath(ref: string): string[] {
  const { namespace, name } = parseEntityRef(ref, { defaultKind: 'api' });
  return [namespace, name];
}

function claimPath({ cluster, workload }: ClaimedWorkload): string[] {
  return ['claims', cluster, ...workload.split('/')];
}

function url(path: string[], query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) {
        params.append(name, String(each));
      }
    }
  }
  const search = params.toString();
  return `plugin://callgate/${path.map(encodeURIComponent).join('/')}${
    search && `?${search}`
  }`;
}
