import { Cluster } from './types';

const known = new WeakMap<Cluster['workloads'], readonly string[]>();

/** Addresses of the hosts that are workloads of the cluster: they are no longer outside of the estate. */
export function hostAddresses({ workloads }: Cluster): readonly string[] {
  let found = known.get(workloads);
  if (!found) {
    found = workloads.flatMap(({ addresses }) => addresses ?? []);
    known.set(workloads, found);
  }
  return found;
}
