import { AddressSet } from '../net/AddressSet';
import { Party, WorkloadParty } from './party';

const BYPASS = 'ambient.istio.io/bypass-inbound-capture';

/**
 * Does plaintext from a caller reach an ambient pod beside ztunnel? The
 * kubelet's probes do, by the address that Istio's CNI gives them, and
 * everything does where the pod is annotated so (docs/semantics.md, N10, I9).
 */
export function bypassesZtunnel(
  from: Party,
  to: WorkloadParty,
): 'yes' | 'no' | 'unknown' {
  if (to.workload.annotations[BYPASS] === 'true') return 'yes';
  if (from.kind !== 'address') return 'no';
  const probes = AddressSet.ofCidrs(
    to.cluster.profile.probes.flatMap(({ cidrs }) => cidrs ?? []),
  );
  if (probes.covers(from.addresses)) return 'yes';
  return probes.overlaps(from.addresses) ? 'unknown' : 'no';
}
