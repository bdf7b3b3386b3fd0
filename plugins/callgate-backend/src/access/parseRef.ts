import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { domainError } from './domainError';

const PART = /^[a-zA-Z0-9]([a-zA-Z0-9\-_.]{0,61}[a-zA-Z0-9])?$/;

/**
 * The full, lower-case form of an entity ref that a client sent.
 *
 * @throws InputError with code `bad-reference` that names the field
 */
export function parseRef(ref: string, field: string, kinds?: string[]): string {
  let parsed;
  try {
    parsed = parseEntityRef(ref, { defaultNamespace: 'default' });
  } catch {
    throw domainError(
      'bad-reference',
      `${field} is not an entity reference such as component:default/checkout.`,
    );
  }
  const { kind, namespace, name } = parsed;
  if (![kind, namespace, name].every(part => PART.test(part))) {
    throw domainError(
      'bad-reference',
      `${field} is not an entity reference such as component:default/checkout.`,
    );
  }
  if (kinds && !kinds.includes(kind.toLowerCase())) {
    throw domainError(
      'bad-reference',
      `${field} must be of kind ${kinds.join(' or ')}.`,
    );
  }
  return stringifyEntityRef(parsed).toLocaleLowerCase('en-US');
}
