import type { AuthService } from '@backstage/backend-plugin-api';
import {
  RELATION_CHILD_OF,
  RELATION_HAS_MEMBER,
  RELATION_MEMBER_OF,
  RELATION_OWNED_BY,
  RELATION_PARENT_OF,
  type Entity,
} from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { parseServiceRef } from '@callgate/policy';
import { type CallerCredentials, Services } from '../services';
import { type CatalogReading, MemoizedCatalogReading } from './CatalogReading';

/** A signed-in person, with everything they own things as; or a service, with the one group for which it asks. */
export interface Person {
  ref: string;
  /** The person, their groups and the groups above those, as the catalog has them now. */
  claims: ReadonlySet<string>;
}

/** Who can decide about an API's access, apart from one person. */
export interface DecidersOf {
  /** Owners, or the fallback group. */
  owners: string[];
  /** User refs, sorted; without the person left out. */
  people: string[];
  /** Whether the owners are nobody else and the fallback group decides. */
  fallback: boolean;
}

/** A group in a group in a group…: deeper trees are mistakes. */
const MAX_GROUPS = 500;

/**
 * Ownership and membership by the catalog, asked anew for every act: the owner of an entity is what its `ownedBy`
 * relations name, with their members. No relation means nobody. What a sign-in says of somebody's groups counts for
 * nothing, since it is as old as the sign-in.
 */
export class Ownership {
  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
    /** `callgate.approval.fallback` */
    fallback?: string;
    /** Programs that may ask; none by default. */
    services?: Services;
  }): Ownership {
    return new Ownership(
      () => new MemoizedCatalogReading(options),
      options.fallback,
      options.services ?? Services.none,
    );
  }

  private constructor(
    private readonly open: () => CatalogReading,
    readonly fallback: string | undefined,
    private readonly services: Services,
  ) {}

  /** The same, asking the catalog once for what several questions of one act need. */
  within(): Ownership {
    const reading = this.open();
    return new Ownership(() => reading, this.fallback, this.services);
  }

  /**
   * Who somebody is by their credentials, and what they belong to by the catalog. Somebody without a User there belongs
   * to nothing.
   */
  async person({ principal }: CallerCredentials): Promise<Person> {
    if (principal.type === 'user') {
      const ref = principal.userEntityRef;
      return { ref, claims: new Set([ref, ...(await this.#groupsOf(ref))]) };
    }
    const service = this.services.of(principal);
    if (!service) {
      throw new NotAllowedError('Nobody named this program.');
    }
    return { ref: service.ref, claims: new Set([service.ref, service.group]) };
  }

  /**
   * Whoever asked, who therefore decides nothing of it: a person; or a service with everybody for whom it asks, since any of
   * them may have had it ask.
   */
  async askers(requester: string): Promise<ReadonlySet<string>> {
    const service = parseServiceRef(requester);
    return new Set([
      requester,
      ...(service ? await this.peopleOf([service.group]) : []),
    ]);
  }

  /** Owners of an entity; empty when it has none or does not exist. */
  async ownersOf(entityRef: string): Promise<string[]> {
    const [entity] = await this.open().read([entityRef]);
    return targets(entity, RELATION_OWNED_BY);
  }

  async owns(person: Person, entityRef: string): Promise<boolean> {
    return (await this.owned(person, [entityRef])).length > 0;
  }

  /** Refs of those of the entities that the person owns. */
  async owned(
    person: Person,
    entityRefs: readonly string[],
  ): Promise<string[]> {
    const entities = await this.open().read(entityRefs);
    return entityRefs.filter((_, index) =>
      targets(entities[index], RELATION_OWNED_BY).some(owner =>
        person.claims.has(owner),
      ),
    );
  }

  /** Who can decide about an API, leaving out the person who asks: nobody decides on their own request. */
  async deciders(apiRef: string, requester: string): Promise<DecidersOf> {
    const owners = await this.ownersOf(apiRef);
    const askers = await this.askers(requester);
    const people = (await this.peopleOf(owners)).filter(
      ref => !askers.has(ref),
    );
    if (people.length > 0 || !this.fallback) {
      return { owners, people, fallback: false };
    }
    return {
      owners: [this.fallback],
      people: (await this.peopleOf([this.fallback])).filter(
        ref => !askers.has(ref),
      ),
      fallback: true,
    };
  }

  /**
   * Users among the refs, and all members of groups among them and of the groups below those. A member that is no User
   * of the catalog is nobody: a group may name whom it likes.
   */
  async peopleOf(refs: readonly string[]): Promise<string[]> {
    const reading = this.open();
    const isUser = (ref: string) => ref.startsWith('user:');
    const members = new Set<string>();
    const seen = new Set<string>();
    let groups = unseenGroups(refs, seen);
    while (groups.length > 0) {
      const entities = await reading.read(groups);
      const below = entities.flatMap(entity => [
        ...targets(entity, RELATION_HAS_MEMBER),
        ...targets(entity, RELATION_PARENT_OF),
      ]);
      below.filter(isUser).forEach(ref => members.add(ref));
      groups = unseenGroups(below, seen);
    }
    const candidates = [...members];
    const users = await reading.read(candidates);
    const known = candidates.filter((_, index) => users[index]);
    return [...new Set([...refs.filter(isUser), ...known])].sort();
  }

  async #groupsOf(userRef: string): Promise<string[]> {
    const reading = this.open();
    const seen = new Set<string>();
    const [user] = await reading.read([userRef]);
    let groups = unseenGroups(targets(user, RELATION_MEMBER_OF), seen);
    while (groups.length > 0) {
      const entities = await reading.read(groups);
      groups = unseenGroups(
        entities.flatMap(entity => targets(entity, RELATION_CHILD_OF)),
        seen,
      );
    }
    return [...seen];
  }
}

/** Groups among the refs that were not met before; takes note of them. */
function unseenGroups(refs: readonly string[], seen: Set<string>): string[] {
  return refs.filter(ref => {
    if (!ref.startsWith('group:') || seen.has(ref) || seen.size >= MAX_GROUPS) {
      return false;
    }
    seen.add(ref);
    return true;
  });
}

function targets(entity: Entity | undefined, type: string): string[] {
  return (entity?.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef);
}
