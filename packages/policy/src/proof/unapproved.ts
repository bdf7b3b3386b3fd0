import type { Cluster } from '../estate/types';
import { atLeastAsStrong, coveredPart, digestEnd } from '../meaning/edgeItems';
import type { DigestEdge } from '../meaning/types';
import { clustersOf } from '../meaning/worldOf';
import type { Edge, Plan } from '../plan/types';
import { RequestSet } from '../requestset/RequestSet';
import { DeclaredAccess } from '../verify/DeclaredAccess';
import { Differences } from '../verify/Differences';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from '../verify/EffectiveAccessIndex';
import { Scope } from '../verify/Scope';
import type { Steps } from '../steps';
import type { AccessDifference } from '../verify/types';
import type { ProofInput } from './types';

/**
 * Access that is gained without approval: what the files of the proposal open and those that are there do not, on one and
 * the same estate, whatever opened it. Approved is what the contents of the requests list, and nothing else: that something
 * was declared before does not say that anybody approved what it means now.
 */
export function* findUnapproved(input: ProofInput): Steps<AccessDifference[]> {
  const { plan } = input.after.compilation;
  const approvedPlan = { ...plan, edges: approvedEdges(input) };
  const before = new Map(
    clustersOf(input.before).map(cluster => [cluster.name, cluster]),
  );
  const several = input.after.clusters.length > 1;
  const found: AccessDifference[] = [];
  for (const cluster of clustersOf(input.after)) {
    const earlier = before.get(cluster.name);
    const declared = DeclaredAccess.of(plan, cluster);
    const effective = EffectiveAccessIndex.settled(cluster);
    const differences = new Differences({ cluster, plan, effective, several });
    const approved = approvedRequests(approvedPlan, cluster);
    const opened = openedIn(input, cluster);
    for (const pair of yield* touchedPairs(input, cluster, earlier)) {
      yield;
      const unapproved = differences.decided<AccessDifference[]>(
        pair,
        () => {
          const gained = pair.possible.subtract(had(earlier, pair));
          // Opened to everybody is opened to this caller.
          const allowed = opened.has(pair.to)
            ? gained
            : approved(pair).union(plumbing(declared, pair));
          const extra = gained.subtract(allowed);
          return extra.isEmpty ? [] : [differences.of(pair, extra, 'surplus')];
        },
        undecided => [undecided],
      );
      found.push(...unapproved);
    }
  }
  return found;
}

/** Edges of the plan, as far as the contents of the requests list them with no weaker layers. */
function approvedEdges({ after, approved }: ProofInput): Edge[] {
  return listedEdges(
    after.compilation.plan.edges,
    approved.flatMap(content => content.edges),
    (edge, { layers }) => atLeastAsStrong(edge.layers, layers),
  );
}

/** The parts of planned edges that a digest lists. */
export function listedEdges(
  planned: readonly Edge[],
  listed: readonly DigestEdge[],
  counts: (edge: Edge, listed: DigestEdge) => boolean = () => true,
): Edge[] {
  const known = new Map<string, DigestEdge[]>();
  for (const edge of listed) {
    const key = pairKey(edge);
    known.set(key, [...(known.get(key) ?? []), edge]);
  }
  return planned.flatMap(edge => {
    const { from, to } = edge;
    const covering = known
      .get(pairKey({ ...edge, from: digestEnd(from), to: digestEnd(to) }))
      ?.filter(each => counts(edge, each))
      .flatMap(({ requests }) => requests);
    return coveredPart(edge, covering ?? []) ?? [];
  });
}

/** Workloads of which it was approved that they are opened to everybody. */
function openedIn(
  { approved }: ProofInput,
  { name }: Cluster,
): ReadonlySet<string> {
  return new Set(
    approved.flatMap(({ opened = [] }) =>
      opened
        .filter(({ cluster }) => cluster === name)
        .map(({ workload }) => workload),
    ),
  );
}

function pairKey(
  edge: Pick<
    DigestEdge,
    'cluster' | 'caller' | 'from' | 'to' | 'protocol' | 'port'
  >,
): string {
  const { cluster, caller, from, to, protocol, port } = edge;
  return JSON.stringify([cluster, caller, from, to, protocol, port]);
}

/** What may be gained for a pair. */
export function approvedRequests(
  plan: Plan,
  cluster: Cluster,
): (pair: EffectivePair) => RequestSet {
  const declared = DeclaredAccess.of(plan, cluster);
  return ({ from, to, outside }) => {
    if (outside)
      return outside.end === 'from'
        ? declared.requestsFromOutside(to, outside.cidrs)
        : declared.requestsToOutside(from, outside.cidrs);
    return declared.requests(from, to);
  };
}

export function plumbing(
  declared: DeclaredAccess,
  pair: EffectivePair,
): RequestSet {
  if (!pair.outside) {
    return declared
      .plumbing(pair.from, pair.to)
      .union(declared.transport(pair.from, pair.to));
  }
  return pair.outside.end === 'from'
    ? declared.plumbingFromOutside(pair.to, 'ingress', pair.outside.cidrs)
    : declared.plumbingFromOutside(pair.from, 'egress', pair.outside.cidrs);
}

function had(earlier: Cluster | undefined, pair: EffectivePair): RequestSet {
  return earlier
    ? EffectiveAccessIndex.settled(earlier).like(pair).possible
    : RequestSet.empty;
}

/**
 * All ways into and out of workloads that either plan says anything about, where anything may have been gained, and into those that
 * only the files are about: a provider that is bound elsewhere by now is in neither plan, and its files still close it.
 */
export function* touchedPairs(
  { before, after }: Pick<ProofInput, 'before' | 'after'>,
  cluster: Cluster,
  earlier: Cluster | undefined,
): Steps<EffectivePair[]> {
  const providers = new Set<string>();
  const callers = new Set<string>();
  for (const { compilation } of [before, after]) {
    const { edges, isolations } = compilation.plan;
    for (const edge of edges)
      if (edge.cluster === cluster.name) providers.add(edge.to.id);
    for (const each of isolations)
      if (each.cluster === cluster.name)
        (each.direction === 'ingress' ? providers : callers).add(
          each.workload.id,
        );
  }
  const effective = EffectiveAccessIndex.settled(cluster);
  const known = earlier && EffectiveAccessIndex.settled(earlier);
  for (const id of known ? closedOtherwise(cluster, effective, known) : [])
    providers.add(id);
  const scope = known
    ? Scope.touched(effective.touchedSince(known))
    : Scope.everything;
  return yield* scope.pairs(effective, providers, callers);
}

/** Workloads of which what comes in may be closed otherwise than it was. */
function closedOtherwise(
  { workloads }: Cluster,
  now: EffectiveAccessIndex,
  before: EffectiveAccessIndex,
): string[] {
  const touched = now.touchedSince(before);
  if (touched) return [...touched.ingress, ...touched.mesh];
  // Where anything may be judged otherwise, what is open to anybody tells without looking at every pair.
  const isSame = (id: string, layer: 'kernel' | 'identity') =>
    now
      .openTo(id, 'ingress', layer)
      .equals(before.openTo(id, 'ingress', layer));
  return workloads
    .map(({ id }) => id)
    .filter(id => !isSame(id, 'kernel') || !isSame(id, 'identity'));
}
