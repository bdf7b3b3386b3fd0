import type { AuthService } from '@backstage/backend-plugin-api';
import {
  type Entity,
  parseEntityRef,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { ServiceUnavailableError } from '@backstage/errors';
import type { SignInResolver } from '@backstage/plugin-auth-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { DemoUser } from './demoAuthenticator';

/**
 * Signs a demo person in as the user of the catalog, and only when the catalog
 * has finished relating that user to its groups and those to their parents.
 *
 * @remarks
 * Ownership is frozen into the session at sign-in. A portal that has started a
 * second ago would make owners strangers for the whole session, so it answers
 * 503 until the relations say what the specs say.
 */
export function createDemoSignInResolver(options: {
  catalog: CatalogService;
  auth: AuthService;
}): SignInResolver<DemoUser> {
  const { catalog, auth } = options;

  return async ({ result: { userEntityRef } }, context) => {
    const credentials = await auth.getOwnServiceCredentials();
    const user = await catalog.getEntityByRef(userEntityRef, { credentials });
    if (!user) {
      throw stillLoading(`${userEntityRef} is not there yet`);
    }

    const groupRefs = specRefs(user, 'memberOf');
    requireRelations(user, RELATION_MEMBER_OF, groupRefs);

    const seen = new Set<string>();
    for (let refs = groupRefs; refs.length > 0; ) {
      refs.forEach(ref => seen.add(ref));
      const { items } = await catalog.getEntitiesByRefs(
        { entityRefs: refs },
        { credentials },
      );
      const parents = items.flatMap((group, index) => {
        if (!group) {
          throw stillLoading(`${refs[index]} is not there yet`);
        }
        const refsOfParents = specRefs(group, 'parent');
        requireRelations(group, RELATION_CHILD_OF, refsOfParents);
        return refsOfParents;
      });
      refs = [...new Set(parents)].filter(ref => !seen.has(ref));
    }

    return context.signInWithCatalogUser({ entityRef: userEntityRef });
  };
}

/** The groups that a user's or group's spec names in `field`, as full refs. */
function specRefs(entity: Entity, field: 'memberOf' | 'parent'): string[] {
  const value = entity.spec?.[field];
  return [value]
    .flat()
    .filter((ref): ref is string => typeof ref === 'string')
    .map(ref =>
      stringifyEntityRef(
        parseEntityRef(ref, {
          defaultKind: 'Group',
          defaultNamespace: entity.metadata.namespace,
        }),
      ),
    );
}

function requireRelations(entity: Entity, type: string, refs: string[]): void {
  const related = new Set(
    entity.relations?.filter(r => r.type === type).map(r => r.targetRef),
  );
  if (refs.some(ref => !related.has(ref))) {
    throw stillLoading(
      `${stringifyEntityRef(entity)} is not yet related to its groups`,
    );
  }
}

function stillLoading(why: string): ServiceUnavailableError {
  return new ServiceUnavailableError(
    `The catalog is still loading: ${why}. Try again in a moment.`,
  );
}
