import { CallOptions } from '../CallOptions';
import { Party, WorkloadParty } from '../party';
import { tunnels } from './hbone';

/** What the kernel sees of a connection: the workload's own port, or HBONE's. */
export type Carrier = 'port' | 'tunnel';

const PORT: readonly Carrier[] = ['port'];
const TUNNEL: readonly Carrier[] = ['tunnel'];
const EITHER: readonly Carrier[] = ['tunnel', 'port'];

/**
 * How TCP gets from a caller to a provider; both where nobody says it. To an
 * ambient pod mutual TLS comes by HBONE or not at all.
 */
export function carriersBetween(
  from: Party,
  to: WorkloadParty,
  options: Pick<CallOptions, 'tls'>,
): readonly Carrier[] {
  if (options.tls === 'plaintext') return PORT;
  if (options.tls === 'mtls' && to.workload.mesh === 'ambient') return TUNNEL;
  const spoken = tunnels(from, to);
  if (spoken === 'yes') return TUNNEL;
  return spoken === 'no' ? PORT : EITHER;
}
