import { formatEntityRef } from '../entityRef';
import { CatalogEntity } from './types';

/**
 * The full reference of an entity, in lower case.
 *
 * @public
 */
export function entityRefOf(entity: CatalogEntity): string {
  return formatEntityRef({
    kind: entity.kind,
    namespace: entity.metadata.namespace ?? 'default',
    name: entity.metadata.name,
  });
}
