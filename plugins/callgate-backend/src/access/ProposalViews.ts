import type {
  Capability,
  HeadChange,
  Meaning,
  Proposal,
  ProposalPage,
} from '@callgate/plugin-callgate-common';
import type { StoredRequest } from '../database/AccessStore';
import { grantOfDraft } from '../database/grantOfDraft';
import type { HeadDifference } from '../proposals/HeadChangedError';
import { platformFindings } from '../proposals/platformTroubles';
import { TOLD_BY_IMPORT } from '../imports/importTexts';
import type { ProposalRecord } from '../proposals/types';
import type { ProposalQuery, ReadOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import type { Decisions } from './Decisions';
import { type Revert, revertOf } from './reverts';
import type { ServiceParts } from './ServiceParts';
import type { AccessFacts } from './views/AccessFacts';
import type { LabelOf } from './views/Labels';
import { toFindings } from './views/findings';
import { byItselfText } from './views/byItself';
import { toMeaning } from './views/meaning';
import { contractOf } from './views/operations';
import {
  callersOfProposal,
  proposalSummary,
  textOfCheck,
  toFiles,
  toProposalRequest,
} from './views/proposals';
import type { Discretion } from './views/Discretion';
import { driftOf, toObjections, toReviews } from './views/reviews';
import { toSource } from './views/source';
import { anyHidden, namesHidden, tellFiles } from './views/unseen';

type MeaningOfProposal = NonNullable<ProposalRecord['meaning']>;

const NO_MEANING: Meaning = {
  gained: [],
  lost: [],
  restored: [],
  unchanged: 0,
  flips: [],
  others: [],
  plumbing: [],
  layersByCluster: [],
  findings: [],
  text: '',
};

const PUSHED =
  'Somebody else has pushed onto its branch. It is being built again.';
const OBJECTED =
  'Somebody has asked for changes. Their objection has to be taken back first.';

/** Proposals, one and many, as one person may see them. */
export class ProposalViews {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
    private readonly decisions: Decisions,
  ) {}

  async page(
    query: ProposalQuery,
    options: ReadOptions,
  ): Promise<ProposalPage> {
    const { proposals, labels, ownership, platformTeam } = this.parts;
    const facts = await this.access.facts();
    const exceptApis = await this.access.hiddenOf(
      await proposals.proposedApis(),
      options.credentials,
    );
    const person = await ownership.person(options.credentials);
    const ids = query.waiting
      ? await this.decisions.waitingProposals(person)
      : undefined;
    const page = await proposals.listProposals(
      { states: query.states, exceptApis, ids },
      query,
    );
    const carried = await this.#carried(page.items, options);
    const discretion = await this.access.discretion(facts, options.credentials);
    const items = await labels.label(options.credentials, labelOf =>
      page.items
        .map(proposal =>
          this.#summary(
            proposal,
            carried.filter(({ proposalId }) => proposalId === proposal.id),
            facts,
            labelOf,
            discretion,
          ),
        )
        .filter(({ api }) => api.state !== 'hidden'),
    );
    const findings =
      platformTeam && person.claims.has(platformTeam)
        ? toFindings(platformFindings(facts.snapshot), discretion)
        : [];
    return {
      items,
      ...(findings.length > 0 && { findings }),
      total: page.total,
      ...(page.nextCursor && { nextCursor: page.nextCursor }),
    };
  }

  async proposal(
    proposal: ProposalRecord,
    options: ReadOptions,
  ): Promise<Proposal> {
    const { ownership, labels, desk } = this.parts;
    const person = await ownership.person(options.credentials);
    const [facts, carried, pullRequest, commits, review, merge] =
      await Promise.all([
        this.access.facts(),
        this.#carried([proposal], options),
        desk.pullRequest(proposal).catch(() => undefined),
        desk.commits(proposal).catch(() => []),
        this.decisions.mayMerge(proposal, person, true),
        this.decisions.mayMerge(proposal, person, false),
      ]);
    const contract = contractOf(facts.entity(proposal.api), proposal.api);
    const reverts = await this.#reverts(proposal, carried, facts);
    const discretion = await this.access.discretion(facts, options.credentials);
    const conflicts = (pullRequest?.mergeable?.conflicts ?? []).map(path =>
      discretion.hidesName(path) ? 'a file you may not see' : path,
    );
    const conflict =
      conflicts.length > 0
        ? `Conflicts with the target branch in ${conflicts.join(', ')}.`
        : undefined;
    const named = callersOfProposal(proposal, carried, facts);
    const drift = driftOf(proposal, pullRequest);
    const byItself = this.parts.lifecycle.onExpiry
      ? byItselfText(proposal)
      : undefined;
    return labels.label(options.credentials, labelOf => {
      const secret =
        anyHidden(named, labelOf) ||
        discretion.hidesCallersOf(proposal.api) ||
        namesHidden(proposal.files, discretion);
      // Text for people who may read the repository. What it says of others than its callers, nobody knows here.
      const unread = secret || !discretion.everythingSeen;
      const objections = toObjections(proposal, pullRequest, {
        labelOf,
        secret,
        reader: person.ref,
        own: capability(review?.message),
        others: capability(merge?.message),
      });
      return {
        ...this.#summary(proposal, carried, facts, labelOf, discretion),
        body: unread
          ? 'Its description is for people who may see every caller.'
          : proposal.body,
        files: tellFiles(toFiles(proposal.files), secret, discretion),
        checks: proposal.checks.map(({ name, outcome, text, words }) => ({
          name,
          outcome,
          text: unread ? '' : textOfCheck({ text, words }, discretion.names),
        })),
        reviews: toReviews(proposal, pullRequest, { labelOf, secret }),
        objections,
        ...(proposal.head && { head: proposal.head }),
        ...(drift && { drift }),
        ...(byItself !== undefined && { byItself }),
        meaning: proposal.meaning
          ? toMeaning(
              proposal.imported && !proposal.imported.removes
                ? meaningOfImport(proposal.meaning)
                : proposal.meaning,
              contract,
              labelOf,
              discretion,
            )
          : NO_MEANING,
        conflicts,
        review: capability(review?.message),
        merge: capability(
          merge?.message ??
            (drift && PUSHED) ??
            (objections.length > 0 ? OBJECTED : conflict),
        ),
        ...(proposal.state === 'merged' && {
          revert: reverts
            // Of whom the reader may not see there is nothing to ask for either.
            .filter(
              ({ request }) => labelOf(request.callerRef).state !== 'hidden',
            )
            .map(({ request, revert }) => ({
              request: toProposalRequest(request, contract, labelOf),
              ...revert,
            })),
        }),
        commits: unread
          ? commits.map(commit => ({ ...commit, message: '' }))
          : commits,
        source: toSource(facts.snapshot, discretion),
      };
    });
  }

  /** What would undo each request of a merged pull request. */
  async #reverts(
    { state, ...proposal }: ProposalRecord,
    carried: readonly StoredRequest[],
    facts: AccessFacts,
  ): Promise<{ request: StoredRequest; revert: Revert }[]> {
    if (state !== 'merged') return [];
    const { requests, now } = this.parts;
    return Promise.all(
      carried
        .filter(request => request.state === 'merged')
        .map(async request => ({
          request,
          revert: revertOf({
            proposal: { ...proposal, state },
            request,
            policy: facts.policyOf(request.apiRef),
            others: await requests.requestsOfGrant(
              request.apiRef,
              grantOfDraft(request) ?? '',
            ),
            now: now(),
          }),
        })),
    );
  }

  /** What changed since a head was shown, with the requests that the reader may see. */
  async headChange(
    proposal: ProposalRecord,
    difference: HeadDifference,
    { credentials, sight }: ReadOptions,
  ): Promise<HeadChange> {
    const { requests, labels } = this.parts;
    const { came, went, ...rest } = difference;
    const facts = await this.access.facts();
    const contract = contractOf(facts.entity(proposal.api), proposal.api);
    const read = async (ids: readonly string[]) => {
      const found = await Promise.all(
        ids.map(async id => {
          const visible =
            !sight?.requests || (await requests.isVisible(id, sight.requests));
          return visible ? requests.getRequest(id) : undefined;
        }),
      );
      return found.flatMap(request => request ?? []);
    };
    const [cameIn, wentOut] = await Promise.all([read(came), read(went)]);
    return labels.label(credentials, labelOf => ({
      ...rest,
      came: cameIn.map(each => toProposalRequest(each, contract, labelOf)),
      went: wentOut.map(each => toProposalRequest(each, contract, labelOf)),
    }));
  }

  #summary(
    proposal: ProposalRecord,
    carried: readonly StoredRequest[],
    facts: AccessFacts,
    labelOf: LabelOf,
    discretion: Discretion,
  ) {
    const how = {
      platformTeam: this.parts.platformTeam,
      reviewsInPortal: this.parts.desk.reviewsIn(proposal.forge),
    };
    return proposalSummary(proposal, carried, facts, labelOf, how, discretion);
  }

  async #carried(
    proposals: readonly ProposalRecord[],
    { sight }: ReadOptions,
  ): Promise<StoredRequest[]> {
    const { requests } = this.parts;
    const carried = await requests.requestsOfProposals(
      proposals.map(({ id }) => id),
    );
    const visible = sight?.requests;
    if (!visible) {
      return carried;
    }
    const seen = await Promise.all(
      carried.map(({ id }) => requests.isVisible(id, visible)),
    );
    return carried.filter((_, index) => seen[index]);
  }
}

/** What an import declares could be called before: nobody gains it. */
function meaningOfImport(meaning: MeaningOfProposal): MeaningOfProposal {
  return {
    ...meaning,
    gained: [],
    restored: [],
    flips: [],
    findings: meaning.findings.filter(({ code }) => !TOLD_BY_IMPORT.has(code)),
    text: 'Nobody can call more or less.',
  };
}

function capability(refusal?: string): Capability {
  return refusal ? { allowed: false, reason: refusal } : { allowed: true };
}
