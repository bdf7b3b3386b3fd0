import type { Cluster } from '../estate/types';
import { atLeastAsStrong, isCovered } from '../meaning/edgeItems';
import { compareEdges } from '../meaning/compareEdges';
import { clustersOf } from '../meaning/worldOf';
import type { Edge, Plan } from '../plan/types';
import { RequestSet } from '../requestset/RequestSet';
import { DeclaredAccess } from '../verify/DeclaredAccess';
import { Differences } from '../verify/Differences';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from '../verify/EffectiveAccessIndex';
import { requestsOf } from '../verify/requestsOf';
import { edgesInto } from '../plan/lookups';
import { Scope } from '../verify/Scope';
import type { Steps } from '../steps';
import type { AccessDifference } from '../verify/types';
import type { ProofInput } from './types';

/**
 * Access that is gained without approval. Approved is what the contents of the
 * requests list, and what the declarations granted before: a proposal may
 * restore what somebody removed from the manifests by hand.
 */
export function* findUnapproved(input: ProofInput): Steps<AccessDifference[]> {
  const { plan } = input.after.compilation;
  const notApproved = unapprovedEdges(input);
  const before = new Map(
    clustersOf(input.before).map(cluster => [cluster.name, cluster]),
  );
  const several = input.after.clusters.length > 1;
  const found: AccessDifference[] = [];
  for (const cluster of clustersOf(input.after)) {
    const earlier = before.get(cluster.name);
    const declared = DeclaredAccess.of(plan, cluster);
    const effective = EffectiveAccessIndex.of(cluster);
    const differences = new Differences({ cluster, plan, effective, several });
    const approved = approvedRequests(plan, notApproved, cluster);
    for (const pair of yield* touchedPairs(input, cluster, earlier)) {
      yield;
      const unapproved = differences.decided<AccessDifference[]>(
        pair,
        () => {
          const gained = pair.possible.subtract(had(earlier, pair));
          const allowed = approved(pair).union(plumbing(declared, pair));
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

/** Edges of the new plan that neither the old one has nor anybody approved. */
function unapprovedEdges({ before, after, approved }: ProofInput): Set<Edge> {
  const known = approved.flatMap(content => content.edges);
  const { gained } = compareEdges(
    ...onlyChangedApis(
      before.compilation.plan.edges,
      after.compilation.plan.edges,
    ),
  );
  return new Set(
    gained
      .filter(({ edge, items }) => {
        const covering = known
          .filter(
            other =>
              other.cluster === edge.cluster &&
              other.caller === edge.caller &&
              other.from === edge.from.id &&
              other.to === edge.to.id &&
              other.protocol === edge.protocol &&
              other.port === edge.port &&
              atLeastAsStrong(edge.layers, other.layers),
          )
          .flatMap(({ requests }) => requests);
        return items.some(item => !isCovered(item, covering));
      })
      .map(({ edge }) => edge),
  );
}

/** Plans that were made one after the other share the edges of APIs that did not change. */
function onlyChangedApis(
  before: readonly Edge[],
  after: readonly Edge[],
): [Edge[], Edge[]] {
  const [was, is] = [new Set(before), new Set(after)];
  const apis = new Set(
    [
      ...before.filter(edge => !is.has(edge)),
      ...after.filter(edge => !was.has(edge)),
    ].map(({ api }) => api),
  );
  const changed = (edges: readonly Edge[]) =>
    edges.filter(({ api }) => apis.has(api));
  return [changed(before), changed(after)];
}

/**
 * What may be gained for a pair. Of an edge that is approved in part only the
 * parts are not told apart: it counts as not approved, and is shown whole.
 */
function approvedRequests(
  plan: Plan,
  notApproved: ReadonlySet<Edge>,
  cluster: Cluster,
): (pair: EffectivePair) => RequestSet {
  const declared = DeclaredAccess.of(
    notApproved.size === 0
      ? plan
      : { ...plan, edges: plan.edges.filter(edge => !notApproved.has(edge)) },
    cluster,
  );
  return ({ from, to, outside }) => {
    if (outside)
      return outside.end === 'from'
        ? declared.requestsFromOutside(to, outside.cidrs)
        : declared.requestsToOutside(from, outside.cidrs);
    return edgesInto(plan.edges, to)
      .filter(
        edge =>
          edge.cluster === cluster.name &&
          edge.from.id === from &&
          !notApproved.has(edge),
      )
      .map(requestsOf)
      .reduce((all, each) => all.union(each), RequestSet.empty);
  };
}

function plumbing(declared: DeclaredAccess, pair: EffectivePair): RequestSet {
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
    ? EffectiveAccessIndex.of(earlier).like(pair).possible
    : RequestSet.empty;
}

/** All ways into and out of workloads that either plan says anything about, where anything may have been gained. */
function* touchedPairs(
  { before, after }: ProofInput,
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
  const effective = EffectiveAccessIndex.of(cluster);
  const scope = earlier
    ? Scope.touched(effective.touchedSince(EffectiveAccessIndex.of(earlier)))
    : Scope.everything;
  return yield* scope.pairs(effective, providers, callers);
}
