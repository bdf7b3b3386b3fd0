import fs from 'node:fs';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Entity, EntityRelation } from '@backstage/catalog-model';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { parseAllDocuments } from 'yaml';

export const SHOP = resolvePackagePath(
  '@callgate/plugin-callgate-backend',
  '../../examples/shop',
);

const full = (ref: string, kind: string) =>
  stringifyEntityRef(
    parseEntityRef(ref, { defaultKind: kind, defaultNamespace: 'default' }),
  );

/** The demo company's catalog. */
export function readShopCatalog(): Entity[] {
  return readCatalogFolder(path.join(SHOP, 'catalog'));
}

/** Catalog files of a folder as the catalog would serve them: definitions read in, relations in both directions. */
export function readCatalogFolder(folder: string): Entity[] {
  const entities = fs
    .readdirSync(folder)
    .filter(name => name.endsWith('.yaml') && name !== 'all.yaml')
    .flatMap(name =>
      parseAllDocuments(fs.readFileSync(path.join(folder, name), 'utf8')),
    )
    .map(document => document.toJS() as Entity)
    .filter(entity => entity?.apiVersion?.startsWith('backstage.io/'));
  const relations = new Map<string, EntityRelation[]>();
  const relate = (
    source: string,
    type: string,
    inverse: string,
    target: string,
  ) => {
    relations.set(source, [
      ...(relations.get(source) ?? []),
      { type, targetRef: target },
    ]);
    relations.set(target, [
      ...(relations.get(target) ?? []),
      { type: inverse, targetRef: source },
    ]);
  };
  for (const entity of entities) {
    const { spec = {} } = entity;
    const ref = stringifyEntityRef(entity);
    const definition = spec.definition as { $text?: string } | undefined;
    if (definition?.$text) {
      spec.definition = fs.readFileSync(
        path.join(folder, definition.$text),
        'utf8',
      );
    }
    if (typeof spec.owner === 'string') {
      relate(ref, 'ownedBy', 'ownerOf', full(spec.owner, 'group'));
    }
    if (typeof spec.parent === 'string') {
      relate(ref, 'childOf', 'parentOf', full(spec.parent, 'group'));
    }
    for (const group of (spec.memberOf as string[] | undefined) ?? []) {
      relate(ref, 'memberOf', 'hasMember', full(group, 'group'));
    }
  }
  return entities.map(entity => ({
    ...entity,
    relations: relations.get(stringifyEntityRef(entity)) ?? [],
  }));
}

/** Everything that a person owns things as: themselves, their groups and the groups above those. */
export function claimsOf(entities: Entity[], userRef: string): string[] {
  const claims = new Set([userRef]);
  for (const ref of claims) {
    const entity = entities.find(each => stringifyEntityRef(each) === ref);
    for (const { type, targetRef } of entity?.relations ?? []) {
      if (type === 'memberOf' || type === 'childOf') {
        claims.add(targetRef);
      }
    }
  }
  return [...claims];
}
