import { NotFoundError } from '@backstage/errors';
import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type {
  AccessRequest,
  ApiAccess,
  ApiOperations,
  CallerAccess,
  Capability,
  ExplainedCall,
  Explanation,
  Proposal,
  ProposalPage,
  RequestPage,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import type { Person } from '../ownership';
import type { ProposalPreview, ProposalRecord } from '../proposals/types';
import type { ProposalQuery, RequestQuery } from './AccessService';
import {
  draftOf,
  type DefaultAccessServiceOptions,
} from './DefaultAccessService';
import { domainError } from './domainError';
import { CARRIED_STATES, nextState, OPEN_STATES } from './requestLifecycle';
import { AccessFacts } from './views/AccessFacts';
import { apiAccess } from './views/apiAccess';
import { callerAccess } from './views/callerAccess';
import { explanations } from './views/explanations';
import { toFinding } from './views/findings';
import { apiPorts, workloadPortOf } from './views/apiPorts';
import { hideUnseen } from './views/hideUnseen';
import { toMeaning } from './views/meaning';
import { contractOf, offeredOperations } from './views/operations';
import { proposalSummary, toFiles } from './views/proposals';
import { requestSummary, toDeciders, toTransition } from './views/requests';
import { toSource } from './views/source';

type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

const LATEST_OF_API = 20;

/** Everything that pages read, as one person may see it. */
export class AccessViews {
  constructor(private readonly options: DefaultAccessServiceOptions) {}

  async facts(): Promise<AccessFacts> {
    return AccessFacts.of(await this.options.desk.snapshot());
  }

  /** @throws NotFoundError for entities that are not there or that the person may not see: both read alike */
  async requireVisible(
    refs: string[],
    credentials: UserCredentials,
  ): Promise<void> {
    const labels = await this.options.labels.label(credentials, labelOf =>
      refs.map(labelOf),
    );
    const unseen = refs.find((_, index) => labels[index].state !== 'visible');
    if (unseen !== undefined) {
      throw new NotFoundError(`There is no ${unseen} in the catalog`);
    }
  }

  async apiAccess(
    apiRef: string,
    credentials: UserCredentials,
  ): Promise<ApiAccess> {
    await this.requireVisible([apiRef], credentials);
    const { ownership, requests, proposals, labels, platformTeam } =
      this.options;
    const person = await ownership.person(credentials);
    const [facts, owners, open, proposal] = await Promise.all([
      this.facts(),
      ownership.ownersOf(apiRef),
      requests.requestsOfApi(apiRef, OPEN_STATES),
      proposals.currentProposal(apiRef),
    ]);
    const contract = contractOf(facts.entity(apiRef), apiRef);
    const owns = owners.some(owner => person.claims.has(owner));
    const waiting = await Promise.all(
      open.map(async each => !(await this.mayDecide(each, person))),
    );
    return hideUnseen(
      await labels.label(credentials, labelOf => ({
        ...apiAccess(facts, apiRef, contract, labelOf),
        owners: owners.map(labelOf),
        openRequests: open.map((request, index) =>
          requestSummary(request, {
            contract,
            labelOf,
            owners,
            waitsForMe: waiting[index],
            reader: person.ref,
            ...(proposal &&
              CARRIED_STATES.includes(request.state) && { proposal }),
          }),
        ),
        ...(proposal && {
          proposal: proposalSummary(
            proposal,
            open.filter(({ state }) => CARRIED_STATES.includes(state)),
            facts,
            labelOf,
            platformTeam,
          ),
        }),
        request: { allowed: true },
        grant: owns
          ? { allowed: true }
          : {
              allowed: false,
              reason: 'Only owners of the API grant access unasked.',
            },
      })),
    );
  }

  async apiOperations(
    apiRef: string,
    credentials: UserCredentials,
  ): Promise<ApiOperations> {
    await this.requireVisible([apiRef], credentials);
    const facts = await this.facts();
    const contract = contractOf(facts.entity(apiRef), apiRef);
    const providers = facts
      .providersOf(apiRef)
      .flatMap(ref => facts.workloadsOf(ref));
    return this.options.labels.label(credentials, labelOf => ({
      api: labelOf(apiRef),
      operations: offeredOperations(contract),
      ...(contract.basePath && { basePath: contract.basePath }),
      ports: apiPorts(facts, providers),
      clusters: [...new Set(providers.map(({ cluster }) => cluster))].sort(),
      findings: contract.findings.map(toFinding),
    }));
  }

  async callerAccess(
    callerRef: string,
    credentials: UserCredentials,
  ): Promise<CallerAccess> {
    await this.requireVisible([callerRef], credentials);
    const { ownership, requests, labels } = this.options;
    const person = await ownership.person(credentials);
    const facts = await this.facts();
    const { items } = await requests.listRequests(
      { callerRef },
      { limit: LATEST_OF_API },
    );
    const carrying = await this.#proposalsOf(items);
    const owners = await Promise.all(
      items.map(({ apiRef }) => ownership.ownersOf(apiRef)),
    );
    const waiting = await Promise.all(
      items.map(async each => !(await this.mayDecide(each, person))),
    );
    return hideUnseen(
      await labels.label(credentials, labelOf => ({
        ...callerAccess(facts, callerRef, labelOf),
        requests: items.map((request, index) =>
          requestSummary(request, {
            contract: contractOf(facts.entity(request.apiRef), request.apiRef),
            labelOf,
            owners: owners[index],
            waitsForMe: waiting[index],
            reader: person.ref,
            proposal: carrying.get(request.proposalId ?? ''),
          }),
        ),
      })),
    );
  }

  async explain(
    call: ExplainedCall,
    credentials: UserCredentials,
  ): Promise<Explanation[]> {
    await this.requireVisible([call.api, call.caller], credentials);
    const facts = await this.facts();
    return explanations(
      facts,
      call,
      provider =>
        call.port ?? workloadPortOf(facts, facts.entity(call.api), provider),
    );
  }

  async requestPage(
    query: RequestQuery,
    person: Person,
    credentials: UserCredentials,
  ): Promise<RequestPage> {
    const { requests, ownership, labels } = this.options;
    const facts = await this.facts();
    const filter = {
      apiRef: query.api,
      callerRef: query.caller,
      states: query.states,
      visible: query.visible,
      sort: query.sort === 'oldest' ? ('oldest' as const) : ('newest' as const),
    };
    const tabs = {
      all: async () => filter,
      mine: async () => ({ ...filter, requestedBy: person.ref }),
      waiting: async () => ({
        ...filter,
        states: ['submitted' as const],
        notRequestedBy: person.ref,
        apiRefs: await this.#decidableApis(person),
      }),
    };
    const page = await requests.listRequests(await tabs[query.tab](), query);
    const carrying = await this.#proposalsOf(page.items);
    const owners = new Map<string, string[]>();
    for (const { apiRef } of page.items) {
      if (!owners.has(apiRef)) {
        owners.set(apiRef, await ownership.ownersOf(apiRef));
      }
    }
    const waiting = await Promise.all(
      page.items.map(async each => !(await this.mayDecide(each, person))),
    );
    const items = await labels.label(credentials, labelOf =>
      page.items.map((request, index) =>
        requestSummary(request, {
          contract: contractOf(facts.entity(request.apiRef), request.apiRef),
          labelOf,
          owners: owners.get(request.apiRef) ?? [],
          waitsForMe: waiting[index],
          reader: person.ref,
          proposal: carrying.get(request.proposalId ?? ''),
        }),
      ),
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
    const { ownership, requests, proposals, labels, desk } = this.options;
    const person = await ownership.person(credentials);
    const [facts, owners, deciders, steps, decide] = await Promise.all([
      this.facts(),
      ownership.ownersOf(request.apiRef),
      ownership.deciders(request.apiRef, request.requestedBy),
      requests.transitions(request.id),
      this.mayDecide(request, person),
    ]);
    const preview =
      known.preview ??
      (request.state === 'submitted'
        ? await desk.preview(draftOf(request)).catch(() => undefined)
        : undefined);
    const proposal = request.proposalId
      ? await proposals.getProposal(request.proposalId)
      : undefined;
    const contract = contractOf(facts.entity(request.apiRef), request.apiRef);
    const meaning = preview?.meaning ?? request.shown;
    const changed = meaning.digest !== request.shown.digest;
    const withdraw =
      person.ref === request.requestedBy ||
      (await ownership.owns(person, request.callerRef))
        ? undefined
        : 'Only who asked, or an owner of the caller, can withdraw a request.';
    const inState = (
      event: 'approve' | 'reject' | 'withdraw',
      reason?: string,
    ): Capability => {
      const possible = nextState(request.state, event) !== undefined;
      const why = possible ? reason : `The request is ${request.state}.`;
      return why ? { allowed: false, reason: why } : { allowed: true };
    };
    const blocked =
      preview && !preview.sendable
        ? preview.problem ?? 'This cannot be enforced: see the findings.'
        : undefined;
    const lost =
      request.state === 'submitted' && !preview
        ? 'What this opens cannot be worked out now.'
        : undefined;
    return labels.label(credentials, labelOf => ({
      ...requestSummary(request, {
        contract,
        labelOf,
        owners: deciders.owners.length ? deciders.owners : owners,
        waitsForMe: !decide,
        reader: person.ref,
        ...(proposal && { proposal }),
      }),
      reason: request.draft.reason,
      acknowledges: request.draft.acknowledges,
      version: request.version,
      digest: request.shown.digest,
      ...(preview && { currentDigest: preview.meaning.digest }),
      meaningChanged: changed,
      meaning: toMeaning(meaning, contract, labelOf),
      ...(changed && {
        previousMeaning: toMeaning(request.shown, contract, labelOf),
      }),
      files: toFiles(preview?.files ?? proposal?.files ?? []),
      findings: (preview?.findings ?? request.shown.findings).map(toFinding),
      deciders: toDeciders(deciders, labelOf),
      timeline: steps.map(step => toTransition(step, labelOf)),
      approve: inState('approve', decide?.message ?? blocked ?? lost),
      reject: inState('reject', decide?.message),
      withdraw: inState('withdraw', withdraw),
    }));
  }

  async proposalPage(
    query: ProposalQuery,
    credentials: UserCredentials,
  ): Promise<ProposalPage> {
    const { proposals, requests, labels, platformTeam } = this.options;
    const facts = await this.facts();
    const page = await proposals.listProposals({ states: query.states }, query);
    const carried = await requests.requestsOfProposals(
      page.items.map(({ id }) => id),
    );
    const items = await labels.label(credentials, labelOf =>
      page.items.map(proposal =>
        proposalSummary(
          proposal,
          carried.filter(({ proposalId }) => proposalId === proposal.id),
          facts,
          labelOf,
          platformTeam,
        ),
      ),
    );
    return {
      items,
      total: page.total,
      ...(page.nextCursor && { nextCursor: page.nextCursor }),
    };
  }

  async proposal(
    proposal: ProposalRecord,
    credentials: UserCredentials,
  ): Promise<Proposal> {
    const { requests, ownership, labels, desk, platformTeam } = this.options;
    const person = await ownership.person(credentials);
    const [facts, carried, pullRequest, commits] = await Promise.all([
      this.facts(),
      requests.requestsOfProposals([proposal.id]),
      desk.pullRequest(proposal).catch(() => undefined),
      desk.commits(proposal).catch(() => []),
    ]);
    const contract = contractOf(facts.entity(proposal.api), proposal.api);
    const [review, merge] = await Promise.all([
      this.mayMerge(proposal, person, true),
      this.mayMerge(proposal, person, false),
    ]);
    const conflicts = pullRequest?.mergeable?.conflicts ?? [];
    const conflict =
      conflicts.length > 0
        ? `Conflicts with the target branch in ${conflicts.join(', ')}.`
        : undefined;
    const capability = (refusal?: string): Capability =>
      refusal ? { allowed: false, reason: refusal } : { allowed: true };
    return labels.label(credentials, labelOf => ({
      ...proposalSummary(proposal, carried, facts, labelOf, platformTeam),
      body: proposal.body,
      files: toFiles(proposal.files),
      checks: [...proposal.checks],
      reviews: (pullRequest?.reviews ?? []).map(
        ({ by, decision, comment, at }) => ({
          by: labelOf(by),
          decision,
          ...(comment && { comment }),
          at,
        }),
      ),
      meaning: proposal.meaning
        ? toMeaning(proposal.meaning, contract, labelOf)
        : {
            gained: [],
            lost: [],
            unchanged: 0,
            flips: [],
            plumbing: [],
            layersByCluster: [],
            findings: [],
            text: '',
          },
      conflicts,
      review: capability(review?.message),
      merge: capability(merge?.message ?? conflict),
      commits,
      source: toSource(facts.snapshot.source),
    }));
  }

  /** Why a person may not decide a request, or `undefined` when they may. */
  async mayDecide(
    request: StoredRequest,
    person: Person,
  ): Promise<Error | undefined> {
    if (person.ref === request.requestedBy) {
      return domainError(
        'self-approval',
        'Nobody decides on their own request.',
      );
    }
    const deciders = await this.options.ownership.deciders(
      request.apiRef,
      request.requestedBy,
    );
    return deciders.owners.some(owner => person.claims.has(owner))
      ? undefined
      : domainError(
          'not-api-owner',
          `Only owners of the API decide: ${
            deciders.owners.join(', ') || 'it has none'
          }.`,
        );
  }

  /** Why a person may not review or merge a proposal, or `undefined` when they may. */
  async mayMerge(
    proposal: ProposalRecord,
    person: Person,
    commentOnly: boolean,
  ): Promise<Error | undefined> {
    const { desk, platformTeam, requests } = this.options;
    if (!desk.reviewsInPortal) {
      return domainError(
        'not-platform-team',
        'Review and merge this pull request on its forge.',
      );
    }
    if (proposal.state !== 'open') {
      return domainError(
        'wrong-state',
        `The pull request is ${proposal.state}.`,
      );
    }
    if (!platformTeam || !person.claims.has(platformTeam)) {
      return domainError(
        'not-platform-team',
        'Only the platform team reviews and merges.',
      );
    }
    const carried = await requests.requestsOfProposals([proposal.id]);
    const involved = carried.some(({ requestedBy, decidedBy }) =>
      [requestedBy, decidedBy].includes(person.ref),
    );
    return involved && !commentOnly
      ? domainError(
          'involved-in-request',
          'You asked for or approved access in this pull request; somebody else reviews and merges it.',
        )
      : undefined;
  }

  async #decidableApis(person: Person): Promise<string[]> {
    const { requests, ownership } = this.options;
    const { items } = await requests.listRequests(
      { states: ['submitted'], notRequestedBy: person.ref },
      { limit: 1000 },
    );
    const apis = [...new Set(items.map(({ apiRef }) => apiRef))];
    const decidable: string[] = [];
    for (const api of apis) {
      const request = items.find(({ apiRef }) => apiRef === api)!;
      const deciders = await ownership.deciders(api, request.requestedBy);
      if (deciders.owners.some(owner => person.claims.has(owner))) {
        decidable.push(api);
      }
    }
    return decidable;
  }

  async #proposalsOf(
    requests: readonly StoredRequest[],
  ): Promise<Map<string, ProposalRecord>> {
    const found = new Map<string, ProposalRecord>();
    for (const { proposalId } of requests) {
      if (proposalId && !found.has(proposalId)) {
        const proposal = await this.options.proposals.getProposal(proposalId);
        if (proposal) {
          found.set(proposalId, proposal);
        }
      }
    }
    return found;
  }
}
