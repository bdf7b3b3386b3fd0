import { ConflictError, NotFoundError } from '@backstage/errors';
import { outsideClaimsOf } from '@callgate/policy';
import type {
  ClaimList,
  MergeBody,
  SettleBody,
  WorkloadClaim,
} from '@callgate/plugin-callgate-common';
import {
  claimedWorkload,
  claimedWorkloads,
  claimsInput,
  type ClaimedWorkload,
} from '../claims/claimedWorkloads';
import type { ClaimTarget } from '../claims/ClaimTarget';
import type { Person } from '../ownership';
import type { Snapshot } from '../proposals/types';
import type { CallerOptions } from './AccessService';
import type { AccessViews } from './AccessViews';
import { domainError } from './domainError';
import type { ServiceParts } from './ServiceParts';
import { AccessFacts } from './views/AccessFacts';
import { toOutsideClaims, toWorkloadClaim } from './views/claims';
import { toSource } from './views/source';

/** Of more contested workloads than this the forge is not asked for their pull requests. */
const MOST_ASKED = 20;

/**
 * Whose workloads are: what the platform team sees of it, and settles. It may not settle what its deciding member owns: by the
 * catalog as it is at this moment, nobody decides for themselves.
 */
export class ClaimDesk {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
  ) {}

  /** How many workloads are contested; for members of the platform team only. */
  async count(options: CallerOptions): Promise<number | undefined> {
    const person = await this.parts.ownership.person(options.credentials);
    if (!this.#isMember(person)) return undefined;
    const { snapshot } = await this.access.facts();
    const { contested } = await this.#seen(snapshot, options);
    return contested.length;
  }

  /** @throws NotFoundError for whoever is no member of the platform team */
  async list(options: CallerOptions): Promise<ClaimList> {
    const { ownership, labels, settlements } = this.parts;
    const person = await ownership.person(options.credentials);
    if (!this.#isMember(person))
      throw new NotFoundError('There is nothing here');
    const facts = await this.access.facts();
    const { snapshot } = facts;
    const discretion = await this.access.discretion(facts, options.credentials);
    const { contested, refused, outside, unseen } = await this.#seen(
      snapshot,
      options,
    );
    const shown = [...contested, ...refused];
    const asked = shown.filter(({ canSettle }) => canSettle);
    const prepared = new Map(
      await Promise.all(
        asked
          .slice(0, MOST_ASKED)
          .map(
            async each =>
              [each, await settlements.read(snapshot, each)] as const,
          ),
      ),
    );
    const refusals = await this.#refusals(shown, person);
    return labels.label(options.credentials, labelOf => {
      const view = (claimed: ClaimedWorkload) => {
        const settlement = prepared.get(claimed);
        return toWorkloadClaim(claimed, facts, {
          labelOf,
          discretion,
          capabilities: this.#capabilities(
            refusals.get(claimed),
            person,
            settlement?.owner,
          ),
          ...(settlement && { settlement }),
        });
      };
      return {
        contested: contested.map(view),
        refused: refused.map(view),
        outside: toOutsideClaims(outside, labelOf),
        unseen,
        source: toSource(snapshot, discretion),
      };
    });
  }

  async settle(
    target: ClaimTarget,
    { owner }: SettleBody,
    options: CallerOptions,
  ): Promise<WorkloadClaim> {
    const person = await this.#decider(options);
    await this.#requireSeen(target, options);
    const snapshot = await this.parts.settlements
      .prepare(target, owner, this.#mayGive(target, person))
      .catch(error => this.#toldTo(error, options));
    return this.#one(snapshot, target, person, options);
  }

  async merge(
    target: ClaimTarget,
    { head }: MergeBody,
    options: CallerOptions,
  ): Promise<WorkloadClaim> {
    const { settlements, notifier } = this.parts;
    const person = await this.#decider(options);
    await this.#requireSeen(target, options);
    if (!settlements.reviewsInPortal) {
      throw domainError(
        'not-platform-team',
        'Review and merge this pull request on its forge.',
      );
    }
    const snapshot = await settlements.merge(
      target,
      { by: person.ref, head },
      this.#mayGive(target, person),
    );
    await notifier.changed({
      subject: 'access',
      id: snapshot.source.commit ?? '',
    });
    this.parts.desk.wake();
    return this.#one(snapshot, target, person, options);
  }

  async #one(
    snapshot: Snapshot,
    target: ClaimTarget,
    person: Person,
    { credentials }: CallerOptions,
  ): Promise<WorkloadClaim> {
    const claimed = claimedWorkload(snapshot, target);
    if (!claimed) throw new NotFoundError('There is no such claim');
    const facts = AccessFacts.of(snapshot);
    const discretion = await this.access.discretion(facts, credentials);
    const settlement = await this.parts.settlements.read(snapshot, target);
    const refusals = await this.#refusals([claimed], person);
    const capabilities = this.#capabilities(
      refusals.get(claimed),
      person,
      settlement?.owner,
    );
    return this.parts.labels.label(credentials, labelOf =>
      toWorkloadClaim(claimed, facts, {
        labelOf,
        discretion,
        capabilities,
        ...(settlement && { settlement }),
      }),
    );
  }

  #isMember({ claims }: Person): boolean {
    const { platformTeam } = this.parts;
    return platformTeam !== undefined && claims.has(platformTeam);
  }

  /** @throws NotAllowedError, before anything is said of what there is */
  async #decider({ credentials }: CallerOptions): Promise<Person> {
    const person = await this.parts.ownership.person(credentials);
    if (this.#isMember(person)) return person;
    throw domainError(
      'not-platform-team',
      'Only the platform team settles whose a workload is.',
    );
  }

  /** A workload that somebody claims whom the reader may not see is not there for them. */
  async #requireSeen(
    target: ClaimTarget,
    options: CallerOptions,
  ): Promise<void> {
    const { snapshot } = await this.access.facts();
    const claimed = claimedWorkload(snapshot, target);
    if (claimed && (await this.#hides([claimed], options)).size === 0) return;
    throw new NotFoundError('There is no such claim');
  }

  async #hides<T extends { claims: readonly { entity: string }[] }>(
    workloads: readonly T[],
    { credentials }: CallerOptions,
  ): Promise<Set<T>> {
    const refs = [
      ...new Set(
        workloads.flatMap(({ claims }) => claims.map(({ entity }) => entity)),
      ),
    ];
    const hidden = new Set(await this.access.hiddenOf(refs, credentials));
    return new Set(
      workloads.filter(({ claims }) =>
        claims.some(({ entity }) => hidden.has(entity)),
      ),
    );
  }

  async #seen(snapshot: Snapshot, options: CallerOptions) {
    const all = claimedWorkloads(snapshot).filter(
      ({ state }) => state !== 'settled',
    );
    const outsideAll = outsideClaimsOf(claimsInput(snapshot))
      .filter(({ state }) => state !== 'holds')
      .map(claim => ({ claim, claims: claim.claimants }));
    const [hidden, hiddenOutside] = await Promise.all([
      this.#hides(all, options),
      this.#hides(outsideAll, options),
    ]);
    const of = (state: ClaimedWorkload['state']) =>
      all.filter(each => each.state === state && !hidden.has(each));
    return {
      contested: of('contested'),
      refused: of('refused'),
      outside: outsideAll
        .filter(each => !hiddenOutside.has(each))
        .map(({ claim }) => claim),
      unseen: hidden.size + hiddenOutside.size,
    };
  }

  /** Why a person may not settle each of some workloads. */
  async #refusals(
    workloads: readonly ClaimedWorkload[],
    person: Person,
  ): Promise<Map<ClaimedWorkload, Error>> {
    const refs = [
      ...new Set(
        workloads.flatMap(({ claims }) => claims.map(({ entity }) => entity)),
      ),
    ];
    const owned = new Set(await this.parts.ownership.owned(person, refs));
    const refusals = new Map<ClaimedWorkload, Error>();
    for (const each of workloads) {
      const isOwn = each.claims.some(
        ({ entity, owners }) =>
          owned.has(entity) || owners.some(owner => person.claims.has(owner)),
      );
      if (!each.canSettle)
        refusals.set(
          each,
          domainError(
            'wrong-state',
            'Somebody states whose it is, so the claim is refused. Where that is wrong, whoever stated it has to change it.',
          ),
        );
      else if (isOwn)
        refusals.set(
          each,
          domainError(
            'involved-in-claim',
            'You own something that claims it, and nobody decides for themselves. Somebody else of the platform team settles it; where all of you do, write the line by hand and have it reviewed.',
          ),
        );
    }
    return refusals;
  }

  #capabilities(
    refusal: Error | undefined,
    person: Person,
    owner: string | undefined,
  ) {
    const { settlements } = this.parts;
    const capability = (error: Error | undefined) =>
      error ? { allowed: false, reason: error.message } : { allowed: true };
    return {
      settle: capability(refusal),
      merge: capability(
        refusal ??
          (owner !== undefined ? ownsItself(person, owner) : undefined),
      ),
      forge: settlements.forgeId,
      reviewsInPortal: settlements.reviewsInPortal,
    };
  }

  /** Asked with the snapshot that is decided on. */
  #mayGive(target: ClaimTarget, person: Person) {
    return async (snapshot: Snapshot, owner: string) => {
      const claimed = claimedWorkload(snapshot, target);
      const refusal =
        claimed && (await this.#refusals([claimed], person)).get(claimed);
      const own = ownsItself(person, owner);
      if (!claimed) throw new NotFoundError('There is no such claim');
      if (refusal ?? own) throw refusal ?? own;
    };
  }

  /** Why it cannot be settled may name what is in the profile beside it. */
  async #toldTo(
    error: Error & { code?: string },
    { credentials }: CallerOptions,
  ): Promise<never> {
    const discretion = await this.access.discretion(
      await this.access.facts(),
      credentials,
    );
    throw error.code === 'cannot-be-settled' && !discretion.everythingSeen
      ? Object.assign(
          new ConflictError(
            'It cannot be settled by a line now. Ask somebody who may see every entity.',
          ),
          { code: error.code },
        )
      : error;
  }
}

function ownsItself({ claims }: Person, owner: string): Error | undefined {
  return claims.has(owner)
    ? domainError(
        'involved-in-claim',
        'You belong to the owner that is chosen, and nobody decides for themselves. Somebody else of the platform team settles it.',
      )
    : undefined;
}
