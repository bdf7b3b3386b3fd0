import type {
  AccessRequest,
  ApproveBody,
  RejectBody,
  WithdrawBody,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { WriteOptions } from './AccessService';
import { checkText } from './checkText';
import type { Decisions } from './Decisions';
import { domainError } from './domainError';
import { draftOf } from './draftOf';
import { replayOf, type Replay } from './Replays';
import { nextState } from './requestLifecycle';
import { requireSendable } from './requireSendable';
import { UNSEEN, type RequestViews } from './RequestViews';
import type { ServiceParts } from './ServiceParts';
import { DAMAGED_REQUEST } from './views/problems';

/** One decision on a request, on its way. */
interface Step extends Replay {
  request: StoredRequest;
  person: Person;
}

/** Approving, rejecting and withdrawing. */
export class AccessDecisions {
  constructor(
    private readonly parts: ServiceParts,
    private readonly views: RequestViews,
    private readonly decisions: Decisions,
  ) {}

  async approve(
    request: StoredRequest,
    body: ApproveBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { desk, requests, notifier } = this.parts;
    const { credentials } = options;
    const step = await this.#begin(request, 'approve', body, options);
    await this.#require(step, this.decisions.mayDecide.bind(this.decisions));
    if (step.answered) {
      return this.views.request(request, credentials);
    }
    const note = checkText(body.note, 'note');
    requireState(request, 'approve');
    if (request.damaged) {
      throw domainError('cannot-be-enforced', DAMAGED_REQUEST);
    }
    const preview = await desk.preview(
      draftOf(request),
      { kind: 'decision', by: step.person.ref },
      { fresh: true },
    );
    if (preview.meaning.digest !== body.digest) {
      throw domainError(
        'meaning-changed',
        'What this request opens has changed since it was shown to you. Look at the difference and decide again.',
      );
    }
    requireSendable(preview);
    if (!(await this.views.isSeen(request, preview, credentials))) {
      throw domainError('caller-hidden', UNSEEN);
    }
    const approved = await requests.change({
      id: request.id,
      event: 'approve',
      version: body.version ?? request.version,
      actor: step.person.ref,
      ...(note && { reason: note }),
      set: { shown: preview.meaning, decidedBy: step.person.ref },
      rebuild: true,
      idempotency: step.idempotency,
    });
    desk.wake();
    await notifier.decided(approved, 'approved', step.person.ref, note);
    return this.views.request(approved, credentials);
  }

  async reject(
    request: StoredRequest,
    body: RejectBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { requests, notifier } = this.parts;
    const step = await this.#begin(request, 'reject', body, options);
    await this.#require(step, this.decisions.mayDecide.bind(this.decisions));
    if (step.answered) {
      return this.views.request(request, options.credentials);
    }
    const reason = checkText(body.reason, 'reason');
    if (reason === '') {
      throw domainError(
        'reason-missing',
        'reason is missing: say why, so that the requester knows what to change.',
      );
    }
    requireState(request, 'reject');
    const rejected = await requests.change({
      id: request.id,
      event: 'reject',
      version: body.version ?? request.version,
      actor: step.person.ref,
      reason,
      set: { decidedBy: step.person.ref },
      idempotency: step.idempotency,
    });
    await notifier.decided(rejected, 'rejected', step.person.ref, reason);
    return this.views.request(rejected, options.credentials);
  }

  async withdraw(
    request: StoredRequest,
    body: WithdrawBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { requests, desk, notifier } = this.parts;
    const step = await this.#begin(request, 'withdraw', body, options);
    await this.#require(step, this.decisions.mayWithdraw.bind(this.decisions));
    if (step.answered) {
      return this.views.request(request, options.credentials);
    }
    const reason = checkText(body.reason, 'reason');
    requireState(request, 'withdraw');
    // A proposal that carries it must lose its grant.
    const carried = request.state !== 'submitted';
    const withdrawn = await requests.change({
      id: request.id,
      event: 'withdraw',
      version: body.version ?? request.version,
      actor: step.person.ref,
      ...(reason && { reason }),
      rebuild: carried,
      idempotency: step.idempotency,
    });
    if (carried) {
      desk.wake();
    }
    await notifier.withdrawn(withdrawn);
    return this.views.request(withdrawn, options.credentials);
  }

  async #begin(
    request: StoredRequest,
    action: string,
    body: object,
    options: WriteOptions,
  ): Promise<Step> {
    const person = await this.parts.ownership.person(options.credentials);
    const replay = await replayOf(this.parts.requests, person.ref, options, {
      action,
      id: request.id,
      body,
    });
    return { ...replay, request, person };
  }

  async #require(
    { request, person }: Step,
    rule: (
      request: StoredRequest,
      person: Person,
    ) => Promise<Error | undefined>,
  ): Promise<void> {
    const refusal = await rule(request, person);
    if (refusal) {
      throw refusal;
    }
  }
}

/** A decision that comes too late says so, whatever else is wrong with it. */
function requireState(
  { state }: StoredRequest,
  event: 'approve' | 'reject' | 'withdraw',
): void {
  if (nextState(state, event) === undefined) {
    throw domainError('wrong-state', `The request is ${state} meanwhile.`);
  }
}
