import { CatalogIndex } from '../CatalogIndex';
import { ClaimsInput } from './Bindings';
import { confirmedProviders, providersOf } from './providers';

/**
 * The components that provide an API and count: an owner of theirs owns it, or its owner has confirmed them. Sorted.
 *
 * @public
 */
export function countedProvidersOf(
  { catalog, policies }: Pick<ClaimsInput, 'catalog' | 'policies'>,
  api: string,
): string[] {
  const index = CatalogIndex.of(catalog);
  return providersOf(index, api, confirmedProviders(policies, api)).counted;
}
