import type { StoredRequest } from '../database/AccessStore';
import type { DecidersOf, Person } from '../ownership';
import type { ProposalRecord } from '../proposals/types';
import { domainError } from './domainError';
import type { ServiceParts } from './ServiceParts';

/** More requests than this wait for nobody's inbox at once. */
const WAITING_LIMIT = 1_000;

/**
 * Who may decide what. Owners of an API are what the catalog says they are, and their members; nobody decides on their
 * own request, and nobody merges what they asked for or approved.
 */
export class Decisions {
  constructor(private readonly parts: ServiceParts) {}

  /** Why a person may not decide a request, or `undefined` when they may. */
  async mayDecide(
    request: StoredRequest,
    person: Person,
  ): Promise<Error | undefined> {
    return refusal(
      request,
      person,
      await this.parts.ownership.deciders(request.apiRef, request.requestedBy),
    );
  }

  /** For each request, whether a person may decide it now. Asks the catalog once for each API and requester. */
  async waitFor(
    requests: readonly StoredRequest[],
    person: Person,
  ): Promise<boolean[]> {
    const known = new Map<string, Promise<DecidersOf>>();
    return Promise.all(
      requests.map(async request => {
        const { apiRef, requestedBy, state } = request;
        if (state !== 'submitted' || requestedBy === person.ref) {
          return false;
        }
        const key = `${apiRef} ${requestedBy}`;
        const deciders =
          known.get(key) ?? this.parts.ownership.deciders(apiRef, requestedBy);
        known.set(key, deciders);
        return refusal(request, person, await deciders) === undefined;
      }),
    );
  }

  /** Ids of the requests that wait for a person. */
  async waitingIds(person: Person): Promise<string[]> {
    const { items } = await this.parts.requests.listRequests(
      { states: ['submitted'], notRequestedBy: person.ref },
      { limit: WAITING_LIMIT },
    );
    const waiting = await this.waitFor(items, person);
    return items.filter((_, index) => waiting[index]).map(({ id }) => id);
  }

  /** Why a person may not withdraw a request, or `undefined` when they may. */
  async mayWithdraw(
    request: StoredRequest,
    person: Person,
  ): Promise<Error | undefined> {
    return person.ref === request.requestedBy ||
      (await this.parts.ownership.owns(person, request.callerRef))
      ? undefined
      : domainError(
          'not-requester',
          'Only who asked, or an owner of the caller, can withdraw a request.',
        );
  }

  /** Why a person may not review or merge a proposal, or `undefined` when they may. */
  async mayMerge(
    proposal: ProposalRecord,
    person: Person,
    commentOnly: boolean,
  ): Promise<Error | undefined> {
    const { desk, platformTeam, requests } = this.parts;
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
}

function refusal(
  request: StoredRequest,
  person: Person,
  deciders: DecidersOf,
): Error | undefined {
  if (person.ref === request.requestedBy) {
    return domainError('self-approval', 'Nobody decides on their own request.');
  }
  // Members of a group below the owning one decide as well, also where sign-in gives them their direct groups alone.
  return deciders.people.includes(person.ref) ||
    deciders.owners.some(owner => person.claims.has(owner))
    ? undefined
    : domainError(
        'not-api-owner',
        `Only owners of the API decide: ${
          deciders.owners.join(', ') || 'it has none'
        }.`,
      );
}
