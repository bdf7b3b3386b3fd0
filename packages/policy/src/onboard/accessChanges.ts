import type { Cluster, Protocol } from '../estate/types';
import { portsBehindServices } from '../plan/workloadPorts';
import type { Access, DiffResult, Endpoint } from '../reach/types';
import type { AccessChange } from './types';

/** What a comparison found, by what it means for keeping the meaning. */
export interface ComparedAccess {
  /** Somebody may call more or less than before, or one layer alone lets more through. */
  changes: AccessChange[];
  /** One layer refuses what another one refuses already: nobody can call more or less. */
  refusedTwice: AccessChange[];
}

/**
 * Sorts what `diff` found. A layer that lets more through than before is a change, although another one still refuses it: the
 * loss of one of two defences. A layer that refuses more is none.
 */
export function accessChanges(
  found: Pick<DiffResult, 'gained' | 'lost' | 'changed' | 'layers'>,
  clusters: readonly Cluster[],
): ComparedAccess {
  const { gained, lost, changed, layers } = found;
  const parts = [...changed, ...layers].flatMap(
    ({ gained: more, lost: less, ...rest }) => [
      { change: 'gained' as const, access: more, ...rest },
      { change: 'lost' as const, access: less, ...rest },
    ],
  );
  const all: AccessChange[] = [
    ...gained.map(edge => ({ change: 'gained' as const, ...edge })),
    ...lost.map(edge => ({ change: 'lost' as const, ...edge })),
    ...parts.filter(({ access }) => access.length > 0),
  ].map(each => aboutPorts(each, clusters));
  const isTwice = ({ change, layer }: AccessChange) =>
    layer !== undefined && change === 'lost';
  return {
    changes: all.filter(each => !isTwice(each)),
    refusedTwice: all.filter(isTwice),
  };
}

/**
 * Says whether a change is about ports that something declares. Then its call is on one of them: of calls that are all decided
 * alike it says more than the one on the first port.
 */
function aboutPorts(
  change: AccessChange,
  clusters: readonly Cluster[],
): AccessChange {
  const declared = declaredPorts(change.to, clusters);
  const parts = change.access.flatMap(({ protocol, ports, http }) =>
    declared
      .filter(each => each.protocol === protocol && hasPort(ports, each.port))
      .map(({ port }) => ({ protocol, port, isWhole: !http })),
  );
  if (parts.length === 0)
    return declared.length > 0 ? { ...change, undeclaredPorts: true } : change;
  const { witness } = change;
  const whole = parts.find(({ isWhole }) => isWhole);
  return !whole || witness.http
    ? change
    : {
        ...change,
        witness: { ...witness, protocol: whole.protocol, port: whole.port },
      };
}

/** Ports of the pods that manifests name, ascending. */
function declaredPorts(
  end: Endpoint,
  clusters: readonly Cluster[],
): { protocol: Protocol; port: number }[] {
  const found = workloadAt(end, clusters);
  const cluster = clusters.find(({ name }) => name === found?.cluster);
  const workload = cluster?.workloads.find(({ id }) => id === found?.id);
  if (!cluster || !workload) return [];
  return [
    ...portsBehindServices(cluster, workload),
    ...workload.containerPorts,
  ].sort((a, b) => a.port - b.port);
}

/** Whether ranges such as `80,8000-8080` have a port. */
function hasPort(ranges: Access['ports'], port: number): boolean {
  return ranges.split(',').some(range => {
    const [from, to = from] = range.split('-').map(Number);
    return from <= port && port <= to;
  });
}

/** The cluster and the id of a workload that is an end; `undefined` for addresses. */
export function workloadAt(
  end: Endpoint,
  clusters: readonly { name: string }[],
): { cluster: string; id: string } | undefined {
  if (typeof end !== 'string') return undefined;
  if (clusters.length === 1) return { cluster: clusters[0].name, id: end };
  const colon = end.indexOf(':');
  return { cluster: end.slice(0, colon), id: end.slice(colon + 1) };
}
