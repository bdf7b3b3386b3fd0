import {
  canApprove,
  isDecider,
  type Need,
  settledTally,
  type StaffedNeed,
  Staffing,
  type Tally,
  tallyOf,
} from '../approval';
import { parseServiceRef } from '@callgate/policy';
import type { StoredApproval, StoredRequest } from '../database/AccessStore';
import type { Ownership, Person } from '../ownership';
import type { ProposalRecord } from '../proposals/types';
import { CALLGATE_ACTOR } from '../actor';
import { GLASS_STATES, isDecidedAfterwards } from './breakGlass';
import { domainError } from './domainError';
import { DAMAGED_REQUEST } from './views/problems';
import type { ServiceParts } from './ServiceParts';

/** More requests than this wait for nobody's inbox at once. */
const WAITING_LIMIT = 1_000;

/** What an approval would be counted by, where that is known better than by what is stored. */
export interface Meant {
  needs: readonly Need[];
  digest: string;
}

/** A request's tally, and whether it waits for the reader. */
export interface Standing {
  tally: Tally;
  waitsForMe: boolean;
}

/**
 * Who may decide what, by the catalog as it is at this moment. Nobody decides on their own request, and nobody merges
 * what they asked for or approved.
 */
export class Decisions {
  constructor(private readonly parts: ServiceParts) {}

  /** Why a person may not decide a request at all, or `undefined` when they may. */
  mayDecide(
    request: Pick<StoredRequest, 'requestedBy'>,
    person: Person,
    tally: Tally,
  ): Error | undefined {
    if (person.ref === request.requestedBy) {
      return domainError(
        'self-approval',
        'Nobody decides on their own request.',
      );
    }
    if (asksFor(request.requestedBy, person)) {
      return domainError(
        'self-approval',
        'A service asked this for your team, so nobody of it decides.',
      );
    }
    // Whoever may is said beside this, by title; here only that there is somebody.
    const somebody = tally.needs.some(({ who }) => who.owners.length > 0);
    return isDecider(tally, person.ref)
      ? undefined
      : domainError(
          'not-api-owner',
          tally.needs.every(({ need }) => need.kind === 'api-owner')
            ? `Only owners of the API decide${
                somebody ? '' : ', and it has none'
              }.`
            : `Only those whose approval it needs decide${
                somebody ? '' : ', and there is nobody'
              }.`,
        );
  }

  /** Why a person may not approve a request, or `undefined` when they may. */
  mayApprove(
    request: StoredRequest,
    person: Person,
    tally: Tally,
  ): Error | undefined {
    const refusal = this.mayDecide(request, person, tally);
    if (refusal || canApprove(tally, person.ref)) {
      return refusal;
    }
    return domainError(
      'not-needed',
      tally.counted.includes(person.ref)
        ? 'You have approved this already. It waits for somebody else.'
        : 'What you could approve is approved already. It waits for somebody else.',
    );
  }

  /** Why nobody can be asked to change a request, or `undefined` where its requester can. */
  mayAskChange({ requestedBy, draft }: StoredRequest): Error | undefined {
    if (parseServiceRef(requestedBy)) {
      return domainError(
        'wrong-state',
        'A service asked this, which reads no notes. Reject it, and say why.',
      );
    }
    return requestedBy === CALLGATE_ACTOR || draft.confirm
      ? domainError(
          'wrong-state',
          'There is nothing to change in this request: it asks about what is there already.',
        )
      : undefined;
  }

  /** Why a person may not change a request and send it again, or `undefined` when they may. */
  mayRevise(request: StoredRequest, person: Person): Error | undefined {
    const { requestedBy, damaged } = request;
    if (person.ref !== requestedBy) {
      return domainError(
        'not-requester',
        'Only who asked can change this request.',
      );
    }
    return damaged
      ? domainError('cannot-be-enforced', DAMAGED_REQUEST)
      : this.mayAskChange(request);
  }

  /** How far a request's needs are met, by who belongs to whom now. */
  async tally(
    request: StoredRequest,
    meant: Meant = { needs: request.needs, digest: request.shown.digest },
  ): Promise<Tally> {
    const ownership = this.parts.ownership.within();
    const [approvals, staffed] = await Promise.all([
      this.parts.requests.approvals([request.id]),
      this.staff(meant.needs, request.requestedBy, ownership),
    ]);
    return request.state === 'submitted' || this.#isOpenAfterwards(request)
      ? tallyOf(staffed, approvals, meant.digest)
      : settledTally(staffed, approvals, meant.digest);
  }

  /** Who can meet some needs, apart from the requester. */
  async staff(
    needs: readonly Need[],
    requester: string,
    ownership: Ownership = this.parts.ownership.within(),
  ): Promise<StaffedNeed[]> {
    return new Staffing(ownership, this.parts).staff(needs, requester);
  }

  /** How each of some requests stands. The catalog and the database are asked a few times, however many there are. */
  async standings(
    requests: readonly StoredRequest[],
    person: Person,
  ): Promise<Standing[]> {
    const ownership = this.parts.ownership.within();
    const approvals = new Map<string, StoredApproval[]>();
    const submitted = requests.filter(
      each => each.state === 'submitted' || this.#isOpenAfterwards(each),
    );
    for (const each of await this.parts.requests.approvals(
      submitted.map(({ id }) => id),
    )) {
      const others = approvals.get(each.requestId) ?? [];
      approvals.set(each.requestId, [...others, each]);
    }
    return Promise.all(
      requests.map(async request => {
        const { id, needs, requestedBy, shown, state } = request;
        if (state !== 'submitted' && !this.#isOpenAfterwards(request)) {
          return {
            tally: tallyOf([], [], ''),
            waitsForMe: waitsForRequester(request, person),
          };
        }
        const tally = tallyOf(
          await this.staff(needs, requestedBy, ownership),
          approvals.get(id) ?? [],
          shown.digest,
        );
        return {
          tally,
          waitsForMe: !this.mayApprove(request, person, tally),
        };
      }),
    );
  }

  /** Ids of the requests that wait for a person. */
  async waitingIds(person: Person): Promise<string[]> {
    const { requests } = this.parts;
    const [submitted, afterwards, returned] = await Promise.all([
      requests.listRequests(
        { states: ['submitted'], notRequestedBy: person.ref },
        { limit: WAITING_LIMIT },
      ),
      requests.listRequests(
        {
          states: GLASS_STATES,
          afterwards: ['undecided'],
          notRequestedBy: person.ref,
        },
        { limit: WAITING_LIMIT },
      ),
      requests.listRequests(
        { states: ['returned'], requestedBy: person.ref },
        { limit: WAITING_LIMIT },
      ),
    ]);
    const items = [...submitted.items, ...afterwards.items];
    const standings = await this.standings(items, person);
    return [
      ...items.filter((_, index) => standings[index].waitsForMe),
      ...returned.items,
    ].map(({ id }) => id);
  }

  /** Why a person may not withdraw a request, or `undefined` when they may. */
  async mayWithdraw(
    request: StoredRequest,
    person: Person,
  ): Promise<Error | undefined> {
    if (person.ref === request.requestedBy) return undefined;
    const { ownership, securityTeam } = this.parts;
    const { callerRef, apiRef, draft } = request;
    const { glass } = draft.change ?? {};
    const opened =
      glass && (await this.parts.requests.getRequest(glass.request));
    if (opened?.requestedBy === person.ref) {
      return domainError(
        'self-approval',
        'You asked for what this ends; somebody else decides whether it stays.',
      );
    }
    // What one side asks of a grant that is there, the other side cannot stop.
    switch (draft.change?.side) {
      case 'security':
        return securityTeam && person.claims.has(securityTeam)
          ? undefined
          : domainError(
              'not-requester',
              'Only who asked, or the security team, can withdraw this request.',
            );
      case 'api':
        return (await ownership.owns(person, apiRef))
          ? undefined
          : domainError(
              'not-requester',
              'Only who asked, or an owner of the API, can withdraw this request.',
            );
      default:
        return (await ownership.owns(person, callerRef))
          ? undefined
          : domainError(
              'not-requester',
              'Only who asked, or an owner of the caller, can withdraw a request.',
            );
    }
  }

  #isOpenAfterwards(request: StoredRequest): boolean {
    return isDecidedAfterwards(request, this.parts.now());
  }

  /** Why a person may not review or merge a proposal, or `undefined` when they may. */
  async mayMerge(
    proposal: ProposalRecord,
    person: Person,
    commentOnly: boolean,
  ): Promise<Error | undefined> {
    const { desk, platformTeam } = this.parts;
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
    if (proposal.imported?.by === person.ref && !commentOnly) {
      return domainError(
        'involved-in-request',
        proposal.imported.removes
          ? 'You had this pull request prepared; somebody else reviews and merges it.'
          : 'You had this import prepared; somebody else reviews and merges it.',
      );
    }
    const involved = await this.#involvedIn([proposal.id], person);
    return involved.has(proposal.id) && !commentOnly
      ? domainError(
          'involved-in-request',
          'You asked for or approved access in this pull request; somebody else reviews and merges it.',
        )
      : undefined;
  }

  /** Ids of the open proposals that wait for a person, whether they merge in the portal or on a forge. */
  async waitingProposals(person: Person): Promise<string[]> {
    const { platformTeam, proposals } = this.parts;
    if (!platformTeam || !person.claims.has(platformTeam)) return [];
    const { items } = await proposals.listProposals(
      { states: ['open'] },
      { limit: WAITING_LIMIT },
    );
    const ids = items
      .filter(({ imported }) => imported?.by !== person.ref)
      .map(({ id }) => id);
    const involved = await this.#involvedIn(ids, person);
    return ids.filter(id => !involved.has(id));
  }

  /** Those of some proposals that carry what a person asked for, decided or approved. */
  async #involvedIn(
    proposals: readonly string[],
    person: Person,
  ): Promise<Set<string>> {
    const { requests } = this.parts;
    const carried = await requests.requestsOfProposals(proposals);
    const approvals = await requests.approvals(carried.map(({ id }) => id));
    const approved = new Set(
      approvals
        .filter(({ by }) => by === person.ref)
        .map(({ requestId }) => requestId),
    );
    return new Set(
      carried
        .filter(
          ({ id, requestedBy, decidedBy }) =>
            approved.has(id) ||
            asksFor(requestedBy, person) ||
            [requestedBy, decidedBy].includes(person.ref),
        )
        .flatMap(({ proposalId }) => proposalId ?? []),
    );
  }
}

/** Whether a service asked for a group of somebody's, who may have had it ask. */
function asksFor(requester: string, { claims }: Person): boolean {
  const service = parseServiceRef(requester);
  return service !== undefined && claims.has(service.group);
}

/** A request that was given back is its requester's to change. */
export function waitsForRequester(
  { state, requestedBy }: StoredRequest,
  person: Person,
): boolean {
  return state === 'returned' && requestedBy === person.ref;
}
