import { Workload } from '../estate/types';
import { asBlock } from '../net/cidr';
import { AddressEnd } from './types';

/** What calls in one pair: a workload, or whoever is at certain addresses. */
export type CallerParty = Workload | AddressEnd;

/** True for callers that are known by their addresses only. */
export function isAddresses(party: CallerParty): party is AddressEnd {
  return 'cidrs' in party;
}

/** Addresses as an end of edges, as blocks. */
export function addressEnd(cidrs: readonly string[]): AddressEnd {
  const sorted = [...new Set(cidrs.map(asBlock))].sort();
  return { kind: 'addresses', id: `cidr:${sorted.join(',')}`, cidrs: sorted };
}

/**
 * How a caller takes part in the mesh. Proxies of Gateways are Envoys with an identity of their own: they call as sidecars do.
 */
export function meshOfCaller(
  party: CallerParty,
): 'sidecar' | 'ambient' | 'none' {
  if (isAddresses(party)) return 'none';
  return party.gateway !== undefined && party.mesh === 'none'
    ? 'sidecar'
    : party.mesh;
}
