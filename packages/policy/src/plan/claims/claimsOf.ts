import { Bindings, ClaimsInput } from './Bindings';
import { Claim, OutsideClaim } from './types';

/**
 * Who claims which workload, and whether that holds: every binding of the catalog, sorted by cluster, workload and entity.
 *
 * @public
 */
export function claimsOf(input: ClaimsInput): Claim[] {
  return Bindings.of(input).all();
}

/**
 * The same for addresses, identities and names of hosts outside the clusters, sorted by entity.
 *
 * @public
 */
export function outsideClaimsOf(input: ClaimsInput): OutsideClaim[] {
  return Bindings.of(input).allOutside();
}
