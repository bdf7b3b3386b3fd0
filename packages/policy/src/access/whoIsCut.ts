import { parseCidr } from '../net/cidr';
import type { CutCaller, CutReason, Meaning } from '../meaning/types';

/**
 * Somebody who loses access where an API becomes closed: counted once, whatever it runs as and however many layers close.
 *
 * @public
 */
export interface CutOff {
  class: 'entity' | 'workload' | 'addresses';
  /** Entity reference, `workload:cluster/namespace/Kind/name`, or `addresses` for all that are outside. */
  ref: string;
  /** Every entity that is bound to the workloads, sorted. */
  entities: readonly string[];
  /** Workloads and blocks of addresses, sorted. */
  workloads: readonly string[];
  reasons: readonly CutReason[];
  /** A call that is allowed before and refused after, for people. */
  example: string;
}

/**
 * Whom a change cuts from an API, cluster by cluster: those first of whom the catalog says that they use it. Whoever is
 * granted access to it is not among them, although it may lose what it could do beside its grant, and neither is what
 * provides it, nor the mesh's own proxies, which carry calls of others.
 *
 * @public
 */
export function whoIsCut(
  meaning: Pick<Meaning, 'flips' | 'gained' | 'restored'>,
): { cluster: string; callers: CutOff[] }[] {
  const clusters = new Set(meaning.flips.map(({ cluster }) => cluster));
  return [...clusters].sort().map(cluster => ({
    cluster,
    callers: cutIn(cluster, meaning),
  }));
}

function cutIn(
  cluster: string,
  {
    flips,
    gained,
    // Meanings that were stored before have no such list.
    restored = [],
  }: Pick<Meaning, 'flips' | 'gained'> & Partial<Pick<Meaning, 'restored'>>,
): CutOff[] {
  const closed = flips.filter(
    each => each.cluster === cluster && each.direction === 'ingress',
  );
  const granted = [...gained, ...restored];
  const ends = granted
    .flatMap(({ clusters }) => clusters)
    .filter(each => each.cluster === cluster)
    .flatMap(({ from, to }) => [...from, ...to]);
  const own = new Set([
    ...closed.map(({ workload }) => workload),
    ...ends,
    ...granted.map(({ caller }) => caller),
  ]);
  const found = new Map<string, CutOff>();
  for (const caller of closed.flatMap(({ cut }) => cut)) {
    const names = [caller.workload, ...caller.entities];
    if (caller.carrier) continue;
    if (names.some(name => own.has(name))) continue;
    const one = cutOff(cluster, caller);
    const known = found.get(one.ref);
    found.set(one.ref, known ? joined(known, one) : one);
  }
  const consumes = ({ reasons }: CutOff) => reasons.includes('consumes-api');
  return [...found.values()].sort(
    (a, b) =>
      Number(consumes(b)) - Number(consumes(a)) || (a.ref < b.ref ? -1 : 1),
  );
}

/**
 * Whose what is cut is: an entity's, nobody's that runs in the cluster, or of addresses outside.
 *
 * @public
 */
export function classOfCut({
  workload,
  outside,
  entities,
}: Pick<CutCaller, 'workload' | 'outside' | 'entities'>): CutOff['class'] {
  if (entities.length > 0) return 'entity';
  return outside ?? areAddresses(workload) ? 'addresses' : 'workload';
}

function cutOff(cluster: string, caller: CutCaller): CutOff {
  const { workload, entities, reasons, example } = caller;
  const facts = { workloads: [workload], reasons, example };
  const named = [...entities].sort();
  switch (classOfCut(caller)) {
    case 'entity':
      return { class: 'entity', ref: named[0], entities: named, ...facts };
    case 'addresses':
      return {
        class: 'addresses',
        ref: 'addresses',
        entities: named,
        ...facts,
      };
    default:
      return {
        class: 'workload',
        ref: `workload:${cluster}/${workload}`,
        entities: named,
        ...facts,
      };
  }
}

/** Of a meaning that was stored before it said. */
function areAddresses(text: string): boolean {
  return text.split(' ').every(block => parseCidr(block) !== undefined);
}

function joined(one: CutOff, other: CutOff): CutOff {
  const both = <T>(a: readonly T[], b: readonly T[]) =>
    [...new Set([...a, ...b])].sort();
  return {
    ...one,
    entities: both(one.entities, other.entities),
    workloads: both(one.workloads, other.workloads),
    reasons: [...new Set([...one.reasons, ...other.reasons])],
  };
}
