import { AccessPolicy } from '../../model/types';
import { CatalogIndex } from '../CatalogIndex';
import { Owners } from './Owners';

/** Who says that it provides an API, by whether that counts. Sorted. */
export interface Providers {
  counted: string[];
  others: string[];
}

/**
 * Declarations, by the API that they are about.
 *
 * @public
 */
export type Declarations = readonly { policy: AccessPolicy }[];

/** Components that owners of an API confirmed to provide it. */
export function confirmedProviders(
  policies: Declarations,
  api: string,
): readonly string[] {
  const own = policies.find(({ policy }) => policy.spec.api === api);
  return own?.policy.spec.providers ?? [];
}

/**
 * Who provides an API: whoever writes a catalog file says that a component does. It counts where an owner of the component owns
 * the API (or is a group below or above it), or where the API's owner has confirmed it.
 */
export function providersOf(
  catalog: CatalogIndex,
  api: string,
  confirmed: readonly string[],
): Providers {
  const owners = Owners.of(catalog);
  const entity = catalog.get(api);
  const ofApi = entity ? [...catalog.ownersOf(entity)] : [];
  const counted: string[] = [];
  const others: string[] = [];
  for (const provider of catalog.providersOf(api)) {
    const counts =
      confirmed.includes(provider) ||
      owners.meet(owners.claimant(provider).owners, ofApi);
    (counts ? counted : others).push(provider);
  }
  return { counted, others };
}
