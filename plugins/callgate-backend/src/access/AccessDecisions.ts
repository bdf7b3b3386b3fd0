import type {
  AccessRequest,
  ApproveBody,
  AskChangeBody,
  RejectBody,
  WithdrawBody,
} from '@callgate/plugin-callgate-common';
import { neededBySomebody, tallyWith } from '../approval';
import type { StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { ProposalPreview } from '../proposals/types';
import type { WriteOptions } from './AccessService';
import { GLASS_STATES, isDecidedAfterwards } from './breakGlass';
import { checkText } from './checkText';
import type { Decisions } from './Decisions';
import { domainError } from './domainError';
import { draftOf } from './draftOf';
import { replayOf, type Replay } from './Replays';
import { CARRIED_STATES, nextState } from './requestLifecycle';
import { requireSendable } from './requireSendable';
import { UNSEEN, type RequestViews } from './RequestViews';
import type { ServiceParts } from './ServiceParts';
import { DAMAGED_REQUEST } from './views/problems';

/** So often an approval is counted again when others come in between. */
const ATTEMPTS = 10;

/** One decision on a request, on its way. */
interface Step extends Replay {
  request: StoredRequest;
  person: Person;
}

/** Approving, rejecting, asking for a change, and withdrawing. */
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
    const { desk } = this.parts;
    const { credentials } = options;
    const step = await this.#begin(request, 'approve', body, options);
    await this.#requireDecider(step);
    if (step.answered) {
      return this.views.request(request, credentials);
    }
    const note = checkText(body.note, 'note');
    if (this.#isAfterwards(request, 'approve')) {
      return this.#confirm(step, body, note, credentials);
    }
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
    requireSendable(preview, await this.views.discretion(credentials));
    if (!(await this.views.isSeen(request, preview, credentials))) {
      throw domainError('caller-hidden', UNSEEN);
    }
    const approved = await this.#addApproval(step, preview, {
      version: body.version ?? request.version,
      ...(note && { note }),
    });
    return this.views.request(approved, credentials);
  }

  /** Of what went on before: it is approved as it was sent, whatever it would mean if it was asked now. */
  async #confirm(
    step: Step,
    body: ApproveBody,
    note: string,
    credentials: WriteOptions['credentials'],
  ): Promise<AccessRequest> {
    const { request } = step;
    if (request.damaged) {
      throw domainError('cannot-be-enforced', DAMAGED_REQUEST);
    }
    const { shown: meaning, needs } = request;
    if (meaning.digest !== body.digest) {
      throw domainError(
        'meaning-changed',
        'This request opened something else than was shown to you. Look at it again and decide then.',
      );
    }
    if (!(await this.views.isSeen(request, { meaning }, credentials))) {
      throw domainError('caller-hidden', UNSEEN);
    }
    const confirmed = await this.#addApproval(
      step,
      { meaning, needs },
      {
        version: body.version ?? request.version,
        afterwards: true,
        ...(note && { note }),
      },
    );
    return this.views.request(confirmed, credentials);
  }

  /**
   * Whether a decision is one about what went on before.
   *
   * @throws ConflictError with code `wrong-state` for one that comes too late
   */
  #isAfterwards(request: StoredRequest, event: 'approve' | 'reject'): boolean {
    const { breakGlass, state } = request;
    if (!breakGlass) {
      requireState(request, event);
      return false;
    }
    if (isDecidedAfterwards(request, this.parts.now())) return true;
    const { afterwards } = breakGlass;
    throw domainError(
      'wrong-state',
      afterwards === 'undecided' || afterwards === 'lapsed'
        ? `The request is ${
            GLASS_STATES.includes(state) ? 'over' : state
          } meanwhile.`
        : `The request is ${afterwards} meanwhile.`,
    );
  }

  /** Counts and stores, and counts again where somebody else's approval came in between: both are kept. */
  async #addApproval(
    { request, person, idempotency }: Step,
    preview: Pick<ProposalPreview, 'meaning' | 'needs'>,
    given: { version: number; note?: string; afterwards?: true },
  ): Promise<StoredRequest> {
    const { desk, requests, notifier } = this.parts;
    const { meaning: shown } = preview;
    const needs = neededBySomebody(request.apiRef, preview.needs);
    for (let attempt = 1; ; attempt++) {
      const tally = await this.decisions.tally(request, {
        needs,
        digest: shown.digest,
      });
      const refusal = this.decisions.mayApprove(request, person, tally);
      if (refusal) {
        // Who came too late for a request that has gone on meanwhile hears that.
        this.#isAfterwards(
          (await requests.getRequest(request.id)) ?? request,
          'approve',
        );
        throw refusal;
      }
      const { places, complete } = tallyWith(tally, person.ref);
      try {
        const approved = await requests.approve({
          id: request.id,
          actor: person.ref,
          ...given,
          shown,
          needs,
          counted: tally.counted,
          places,
          complete,
          idempotency,
        });
        if (given.afterwards) {
          await notifier.decidedAfterwards(
            approved,
            complete ? 'confirmed' : 'in part',
            person.ref,
            given.note,
          );
        } else if (complete) {
          desk.wake();
          await notifier.decided(approved, 'approved', person.ref, given.note);
        } else {
          await notifier.approvedInPart(approved, person.ref, given.note);
        }
        return approved;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code !== 'approvals-changed' || attempt === ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  async reject(
    request: StoredRequest,
    body: RejectBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { requests, desk, notifier } = this.parts;
    const step = await this.#begin(request, 'reject', body, options);
    await this.#requireDecider(step);
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
    const afterwards = this.#isAfterwards(request, 'reject');
    // What is on its way is taken out of its pull request; what is merged stays so, and ends by a request of its own.
    const carried = CARRIED_STATES.includes(request.state);
    const rejected = await requests.change({
      id: request.id,
      event: afterwards ? 'refuse' : 'reject',
      version: body.version ?? request.version,
      actor: step.person.ref,
      reason,
      set: {
        decidedBy: step.person.ref,
        ...(afterwards && { afterwards: 'rejected' as const }),
      },
      ...(afterwards && { rebuild: carried }),
      idempotency: step.idempotency,
    });
    if (afterwards) {
      await this.parts.glass?.follow(rejected);
      desk.wake();
      await notifier.decidedAfterwards(
        rejected,
        'rejected',
        step.person.ref,
        reason,
      );
      return this.views.request(rejected, options.credentials);
    }
    await notifier.decided(rejected, 'rejected', step.person.ref, reason);
    return this.views.request(rejected, options.credentials);
  }

  /** Gives a request back: it is the requester's turn, who changes it and sends it again. */
  async askChange(
    request: StoredRequest,
    body: AskChangeBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { requests, notifier } = this.parts;
    const step = await this.#begin(request, 'ask-change', body, options);
    const refusal = this.decisions.mayAskChange(request);
    if (refusal) {
      throw refusal;
    }
    await this.#requireDecider(step);
    if (step.answered) {
      return this.views.request(request, options.credentials);
    }
    const note = checkText(body.note, 'note');
    if (note === '') {
      throw domainError(
        'reason-missing',
        'note is missing: say what to change, so that the requester can.',
      );
    }
    requireState(request, 'ask-change');
    const returned = await requests.change({
      id: request.id,
      event: 'ask-change',
      version: body.version ?? request.version,
      actor: step.person.ref,
      reason: note,
      idempotency: step.idempotency,
    });
    await notifier.changeWanted(returned, step.person.ref, note);
    return this.views.request(returned, options.credentials);
  }

  async withdraw(
    request: StoredRequest,
    body: WithdrawBody,
    options: WriteOptions,
  ): Promise<AccessRequest> {
    const { requests, desk, notifier } = this.parts;
    const step = await this.#begin(request, 'withdraw', body, options);
    const refusal = await this.decisions.mayWithdraw(request, step.person);
    if (refusal) {
      throw refusal;
    }
    if (step.answered) {
      return this.views.request(request, options.credentials);
    }
    const reason = checkText(body.reason, 'reason');
    requireState(request, 'withdraw');
    // A proposal that carries it must lose its grant.
    const carried = CARRIED_STATES.includes(request.state);
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
    await notifier.withdrawn(withdrawn, step.person.ref);
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

  /** By what it needs now, where that can be worked out: rules may have come since it was sent. */
  async #requireDecider({ request, person }: Step): Promise<void> {
    const refusal = this.decisions.mayDecide(
      request,
      person,
      await this.decisions.tally(
        request,
        await this.views.meant(request, person),
      ),
    );
    if (refusal) {
      throw refusal;
    }
  }
}

/** A decision that comes too late says so, whatever else is wrong with it. */
function requireState(
  { state }: StoredRequest,
  event: 'approve' | 'reject' | 'ask-change' | 'withdraw',
): void {
  if (nextState(state, event) === undefined) {
    throw domainError('wrong-state', `The request is ${state} meanwhile.`);
  }
}
