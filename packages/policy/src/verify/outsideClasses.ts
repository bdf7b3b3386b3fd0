import { POLICY_KINDS } from '../compile/generatedObjects';
import type { Cluster } from '../estate/types';
import { hostAddresses } from '../estate/hostAddresses';
import { AddressSet } from '../net/AddressSet';
import { parseCidr } from '../net/cidr';

/** Addresses outside the estate that all policies treat alike. */
export interface OutsideClass {
  /** Minimal, sorted, disjoint. */
  cidrs: readonly string[];
  /** One of them, to ask with. */
  example: string;
}

/**
 * Splits what is outside the estate's own ranges along every block of addresses
 * that a policy names, wherever in it: a text that is a CIDR counts, so that no
 * field is forgotten.
 */
export function outsideClasses(cluster: Cluster): OutsideClass[] {
  const { podCidrs, nodeCidrs, serviceCidrs } = cluster.profile.network;
  const inside = AddressSet.ofCidrs([
    ...podCidrs,
    ...nodeCidrs,
    ...serviceCidrs,
    ...hostAddresses(cluster),
  ]);
  let classes = [AddressSet.everything.subtract(inside)];
  for (const cidr of cidrsOfPolicies(cluster)) {
    const block = AddressSet.ofCidrs([cidr]);
    classes = classes
      .flatMap(each => [each.intersect(block), each.subtract(block)])
      .filter(each => !each.isEmpty);
  }
  return classes
    .map(each => each.toCidrs())
    .map(cidrs => ({ cidrs, example: cidrs[0] }));
}

/** Of objects, which are immutable: most are the same from one state to the next. */
const found = new WeakMap<object, readonly string[]>();

function cidrsOf(object: object): readonly string[] {
  let cidrs = found.get(object);
  if (!cidrs) {
    const texts: string[] = [];
    const visit = (value: unknown): void => {
      if (typeof value === 'string') {
        if (parseCidr(value)) texts.push(value);
      } else if (typeof value === 'object' && value !== null) {
        Object.values(value).forEach(visit);
      }
    };
    visit(object);
    cidrs = texts;
    found.set(object, cidrs);
  }
  return cidrs;
}

function cidrsOfPolicies(cluster: Cluster): string[] {
  const all = new Set<string>();
  for (const { object } of cluster.objects) {
    if (POLICY_KINDS.has(object.kind))
      cidrsOf(object).forEach(cidr => all.add(cidr));
  }
  return [...all].sort();
}
