import type { FindingCode } from '../findings';
import { workloadOf } from '../plan/workloadIndex';
import type { AccessBook } from './AccessBook';
import type { ApiSide } from './ApiSide';
import type { AccessCaller, AccessPlace } from './types';

/**
 * The error that any grant to a caller would have, whatever operations and clusters it names: of its workloads or of those of
 * the API no policy can select one, or nothing holds what it sends. `undefined` where one may be possible.
 */
export function cannotBeGranted(
  { book, providers }: ApiSide,
  { class: kind }: AccessCaller,
  places: readonly AccessPlace[],
): FindingCode | undefined {
  if (kind !== 'entity' || places.length === 0) return undefined;
  const codes = new Set(
    places.map(({ cluster, from, to, layers }) => {
      if (isOnHost(book, cluster, from)) return 'host-network-caller';
      const isInside = providers.some(
        each => each.cluster.name === cluster && each.workload.id === to,
      );
      if (isInside)
        return isOnHost(book, cluster, to)
          ? 'host-network-provider'
          : undefined;
      return layers.kernel === 'open' ? 'egress-open' : undefined;
    }),
  );
  // Where it is another thing at each place, somewhere else is a way out as well.
  return codes.size === 1 ? [...codes][0] : undefined;
}

function isOnHost(book: AccessBook, cluster: string, id: string): boolean {
  const found = book.cluster(cluster);
  return (found && workloadOf(found, id)?.hostNetwork) === true;
}
