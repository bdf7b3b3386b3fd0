import { Workload } from '../estate/types';
import { asBlock } from '../net/cidr';

/** The blocks of a host's addresses, sorted; none where its entry gives names only. */
export function hostBlocks({ addresses = [] }: Workload): string[] {
  return [...new Set(addresses.map(asBlock))].sort();
}
