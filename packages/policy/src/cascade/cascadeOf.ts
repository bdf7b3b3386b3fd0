import type { InForce } from '../compile/inForce';
import { fenced } from '../fence';
import { parseCallerRef } from '../model/callerRef';
import type { AccessPolicy, Grant } from '../model/types';
import { CatalogIndex } from '../plan/CatalogIndex';
import { Bindings } from '../plan/claims/Bindings';
import { goneOperations } from './goneOperations';
import { renamedCaller, toRemember } from './renamedCaller';
import type { CascadeFlag, CascadeInput, RememberedEntity } from './types';

/**
 * What has become of callers, providers, APIs and operations that grants name: each flag once, in the order of the declarations and
 * their grants. What an entity is bound to, and what nobody approved, the plan says.
 *
 * @public
 */
export function cascadeOf(input: CascadeInput): CascadeFlag[] {
  const { catalog, clusters, policies } = input;
  const index = CatalogIndex.of(catalog);
  const remembered = new Map(input.remembered.map(each => [each.ref, each]));
  const inForce = new Map<string, InForce[]>();
  for (const each of input.inForce)
    inForce.set(each.api, [...(inForce.get(each.api) ?? []), each]);
  let made: Bindings | undefined;
  const bindings = () => {
    made ??= Bindings.of({ catalog, clusters, policies });
    return made;
  };

  const ofCaller = (
    policy: AccessPolicy,
    grant: Grant,
    named: Named,
  ): CascadeFlag[] => {
    const { api } = policy.spec;
    const of = { api, grantId: grant.id, caller: named.ref };
    const before = remembered.get(named.ref);
    const entity = index.get(named.ref);
    if (!entity) {
      const renamedTo =
        before && named.kind === 'entity'
          ? renamedCaller(before, grant, {
              catalog,
              clusters,
              bindings: bindings(),
            })
          : undefined;
      const owners = before?.lastOwners ?? before?.owners ?? [];
      return [
        {
          kind: 'caller-gone',
          ...of,
          owners,
          ...(renamedTo !== undefined && { renamedTo }),
        },
      ];
    }
    const to = [...index.ownersOf(entity)].sort();
    const hasMoved =
      before &&
      before.owners.length > 0 &&
      to.length > 0 &&
      to.join() !== before.owners.join();
    return hasMoved
      ? [{ kind: 'caller-moved', ...of, from: before.owners, to }]
      : [];
  };

  const ofPolicy = (policy: AccessPolicy): CascadeFlag[] => {
    const { api, grants, owner } = policy.spec;
    const entity = index.get(api);
    // What is asked of an API that is in no catalog, its declaration says by an error of its own.
    if (!entity) return [];
    const flags: CascadeFlag[] = [];
    const isAbout = (code: string) =>
      input.compilation.findings.some(
        each => each.api === api && each.code === code,
      );
    const owners = [...index.ownersOf(entity)].sort();
    if (owners.length > 0 && !owners.includes(owner))
      flags.push({ kind: 'api-moved', api, from: owner, to: owners });
    if (isAbout('provider-missing')) flags.push({ kind: 'provider-gone', api });
    if (isDeprecated(entity.spec?.lifecycle))
      flags.push({ kind: 'api-deprecated', api });
    for (const grant of grants) {
      const named = namedBy(policy, grant);
      if (named) flags.push(...ofCaller(policy, grant, named));
      const operations = goneOperations(
        grant,
        entity,
        api,
        inForce.get(api) ?? [],
      );
      if (operations)
        flags.push({
          kind: 'operations-gone',
          api,
          grantId: grant.id,
          caller: named?.ref ?? grant.caller,
          ...operations,
        });
    }
    return flags;
  };

  // What has a form that is not known says nothing, and nobody else's page fails for it.
  return policies.flatMap(({ policy }) =>
    fenced(
      () => ofPolicy(policy),
      () => [],
    ),
  );
}

/**
 * What is to be remembered of the entities that grants name as callers and the catalog has, in the order of their references.
 *
 * @public
 */
export function toRememberOf({
  catalog,
  policies,
}: Pick<CascadeInput, 'catalog' | 'policies'>): RememberedEntity[] {
  return toRemember(
    catalog,
    policies.flatMap(({ policy }) =>
      policy.spec.grants.flatMap(grant => namedBy(policy, grant)?.ref ?? []),
    ),
  );
}

interface Named {
  ref: string;
  kind: 'entity' | 'set';
}

/** The entity that a grant names as its caller; none for gateways, addresses, and the API itself. */
function namedBy({ metadata }: AccessPolicy, grant: Grant): Named | undefined {
  const caller = parseCallerRef(grant.caller, metadata.namespace);
  return caller?.kind === 'entity' || caller?.kind === 'set'
    ? caller
    : undefined;
}

function isDeprecated(lifecycle: unknown): boolean {
  return (
    typeof lifecycle === 'string' &&
    lifecycle.trim().toLowerCase() === 'deprecated'
  );
}
