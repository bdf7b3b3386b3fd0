import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogApi } from '@backstage/plugin-catalog-react';

/** An entity that can be picked as the caller. */
export interface CallerOption {
  ref: string;
  kind: string;
  name: string;
  /** The system it belongs to, for people who know their software by it. */
  system?: string;
  /** Whether the reader owns it. */
  owned: boolean;
}

/** Kinds that somebody may ask access for; sets of components only where their owner grants it. */
export const CALLER_KINDS = {
  request: ['component', 'resource'],
  grant: ['component', 'resource', 'system', 'domain', 'group'],
};

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'spec.system',
  'spec.profile.displayName',
  'relations',
];
const LIMIT = 20;

/** Everything that the reader owns and could ask for, by name. */
export async function loadOwned(
  catalog: CatalogApi,
  claims: readonly string[],
): Promise<CallerOption[]> {
  if (claims.length === 0) {
    return [];
  }
  const { items } = await catalog.getEntities({
    filter: { kind: CALLER_KINDS.request, 'relations.ownedBy': [...claims] },
    fields: FIELDS,
  });
  return items
    .map(entity => toOption(entity, claims))
    .filter(({ owned }) => owned)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Entities whose name has the text in it. */
export async function searchCallers(
  catalog: CatalogApi,
  claims: readonly string[],
  kinds: string[],
  term: string,
): Promise<CallerOption[]> {
  const { items } = await catalog.queryEntities({
    filter: { kind: kinds },
    fields: FIELDS,
    limit: LIMIT,
    orderFields: { field: 'metadata.name', order: 'asc' },
    ...(term && {
      fullTextFilter: {
        term,
        fields: ['metadata.name', 'metadata.title', 'spec.profile.displayName'],
      },
    }),
  });
  return items.map(entity => toOption(entity, claims));
}

/** One entity by its ref; one that the catalog does not have keeps its ref as its name. */
export async function readCaller(
  catalog: CatalogApi,
  claims: readonly string[],
  ref: string,
): Promise<CallerOption> {
  const entity = await catalog.getEntityByRef(ref);
  return entity ? toOption(entity, claims) : unknownCaller(ref);
}

/** A caller of which only the ref is known. */
export function unknownCaller(ref: string): CallerOption {
  return { ref, kind: ref.split(':')[0], name: ref, owned: false };
}

function toOption(entity: Entity, claims: readonly string[]): CallerOption {
  const system = entity.spec?.system;
  return {
    ref: stringifyEntityRef(entity),
    kind: entity.kind.toLocaleLowerCase('en-US'),
    name: entity.metadata.title ?? displayName(entity) ?? entity.metadata.name,
    ...(typeof system === 'string' && { system }),
    owned: (entity.relations ?? []).some(
      ({ type, targetRef }) => type === 'ownedBy' && claims.includes(targetRef),
    ),
  };
}

function displayName(entity: Entity): string | undefined {
  const profile = entity.spec?.profile;
  return profile && typeof profile === 'object' && 'displayName' in profile
    ? String(profile.displayName)
    : undefined;
}
