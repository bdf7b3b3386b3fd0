import { gapTitle } from '@callgate/policy';
import type {
  AccessRequest,
  AccessRequestSummary,
  Capability,
  FileChange,
  RequestPage,
} from '@callgate/plugin-callgate-common';
import { neededBySomebody } from '../approval';
import { grantOfDraft } from '../database/grantOfDraft';
import type { RequestFilter, StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { RequestVisibility } from '../permissions/types';
import { objectionsTo } from '../proposals/objectionsTo';
import type { ProposalProblem } from '../proposals/problems';
import type { ProposalPreview, ProposalRecord } from '../proposals/types';
import type { Turn } from '../turns';
import type { RequestQuery } from './AccessService';
import type { AccessViews } from './AccessViews';
import { type Decisions, type Meant, waitsForRequester } from './Decisions';
import { isDecidedAfterwards } from './breakGlass';
import { draftOf } from './draftOf';
import { parseRef } from './parseRef';
import { presentMeanings } from './PresentMeanings';
import {
  CARRIED_STATES,
  nextState,
  type RequestEvent,
} from './requestLifecycle';
import { searchFor } from './searchRequests';
import type { CallerCredentials } from '../services';
import type { ServiceParts } from './ServiceParts';
import { systemOf } from './systemOf';
import type { AccessFacts } from './views/AccessFacts';
import { blockerOf } from './views/blockers';
import type { Discretion } from './views/Discretion';
import type { LabelOf } from './views/Labels';
import { toFinding } from './views/findings';
import { withGateways } from './views/gatewayLabels';
import { toMeaning } from './views/meaning';
import { contractOf } from './views/operations';
import { DAMAGED_REQUEST, problemOfRequest } from './views/problems';
import { toFiles } from './views/proposals';
import { toDeciders, toIdleApprovals, toNeeds } from './views/needs';
import { toRequestedChange } from './views/changes';
import { reasonOfCallgate, toConfirmation } from './views/confirms';
import { toComment } from './views/comments';
import { toForgeComments } from './views/forgeComments';
import { requestSummary, toTransition } from './views/requests';
import { toRequestObjections } from './views/reviews';
import { anyHidden, callersIn, namesHidden, tellFiles } from './views/unseen';

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
    credentials: CallerCredentials,
  ): Promise<RequestPage> {
    const { requests, labels } = this.parts;
    const facts = await this.access.facts();
    const hidden = await this.access.hiddenOf(
      await requests.requestedApis(),
      credentials,
    );
    // Who may not see a caller does not learn by asking for it whether it is there.
    const unseen =
      query.caller !== undefined &&
      (await this.access.hiddenOf([query.caller], credentials)).length > 0;
    const narrowed = await this.#narrowed(query, facts, person, credentials);
    const filter = {
      ...narrowed,
      kinds: query.kinds,
      ...(unseen && { requestedBy: person.ref }),
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
      // What colleagues asked for what is theirs together as well.
      mine: async () => ({
        ...filter,
        parties: {
          anyOf: [
            { role: 'requester' as const, refs: [person.ref] },
            { role: 'caller-owner' as const, refs: [...person.claims] },
          ],
        },
      }),
      ours: async () => ({
        ...filter,
        visible: alsoVisible(filter.visible, {
          role: 'api-owner' as const,
          refs: [...person.claims],
        }),
      }),
      waiting: async () => ({
        ...filter,
        ids: await this.decisions.waitingIds(person),
      }),
    };
    const page = await requests.listRequests(await tabs[query.tab](), query);
    const carrying = await this.access.proposalsOf(page.items);
    const standings = await this.decisions.standings(page.items, person);
    const discretion = await this.access.discretion(facts, credentials);
    const present = await presentMeanings(
      this.parts.desk,
      page.items,
      person.ref,
    );
    const objected = await this.#objectedTo([...carrying.values()]);
    const items = await labels.label(credentials, labelOf =>
      page.items
        .map((request, index) => ({
          ...requestSummary(request, {
            contract: contractOf(facts.entity(request.apiRef), request.apiRef),
            labelOf,
            ...standings[index],
            reader: person.ref,
            proposal: carrying.get(request.proposalId ?? ''),
            changesRequested: objected.has(request.proposalId ?? ''),
            present: present.get(request.id),
          }),
          ...this.#reasonLine(request, person, labelOf, discretion),
        }))
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
    credentials: CallerCredentials,
    known: { preview?: ProposalPreview } = {},
  ): Promise<AccessRequest> {
    const { ownership, requests, proposals, labels, desk } = this.parts;
    const person = await ownership.person(credentials);
    const preview =
      known.preview ??
      (await this.#preview(request, { kind: 'page', by: person.ref }));
    const [facts, steps, comments, said, tally, withdraw] = await Promise.all([
      this.access.facts(),
      requests.transitions(request.id),
      requests.comments(request.id),
      this.parts.talk.of(request.id),
      this.decisions.tally(request, meantBy(preview)),
      this.decisions.mayWithdraw(request, person),
    ]);
    const afterwards = isDecidedAfterwards(request, this.parts.now());
    const decide = this.decisions.mayDecide(request, person, tally);
    const approve = this.decisions.mayApprove(request, person, tally);
    const proposal = request.proposalId
      ? await proposals.getProposal(request.proposalId)
      : undefined;
    // Before it is in a pull request, what stops the next one stops it.
    const stopped =
      request.state === 'approved'
        ? proposal ?? (await proposals.currentProposal(request.apiRef))
        : proposal;
    const pull =
      proposal && (await this.#mayBeObjectedTo(proposal))
        ? await desk.pullRequest(proposal).catch(() => undefined)
        : undefined;
    // What cannot be written cannot be noted on the proposal either.
    const stuck = CARRIED_STATES.includes(request.state)
      ? waitsForImport(request, stopped) ??
        stopped?.problem ??
        desk.buildProblem(request.apiRef)
      : undefined;
    const contract = contractOf(facts.entity(request.apiRef), request.apiRef);
    const meaning = preview?.meaning ?? request.shown;
    const changed = meaning.digest !== request.shown.digest;
    const concerned = callersIn(meaning, [request.callerRef]);
    const discretion = await this.access.discretion(facts, credentials);
    const grant = grantOfDraft(request);
    return labels.label(credentials, labelOf => {
      const unseen = anyHidden(concerned, labelOf);
      const secret =
        unseen ||
        discretion.hidesCallersOf(request.apiRef) ||
        (!preview && namesHidden(proposal?.files ?? [], discretion));
      const secretive = isSecretive(request, person, labelOf);
      const objections = toRequestObjections(request, proposal, pull, labelOf);
      const meaningOf = (each: typeof meaning) =>
        toMeaning(each, contract, withGateways(facts, labelOf), discretion);
      const confirms = toConfirmation(request, labelOf, discretion);
      const change = toRequestedChange(request, labelOf, discretion);
      const files = withoutTexts(
        request,
        toFiles(preview?.files ?? proposal?.files ?? []),
      );
      const problem = problemOfRequest(request, stuck, discretion);
      return {
        ...requestSummary(request, {
          contract,
          labelOf,
          tally,
          waitsForMe:
            ((request.state === 'submitted' || afterwards) && !approve) ||
            waitsForRequester(request, person),
          reader: person.ref,
          ...(proposal && { proposal }),
          changesRequested: objections.length > 0,
        }),
        ...this.#reasonLine(request, person, labelOf, discretion),
        ...(objections.length > 0 && { objections }),
        reason: secretive ? '' : reasonOfCallgate(request, labelOf, discretion),
        ...(request.textsBlankedAt !== undefined && {
          textsBlankedAt: new Date(request.textsBlankedAt).toISOString(),
        }),
        ...(confirms && { confirms }),
        ...(change && { change }),
        ...(grant !== null &&
          !anyHidden([request.callerRef, request.apiRef], labelOf) &&
          !discretion.hidesName(grant) && { grant }),
        acknowledges: request.draft.acknowledges,
        acceptedGaps: request.draft.acknowledges.map(gapTitle),
        version: request.version,
        digest: request.shown.digest,
        ...(preview && { currentDigest: preview.meaning.digest }),
        meaningChanged: changed,
        meaning: meaningOf(meaning),
        ...(changed && { previousMeaning: meaningOf(request.shown) }),
        files: tellFiles(files, secret, discretion),
        findings: (preview?.findings ?? request.shown.findings).map(found =>
          toFinding(found, discretion),
        ),
        deciders: toDeciders(tally.needs, labelOf),
        needs: toNeeds(tally, labelOf, { notes: !secretive }),
        idleApprovals: toIdleApprovals(tally, meaning.digest, labelOf, {
          notes: !secretive,
        }),
        timeline: steps.map(step =>
          toTransition(step, { contract, labelOf, discretion, secretive }),
        ),
        approve: inState(
          request,
          afterwards ? 'confirm' : 'approve',
          approve?.message ??
            (unseen ? UNSEEN : blockedBy(request, preview, discretion)),
        ),
        reject: inState(
          request,
          afterwards ? 'refuse' : 'reject',
          decide?.message,
        ),
        withdraw: inState(request, 'withdraw', withdraw?.message),
        askChange: inState(
          request,
          'ask-change',
          (this.decisions.mayAskChange(request) ?? decide)?.message,
        ),
        revise: inState(
          request,
          'revise',
          this.decisions.mayRevise(request, person)?.message,
        ),
        comment: { allowed: true },
        comments: comments.map(each => toComment(each, labelOf, secretive)),
        ...(said.comments.length > 0 && {
          said: toForgeComments(said, {
            ...{ api: request.apiRef, labelOf, discretion },
            inPortal: forge => desk.reviewsIn(forge),
          }),
        }),
        ...(problem && { problem }),
      };
    });
  }

  /** Of whose system callers are, and what is looked for, among what the reader may see. */
  async #narrowed(
    { system, text }: Pick<RequestQuery, 'system' | 'text'>,
    facts: AccessFacts,
    person: Person,
    credentials: CallerCredentials,
  ): Promise<Pick<RequestFilter, 'callerRefs' | 'search'>> {
    if (system === undefined && !text?.trim()) return {};
    const ends = await this.parts.requests.requestEnds();
    const of =
      system === undefined ? undefined : parseRef(system, 'system', ['system']);
    return this.parts.labels.label(credentials, labelOf => ({
      ...(of !== undefined && {
        callerRefs: ends.callers.filter(
          ref =>
            labelOf(ref).state !== 'hidden' &&
            systemOf(facts.entity(ref)) === of,
        ),
      }),
      ...(text?.trim() && {
        search: searchFor(text, ends, labelOf, person.ref),
      }),
    }));
  }

  #reasonLine(
    request: StoredRequest,
    person: Person,
    labelOf: LabelOf,
    discretion: Discretion,
  ): Pick<AccessRequestSummary, 'reasonLine'> {
    const reason = isSecretive(request, person, labelOf)
      ? ''
      : reasonOfCallgate(request, labelOf, discretion);
    const [line] = reason.trim().split('\n');
    return line ? { reasonLine: line.trim() } : {};
  }

  /** A hosted forge is asked only where it was heard that somebody objects. */
  async #mayBeObjectedTo(proposal: ProposalRecord): Promise<boolean> {
    return (
      proposal.state === 'open' &&
      (this.parts.desk.reviewsIn(proposal.forge) ||
        proposal.reviewed?.decision === 'changes-requested')
    );
  }

  /** Ids of those of some proposals that somebody has asked for changes of. */
  async #objectedTo(
    proposals: readonly ProposalRecord[],
  ): Promise<ReadonlySet<string>> {
    const { desk } = this.parts;
    const found = await Promise.all(
      proposals.map(async proposal => {
        if (!desk.reviewsIn(proposal.forge)) {
          return (
            proposal.state === 'open' &&
            proposal.reviewed?.decision === 'changes-requested'
          );
        }
        const pull =
          proposal.state === 'open'
            ? await desk.pullRequest(proposal).catch(() => undefined)
            : undefined;
        return pull !== undefined && objectionsTo(proposal, pull).length > 0;
      }),
    );
    return new Set(
      proposals.filter((_, index) => found[index]).map(({ id }) => id),
    );
  }

  /** What a person must not be told. */
  async discretion(credentials: CallerCredentials): Promise<Discretion> {
    return this.access.discretion(await this.access.facts(), credentials);
  }

  /** What an approval of a request would be counted by now; `undefined`: what is stored has to do. */
  async meant(request: StoredRequest, by: Person): Promise<Meant | undefined> {
    const turn: Turn = { kind: 'decision', by: by.ref };
    return meantBy(await this.#preview(request, turn));
  }

  async #preview(
    request: StoredRequest,
    turn: Turn,
  ): Promise<ProposalPreview | undefined> {
    return request.state === 'submitted'
      ? this.parts.desk.preview(draftOf(request), turn).catch(() => undefined)
      : undefined;
  }

  /** Whether a person may see every caller that a meaning is about: nobody approves what they were not shown. */
  async isSeen(
    request: StoredRequest,
    { meaning }: Pick<ProposalPreview, 'meaning'>,
    credentials: CallerCredentials,
  ): Promise<boolean> {
    const concerned = callersIn(meaning, [request.callerRef]);
    return this.parts.labels.label(
      credentials,
      labelOf => !anyHidden(concerned, labelOf),
    );
  }
}

/** A declaration has the reason in it. Where that was taken out, its pull request has the text. */
function withoutTexts(
  { textsBlankedAt }: StoredRequest,
  files: readonly FileChange[],
): FileChange[] {
  return files.map(file =>
    textsBlankedAt !== undefined && file.kind === 'declaration'
      ? { ...file, before: undefined, after: undefined }
      : file,
  );
}

/** What people write about a caller tells what it is; who asked knows. */
function isSecretive(
  { requestedBy, callerRef }: StoredRequest,
  person: Person,
  labelOf: LabelOf,
): boolean {
  // Asked for in any case, so that all labels are loaded together.
  const hidden = anyHidden([callerRef], labelOf);
  return requestedBy !== person.ref && hidden;
}

function alsoVisible(
  visible: RequestVisibility | undefined,
  to: RequestVisibility,
): RequestVisibility {
  return visible ? { allOf: [visible, to] } : to;
}

function meantBy(preview: ProposalPreview | undefined): Meant | undefined {
  if (!preview) return undefined;
  const { needs, meaning } = preview;
  // What nobody had to approve, and asks again, somebody has to.
  return {
    needs: neededBySomebody(meaning.api, needs),
    digest: meaning.digest,
  };
}

function blockedBy(
  { state, damaged }: StoredRequest,
  preview: ProposalPreview | undefined,
  discretion: Discretion,
): string | undefined {
  if (damaged) return DAMAGED_REQUEST;
  if (preview) {
    return blockerOf(preview, discretion);
  }
  return state === 'submitted'
    ? 'What this opens cannot be worked out now.'
    : undefined;
}

function inState(
  { state }: StoredRequest,
  event: RequestEvent,
  reason?: string,
): Capability {
  const why =
    nextState(state, event) === undefined ? `The request is ${state}.` : reason;
  return why ? { allowed: false, reason: why } : { allowed: true };
}

/** An API has one pull request at a time: what is approved meanwhile goes on when that of an import has ended. */
function waitsForImport(
  { state }: StoredRequest,
  current: ProposalRecord | undefined,
): ProposalProblem | undefined {
  return state === 'approved' && current?.imported
    ? {
        code: 'import-open',
        text: current.imported.removes
          ? 'A pull request that deletes policies by hand of the API is open. This goes on when that is merged or closed.'
          : 'A pull request that writes down who can call the API already is open. This goes on when that is merged or closed.',
        tellable: true,
      }
    : undefined;
}
