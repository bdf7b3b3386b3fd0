import type { AuthService } from '@backstage/backend-plugin-api';
import {
  type Entity,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { AuthOwnershipResolver } from '@backstage/plugin-auth-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/**
 * A person's ownership: the person, the groups of which they are a member, and
 * all parents of those groups. Backstage's own resolver stops at the groups.
 */
export class GroupOwnershipResolver implements AuthOwnershipResolver {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;

  private constructor(catalog: CatalogService, auth: AuthService) {
    this.#catalog = catalog;
    this.#auth = auth;
  }

  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
  }): GroupOwnershipResolver {
    return new GroupOwnershipResolver(options.catalog, options.auth);
  }

  async resolveOwnershipEntityRefs(entity: Entity): Promise<{
    ownershipEntityRefs: string[];
  }> {
    const owned = new Set([stringifyEntityRef(entity)]);
    const credentials = await this.#auth.getOwnServiceCredentials();

    let groupRefs = groupsRelatedBy(entity, RELATION_MEMBER_OF);
    while (groupRefs.length > 0) {
      groupRefs.forEach(ref => owned.add(ref));
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: groupRefs },
        { credentials },
      );
      const parents = items.flatMap(group =>
        group ? groupsRelatedBy(group, RELATION_CHILD_OF) : [],
      );
      // A circle of parents ends here: what is owned already is not asked again.
      groupRefs = [...new Set(parents)].filter(ref => !owned.has(ref));
    }
    return { ownershipEntityRefs: [...owned] };
  }
}

function groupsRelatedBy(entity: Entity, type: string): string[] {
  const refs = (entity.relations ?? [])
    .filter(r => r.type === type && r.targetRef.startsWith('group:'))
    .map(r => r.targetRef);
  return [...new Set(refs)];
}
