import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';

/**
 * An entity ref in full: `orders` of the kind `api` is `api:default/orders`.
 *
 * @throws InputError for a text that is none
 */
export function readRef(text: string, defaultKind: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, { defaultKind, defaultNamespace: 'default' }),
    );
  } catch {
    throw new InputError(
      `${text} is not the ref of an entity, such as ${defaultKind}:default/orders.`,
    );
  }
}
