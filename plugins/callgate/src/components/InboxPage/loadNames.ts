import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { CatalogApi } from '@backstage/plugin-catalog-react';

/** An entity to pick. */
export interface NamedRef {
  value: string;
  text: string;
}

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
];

/** Systems and APIs that the reader may see, by name. */
export async function loadNames(
  catalog: CatalogApi,
): Promise<{ systems: NamedRef[]; apis: NamedRef[] }> {
  const { items } = await catalog.getEntities({
    filter: { kind: ['system', 'api'] },
    fields: FIELDS,
  });
  const of = (kind: string) =>
    items
      .filter(entity => entity.kind.toLocaleLowerCase('en-US') === kind)
      .map(toNamed)
      .sort((a, b) => a.text.localeCompare(b.text));
  return { systems: of('system'), apis: of('api') };
}

function toNamed(entity: Entity): NamedRef {
  const { name, title } = entity.metadata;
  return { value: stringifyEntityRef(entity), text: title ?? name };
}
