import type {
  AuthService,
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  RELATION_HAS_MEMBER,
  RELATION_OWNED_BY,
  RELATION_PARENT_OF,
  type Entity,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** A signed-in person, with everything they own things as. */
export interface Person {
  ref: string;
  /** The person and their groups. */
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
 * Ownership by the catalog, asked anew for every decision: the owner of an entity is what its `ownedBy` relations name,
 * with their members. No relation means nobody.
 */
export class Ownership {
  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
    userInfo: UserInfoService;
    /** `callgate.approval.fallback` */
    fallback?: string;
  }): Ownership {
    return new Ownership(
      options.catalog,
      options.auth,
      options.userInfo,
      options.fallback,
    );
  }

  private constructor(
    private readonly catalog: CatalogService,
    private readonly auth: AuthService,
    private readonly userInfo: UserInfoService,
    readonly fallback: string | undefined,
  ) {}

  async person(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<Person> {
    const { userEntityRef, ownershipEntityRefs } =
      await this.userInfo.getUserInfo(credentials);
    return {
      ref: userEntityRef,
      claims: new Set([userEntityRef, ...ownershipEntityRefs]),
    };
  }

  /** Owners of an entity; empty when it has none or does not exist. */
  async ownersOf(entityRef: string): Promise<string[]> {
    const [entity] = await this.#read([entityRef]);
    return targets(entity, RELATION_OWNED_BY);
  }

  async owns(person: Person, entityRef: string): Promise<boolean> {
    return (await this.ownersOf(entityRef)).some(owner =>
      person.claims.has(owner),
    );
  }

  /** Refs of those of the entities that the person owns. */
  async owned(
    person: Person,
    entityRefs: readonly string[],
  ): Promise<string[]> {
    const entities = await this.#read([...entityRefs]);
    return entityRefs.filter((_, index) =>
      targets(entities[index], RELATION_OWNED_BY).some(owner =>
        person.claims.has(owner),
      ),
    );
  }

  /** Who can decide about an API, leaving out the person who asks: nobody decides on their own request. */
  async deciders(apiRef: string, requester: string): Promise<DecidersOf> {
    const owners = await this.ownersOf(apiRef);
    const people = (await this.peopleOf(owners)).filter(
      ref => ref !== requester,
    );
    if (people.length > 0 || !this.fallback) {
      return { owners, people, fallback: false };
    }
    return {
      owners: [this.fallback],
      people: (await this.peopleOf([this.fallback])).filter(
        ref => ref !== requester,
      ),
      fallback: true,
    };
  }

  /** Users among the refs, and all members of groups among them and of the groups below those. */
  async peopleOf(refs: readonly string[]): Promise<string[]> {
    const people = new Set<string>();
    const seen = new Set<string>();
    let groups: string[] = [];
    const add = (ref: string) => {
      if (ref.startsWith('user:')) {
        people.add(ref);
      } else if (
        ref.startsWith('group:') &&
        !seen.has(ref) &&
        seen.size < MAX_GROUPS
      ) {
        seen.add(ref);
        groups.push(ref);
      }
    };
    refs.forEach(add);
    while (groups.length > 0) {
      const entities = await this.#read(groups);
      groups = [];
      for (const entity of entities) {
        targets(entity, RELATION_HAS_MEMBER).forEach(add);
        targets(entity, RELATION_PARENT_OF).forEach(add);
      }
    }
    return [...people].sort();
  }

  async #read(entityRefs: string[]): Promise<(Entity | undefined)[]> {
    if (entityRefs.length === 0) {
      return [];
    }
    const { items } = await this.catalog.getEntitiesByRefs(
      {
        entityRefs,
        fields: ['kind', 'metadata.name', 'metadata.namespace', 'relations'],
      },
      { credentials: await this.auth.getOwnServiceCredentials() },
    );
    return items;
  }
}

function targets(entity: Entity | undefined, type: string): string[] {
  return (entity?.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef);
}
