import { createHash } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
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
  RejectBody,
  RequestPage,
  ReviewBody,
  WithdrawBody,
} from '@callgate/plugin-callgate-common';
import type { AccessStore, StoredRequest } from '../database/AccessStore';
import type { DatabaseProposalStore } from '../database/DatabaseProposalStore';
import type { Ownership, Person } from '../ownership';
import type {
  ProposalDraft,
  ProposalPreview,
  ProposalRecord,
} from '../proposals/types';
import type {
  AccessService,
  CallerOptions,
  ProposalQuery,
  RequestQuery,
} from './AccessService';
import type { ChangeNotifier } from './ChangeNotifier';
import { checkText } from './checkText';
import { domainError } from './domainError';
import { parseDraft } from './parseDraft';
import { parseRef } from './parseRef';
import type { PolicyDesk } from './PolicyDesk';
import { AccessViews } from './AccessViews';
import type { Labels } from './views/Labels';
import { toFinding } from './views/findings';
import { toMeaning } from './views/meaning';
import { contractOf } from './views/operations';
import { toFiles } from './views/proposals';
import { toDeciders } from './views/requests';

const NOBODY = {
  ref: '',
  kind: '',
  namespace: '',
  name: '',
  state: 'hidden' as const,
};

/** What the service is made of. */
export interface DefaultAccessServiceOptions {
  requests: AccessStore;
  proposals: DatabaseProposalStore;
  desk: PolicyDesk;
  ownership: Ownership;
  labels: Labels;
  notifier: ChangeNotifier;
  /** `callgate.platformTeam`: who reviews and merges on the local forge. */
  platformTeam?: string;
}

/**
 * The rules of who may ask for what and decide about what. Ownership and the ban of self-approval are enforced here,
 * whatever the permission policy says. It knows no HTTP and no permissions.
 */
export class DefaultAccessService implements AccessService {
  static create(options: DefaultAccessServiceOptions): DefaultAccessService {
    return new DefaultAccessService(options, new AccessViews(options));
  }

  private constructor(
    private readonly options: DefaultAccessServiceOptions,
    private readonly views: AccessViews,
  ) {}

  async getApiAccess(
    apiRef: string,
    { credentials }: CallerOptions,
  ): Promise<ApiAccess> {
    return this.views.apiAccess(parseRef(apiRef, 'api', ['api']), credentials);
  }

  async getApiOperations(
    apiRef: string,
    { credentials }: CallerOptions,
  ): Promise<ApiOperations> {
    return this.views.apiOperations(
      parseRef(apiRef, 'api', ['api']),
      credentials,
    );
  }

  async getCallerAccess(
    callerRef: string,
    { credentials }: CallerOptions,
  ): Promise<CallerAccess> {
    return this.views.callerAccess(parseRef(callerRef, 'caller'), credentials);
  }

  async explain(
    call: ExplainedCall,
    { credentials }: CallerOptions,
  ): Promise<Explanation[]> {
    return this.views.explain(
      {
        ...call,
        api: parseRef(call.api, 'api', ['api']),
        caller: parseRef(call.caller, 'caller'),
      },
      credentials,
    );
  }

  async preview(
    input: AccessRequestDraft,
    { credentials }: CallerOptions,
  ): Promise<Preview> {
    const { ownership, desk, labels } = this.options;
    const person = await ownership.person(credentials);
    const draft = parseDraft(input, person.ref);
    await this.views.requireVisible([draft.api, draft.caller], credentials);
    const [preview, deciders, refusal] = await Promise.all([
      desk.preview(draft),
      ownership.deciders(draft.api, person.ref),
      this.#mayAsk(person, draft),
    ]);
    const facts = await this.views.facts();
    const contract = contractOf(facts.entity(draft.api), draft.api);
    const reason =
      refusal?.message ??
      (preview.sendable
        ? undefined
        : preview.problem ?? 'This cannot be enforced: see the findings.') ??
      (deciders.people.length === 0
        ? toDeciders(deciders, () => NOBODY).text
        : undefined);
    return labels.label(credentials, labelOf => ({
      digest: preview.meaning.digest,
      meaning: toMeaning(preview.meaning, contract, labelOf),
      files: toFiles(preview.files),
      findings: preview.findings.map(toFinding),
      deciders: toDeciders(deciders, labelOf),
      send:
        reason === undefined ? { allowed: true } : { allowed: false, reason },
      acknowledgeable: [...preview.acknowledgeable],
      ...(preview.source.commit && { tip: preview.source.commit }),
    }));
  }

  async createRequest(
    input: NewAccessRequest,
    {
      credentials,
      idempotencyKey,
    }: CallerOptions & { idempotencyKey?: string },
  ): Promise<AccessRequest> {
    const { ownership, desk, requests, notifier } = this.options;
    const person = await ownership.person(credentials);
    const draft = parseDraft(input, person.ref);
    if (draft.reason === '') {
      throw domainError(
        'reason-missing',
        'reason is missing: say what the access is for. The owner decides on it.',
      );
    }
    await this.views.requireVisible([draft.api, draft.caller], credentials);
    const refusal = await this.#mayAsk(person, draft);
    if (refusal) {
      throw refusal;
    }
    const deciders = await ownership.deciders(draft.api, person.ref);
    if (deciders.people.length === 0) {
      throw domainError(
        'nobody-can-decide',
        toDeciders(deciders, () => NOBODY).text,
      );
    }
    const preview = await desk.preview(draft);
    this.#requireSendable(preview);
    if (preview.meaning.digest !== input.digest) {
      throw domainError(
        'meaning-changed',
        'What this opens has changed since it was shown. Look at it again and send it then.',
      );
    }
    const [apiOwners, callerOwners] = await Promise.all([
      ownership.ownersOf(draft.api),
      ownership.ownersOf(draft.caller),
    ]);
    const request = await requests.createRequest(
      {
        apiRef: draft.api,
        callerRef: draft.caller,
        draft: {
          operations: [...draft.operations],
          in: [...draft.in],
          reason: draft.reason,
          acknowledges: [...draft.acknowledges],
        },
        requestedBy: person.ref,
        shown: preview.meaning,
        parties: [
          { role: 'requester', ref: person.ref },
          ...apiOwners.map(ref => ({ role: 'api-owner' as const, ref })),
          ...callerOwners.map(ref => ({ role: 'caller-owner' as const, ref })),
        ],
      },
      idempotencyKey
        ? { key: idempotencyKey, bodyHash: hashOf(input) }
        : undefined,
    );
    await notifier.submitted(request, deciders);
    return this.views.request(request, credentials, { preview });
  }

  async listRequests(
    query: RequestQuery,
    { credentials }: CallerOptions,
  ): Promise<RequestPage> {
    const person = await this.options.ownership.person(credentials);
    return this.views.requestPage(query, person, credentials);
  }

  async getRequest(
    id: string,
    { credentials }: CallerOptions,
  ): Promise<AccessRequest> {
    return this.views.request(await this.#read(id), credentials);
  }

  async approveRequest(
    id: string,
    body: ApproveBody,
    { credentials }: CallerOptions,
  ): Promise<AccessRequest> {
    const { desk, requests, notifier } = this.options;
    const request = await this.#read(id);
    const person = await this.#requireDecider(request, credentials);
    const note = checkText(body.note, 'note');
    this.#requireState(request, 'approve');
    const preview = await desk.preview(draftOf(request));
    if (preview.meaning.digest !== body.digest) {
      throw domainError(
        'meaning-changed',
        'What this request opens has changed since it was shown to you. Look at the difference and decide again.',
      );
    }
    this.#requireSendable(preview);
    const approved = await requests.change({
      id,
      event: 'approve',
      version: body.version ?? request.version,
      actor: person.ref,
      ...(note && { reason: note }),
      set: { shown: preview.meaning, decidedBy: person.ref },
      rebuild: true,
    });
    desk.wake();
    await notifier.decided(approved, 'approved', person.ref, note);
    return this.views.request(approved, credentials);
  }

  async rejectRequest(
    id: string,
    body: RejectBody,
    { credentials }: CallerOptions,
  ): Promise<AccessRequest> {
    const { requests, notifier } = this.options;
    const request = await this.#read(id);
    const person = await this.#requireDecider(request, credentials);
    const reason = checkText(body.reason, 'reason');
    if (reason === '') {
      throw domainError(
        'reason-missing',
        'reason is missing: say why, so that the requester knows what to change.',
      );
    }
    this.#requireState(request, 'reject');
    const rejected = await requests.change({
      id,
      event: 'reject',
      version: body.version ?? request.version,
      actor: person.ref,
      reason,
      set: { decidedBy: person.ref },
    });
    await notifier.decided(rejected, 'rejected', person.ref, reason);
    return this.views.request(rejected, credentials);
  }

  async withdrawRequest(
    id: string,
    body: WithdrawBody,
    { credentials }: CallerOptions,
  ): Promise<AccessRequest> {
    const { ownership, requests, desk, notifier } = this.options;
    const request = await this.#read(id);
    const person = await ownership.person(credentials);
    if (
      person.ref !== request.requestedBy &&
      !(await ownership.owns(person, request.callerRef))
    ) {
      throw domainError(
        'not-requester',
        'Only who asked, or an owner of the caller, can withdraw a request.',
      );
    }
    const reason = checkText(body.reason, 'reason');
    this.#requireState(request, 'withdraw');
    const withdrawn = await requests.change({
      id,
      event: 'withdraw',
      version: body.version ?? request.version,
      actor: person.ref,
      ...(reason && { reason }),
      rebuild: request.state !== 'submitted',
    });
    if (request.state !== 'submitted') {
      desk.wake();
    }
    await notifier.withdrawn(withdrawn);
    return this.views.request(withdrawn, credentials);
  }

  async listProposals(
    query: ProposalQuery,
    { credentials }: CallerOptions,
  ): Promise<ProposalPage> {
    return this.views.proposalPage(query, credentials);
  }

  async getProposal(
    id: string,
    { credentials }: CallerOptions,
  ): Promise<Proposal> {
    return this.views.proposal(await this.#readProposal(id), credentials);
  }

  async reviewProposal(
    id: string,
    body: ReviewBody,
    { credentials }: CallerOptions,
  ): Promise<Proposal> {
    const proposal = await this.#readProposal(id);
    const person = await this.#requirePlatform(
      proposal,
      credentials,
      body.decision === 'commented',
    );
    const comment = checkText(body.comment, 'comment');
    await this.options.desk.review(proposal, {
      by: person.ref,
      decision: body.decision,
      ...(comment && { comment }),
    });
    return this.views.proposal(await this.#readProposal(id), credentials);
  }

  async mergeProposal(
    id: string,
    { credentials }: CallerOptions,
  ): Promise<Proposal> {
    const proposal = await this.#readProposal(id);
    const person = await this.#requirePlatform(proposal, credentials, false);
    await this.options.desk.merge(proposal, person.ref);
    return this.views.proposal(await this.#readProposal(id), credentials);
  }

  /** The requester owns the caller, or owns the API and grants unasked. */
  async #mayAsk(
    person: Person,
    draft: ProposalDraft,
  ): Promise<Error | undefined> {
    const owned = await this.options.ownership.owned(person, [
      draft.caller,
      draft.api,
    ]);
    return owned.length > 0
      ? undefined
      : domainError(
          'not-caller-owner',
          `You own neither ${draft.caller} nor ${draft.api}. Ask an owner of the caller to send this request.`,
        );
  }

  async #requireDecider(
    request: StoredRequest,
    credentials: CallerOptions['credentials'],
  ): Promise<Person> {
    const person = await this.options.ownership.person(credentials);
    const capability = await this.views.mayDecide(request, person);
    if (capability) {
      throw capability;
    }
    return person;
  }

  async #requirePlatform(
    proposal: ProposalRecord,
    credentials: CallerOptions['credentials'],
    commentOnly: boolean,
  ): Promise<Person> {
    const person = await this.options.ownership.person(credentials);
    const refusal = await this.views.mayMerge(proposal, person, commentOnly);
    if (refusal) {
      throw refusal;
    }
    return person;
  }

  #requireSendable(preview: ProposalPreview): void {
    if (!preview.sendable) {
      const first = preview.findings.find(
        ({ severity }) => severity === 'error',
      );
      throw domainError(
        'cannot-be-enforced',
        preview.problem ??
          first?.message ??
          'This cannot be enforced as it was asked for.',
      );
    }
  }

  #requireState(
    request: StoredRequest,
    event: 'approve' | 'reject' | 'withdraw',
  ): void {
    const possible =
      event === 'withdraw'
        ? ['submitted', 'approved', 'proposed']
        : ['submitted'];
    if (!possible.includes(request.state)) {
      throw domainError(
        'wrong-state',
        `The request is ${request.state} meanwhile.`,
      );
    }
  }

  async #read(id: string): Promise<StoredRequest> {
    const request = await this.options.requests.getRequest(id);
    if (!request) {
      throw new NotFoundError('There is no such access request');
    }
    return request;
  }

  async #readProposal(id: string): Promise<ProposalRecord> {
    const proposal = await this.options.proposals.getProposal(id);
    if (!proposal) {
      throw new NotFoundError('There is no such proposal');
    }
    return proposal;
  }
}

/** What a stored request asks for. */
export function draftOf(request: StoredRequest): ProposalDraft {
  return {
    api: request.apiRef,
    caller: request.callerRef,
    operations: request.draft.operations as ProposalDraft['operations'],
    in: request.draft.in,
    reason: request.draft.reason,
    acknowledges: request.draft.acknowledges as ProposalDraft['acknowledges'],
    requestedBy: request.requestedBy,
  };
}

function hashOf(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}
