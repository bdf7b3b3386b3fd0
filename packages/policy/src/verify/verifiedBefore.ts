import { originOf } from '../estate/amendCluster';
import type { CompiledObject } from '../compile/types';
import type { Cluster } from '../estate/types';
import { withOnlyGeneratedPolicies } from '../compile/generatedObjects';
import type { Plan } from '../plan/types';
import { EffectiveAccessIndex } from './EffectiveAccessIndex';
import type { Lists } from './judgeCluster';
import { Scope } from './Scope';

/** One cluster judged, with everything that the answer rests on. */
export interface Verified {
  plan: Plan;
  cluster: Cluster;
  failedApis: readonly string[];
  kept: readonly CompiledObject[];
  several: boolean;
  lists: Lists;
}

/** The cluster that was judged first of all with one origin. */
const known = new WeakMap<Cluster, Verified>();

/** Above this many ends that differ it is as well to judge everything. */
const MOST_ENDS = 100;

/** What was judged before of a cluster with the same workloads, and the pairs that may be judged otherwise now. */
export function verifiedBefore(
  now: Omit<Verified, 'lists'>,
): { lists: Lists; scope: Scope } | undefined {
  const before = known.get(originOf(now.cluster));
  if (
    !before ||
    before.several !== now.several ||
    before.failedApis.join() !== now.failedApis.join() ||
    !isSame(before.kept, now.kept)
  )
    return undefined;
  const failed = new Set(now.failedApis);
  const worlds = ({ cluster }: Omit<Verified, 'lists'>) => [
    EffectiveAccessIndex.settled(cluster),
    ...[
      withOnlyGeneratedPolicies(cluster),
      withOnlyGeneratedPolicies(cluster, failed),
      ...now.failedApis.map(api =>
        withOnlyGeneratedPolicies(cluster, new Set([api])),
      ),
    ].map(EffectiveAccessIndex.of),
  ];
  const [then, current] = [before, now].map(worlds);
  const scope = current
    .map((index, each) => Scope.touched(index.touchedSince(then[each])))
    .reduce(
      (all, each) => all.union(each),
      declaredOtherwise(before.plan, now.plan),
    );
  return scope.size > MOST_ENDS ? undefined : { lists: before.lists, scope };
}

/** Few grants have errors. */
function isSame(
  one: readonly CompiledObject[],
  other: readonly CompiledObject[],
): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Keeps what was judged, for whoever asks next about nearly the same. */
export function remember(verified: Verified): void {
  known.set(originOf(verified.cluster), verified);
}

/** The ends of whatever only one of two plans has. Plans that were made one after the other share what did not change. */
function declaredOtherwise(before: Plan, now: Plan): Scope {
  const ingress = new Set<string>();
  const egress = new Set<string>();
  for (const { from, to, hops } of different(before.edges, now.edges)) {
    ingress.add(to.id);
    for (const hop of hops) ingress.add(hop.to.id);
    // No policy closes the way into addresses outside: it is judged at the caller.
    if (to.kind === 'addresses') egress.add(from.id);
  }
  for (const { direction, workload } of [
    ...different(before.isolations, now.isolations),
    ...different(before.plumbing, now.plumbing),
  ])
    (direction === 'ingress' ? ingress : egress).add(workload.id);
  return Scope.of(ingress, egress);
}

function different<T>(a: readonly T[], b: readonly T[]): T[] {
  const [ours, theirs] = [new Set(a), new Set(b)];
  return [
    ...a.filter(item => !theirs.has(item)),
    ...b.filter(item => !ours.has(item)),
  ];
}
