import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type {
  AccessRequest,
  Capability,
  RequestPage,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { ProposalPreview } from '../proposals/types';
import type { RequestQuery } from './AccessService';
import type { AccessViews } from './AccessViews';
import type { Decisions } from './Decisions';
import { draftOf } from './draftOf';
import { CARRIED_STATES, nextState } from './requestLifecycle';
import type { ServiceParts } from './ServiceParts';
import { toFinding } from './views/findings';
import { toMeaning } from './views/meaning';
import { contractOf } from './views/operations';
import { DAMAGED_REQUEST, problemOfRequest } from './views/problems';
import { toFiles } from './views/proposals';
import { requestSummary, toDeciders, toTransition } from './views/requests';
import {
  anyHidden,
  callersIn,
  muteFiles,
  muteFinding,
  muteMeaning,
} from './views/unseen';

type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

/** Why somebody who may not see a caller cannot approve its access. */
export const UNSEEN =
  'You may not see every caller that this is about, so you cannot approve it.';

/** Access requests, one and many, as one person may see them. */
export class RequestViews {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
    private readonly decisions: Decisions,
  ) {}

  async page(
    query: RequestQuery,
    person: Person,
    credentials: UserCredentials,
  ): Promise<RequestPage> {
    const { requests, ownership, labels } = this.parts;
    const facts = await this.access.facts();
    const hidden = await this.access.hiddenOf(
      await requests.requestedApis(),
      credentials,
    );
    const filter = {
      // What the catalog hides is no part of any count either, except for who asked for it.
      hidden: { apis: hidden, exceptRequestedBy: person.ref },
      apiRef: query.api,
      callerRef: query.caller,
      states: query.states,
      visible: query.visible,
      sort: query.sort,
    };
    const tabs = {
      all: async () => filter,
      mine: async () => ({ ...filter, requestedBy: person.ref }),
      waiting: async () => ({
        ...filter,
        states: ['submitted' as const],
        ids: await this.decisions.waitingIds(person),
      }),
    };
    const page = await requests.listRequests(await tabs[query.tab](), query);
    const carrying = await this.access.proposalsOf(page.items);
    const apis = [...new Set(page.items.map(({ apiRef }) => apiRef))];
    const owners = new Map(
      await Promise.all(
        apis.map(async api => [api, await ownership.ownersOf(api)] as const),
      ),
    );
    const waiting = await this.decisions.waitFor(page.items, person);
    const items = await labels.label(credentials, labelOf =>
      page.items
        .map((request, index) =>
          requestSummary(request, {
            contract: contractOf(facts.entity(request.apiRef), request.apiRef),
            labelOf,
            owners: owners.get(request.apiRef) ?? [],
            waitsForMe: waiting[index],
            reader: person.ref,
            proposal: carrying.get(request.proposalId ?? ''),
          }),
        )
        // It may have been hidden since.
        .filter(({ api, mine }) => mine || api.state !== 'hidden'),
    );
    return {
      items,
      total: page.total,
      ...(page.nextCursor && { nextCursor: page.nextCursor }),
    };
  }

  async request(
    request: StoredRequest,
    credentials: UserCredentials,
    known: { preview?: ProposalPreview } = {},
  ): Promise<AccessRequest> {
    const { ownership, requests, proposals, labels, desk } = this.parts;
    const person = await ownership.person(credentials);
    const [facts, deciders, steps, decide, withdraw] = await Promise.all([
      this.access.facts(),
      ownership.deciders(request.apiRef, request.requestedBy),
      requests.transitions(request.id),
      this.decisions.mayDecide(request, person),
      this.decisions.mayWithdraw(request, person),
    ]);
    const submitted = request.state === 'submitted';
    const preview =
      known.preview ??
      (submitted
        ? await desk
            .preview(draftOf(request), { kind: 'page', by: person.ref })
            .catch(() => undefined)
        : undefined);
    const proposal = request.proposalId
      ? await proposals.getProposal(request.proposalId)
      : undefined;
    // Before it is in a pull request, what stops the next one stops it.
    const stopped =
      request.state === 'approved'
        ? proposal ?? (await proposals.currentProposal(request.apiRef))
        : proposal;
    const contract = contractOf(facts.entity(request.apiRef), request.apiRef);
    const meaning = preview?.meaning ?? request.shown;
    const changed = meaning.digest !== request.shown.digest;
    const concerned = callersIn(meaning, [request.callerRef]);
    const inFiles = callersIn(request.shown, [
      ...concerned,
      ...facts.callersOf(request.apiRef),
    ]);
    const findings = (preview?.findings ?? request.shown.findings).map(
      toFinding,
    );
    return labels.label(credentials, labelOf => {
      const unseen = anyHidden(concerned, labelOf);
      const secret = anyHidden(inFiles, labelOf);
      // What people write about a caller tells what it is; who asked knows.
      const secretive =
        request.requestedBy !== person.ref &&
        anyHidden([request.callerRef], labelOf);
      const meaningOf = (each: typeof meaning) => {
        const view = toMeaning(each, contract, labelOf);
        return secret ? muteMeaning(view) : view;
      };
      const files = toFiles(preview?.files ?? proposal?.files ?? []);
      const problem = CARRIED_STATES.includes(request.state)
        ? problemOfRequest(
            request,
            stopped,
            desk.buildProblem(request.apiRef),
            secret,
          )
        : problemOfRequest(request, undefined, undefined, secret);
      return {
        ...requestSummary(request, {
          contract,
          labelOf,
          owners: deciders.owners,
          waitsForMe: submitted && !decide,
          reader: person.ref,
          ...(proposal && { proposal }),
        }),
        reason: secretive ? '' : request.draft.reason,
        acknowledges: request.draft.acknowledges,
        version: request.version,
        digest: request.shown.digest,
        ...(preview && { currentDigest: preview.meaning.digest }),
        meaningChanged: changed,
        meaning: meaningOf(meaning),
        ...(changed && { previousMeaning: meaningOf(request.shown) }),
        files: secret ? muteFiles(files) : files,
        findings: secret ? findings.map(muteFinding) : findings,
        deciders: toDeciders(deciders, labelOf),
        timeline: steps
          .map(step => toTransition(step, labelOf))
          .map(step => (secretive ? { ...step, reason: undefined } : step)),
        approve: inState(
          request,
          'approve',
          decide?.message ?? (unseen ? UNSEEN : blockedBy(request, preview)),
        ),
        reject: inState(request, 'reject', decide?.message),
        withdraw: inState(request, 'withdraw', withdraw?.message),
        ...(problem && { problem }),
      };
    });
  }

  /** Whether a person may see every caller that a meaning is about: nobody approves what they were not shown. */
  async isSeen(
    request: StoredRequest,
    { meaning }: ProposalPreview,
    credentials: UserCredentials,
  ): Promise<boolean> {
    const concerned = callersIn(meaning, [request.callerRef]);
    return this.parts.labels.label(
      credentials,
      labelOf => !anyHidden(concerned, labelOf),
    );
  }
}

function blockedBy(
  { state, damaged }: StoredRequest,
  preview: ProposalPreview | undefined,
): string | undefined {
  if (damaged) return DAMAGED_REQUEST;
  if (preview) {
    return preview.sendable
      ? undefined
      : preview.problem ?? 'This cannot be enforced: see the findings.';
  }
  return state === 'submitted'
    ? 'What this opens cannot be worked out now.'
    : undefined;
}

function inState(
  { state }: StoredRequest,
  event: 'approve' | 'reject' | 'withdraw',
  reason?: string,
): Capability {
  const why =
    nextState(state, event) === undefined ? `The request is ${state}.` : reason;
  return why ? { allowed: false, reason: why } : { allowed: true };
}
