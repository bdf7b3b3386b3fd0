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
    const declared = new DeclaredAccess(plan, cluster);
    const effective = EffectiveAccessIndex.of(cluster);
    const differences = new Differences({ cluster, plan, effective, several });
    const approved = approvedRequests(plan, notApproved, cluster);
    for (const pair of yield* touchedPairs(input, cluster, effective)) {
      yield;
      const gained = pair.possible.subtract(had(earlier, pair));
      const allowed = approved(pair).union(plumbing(declared, pair));
      const extra = gained.subtract(allowed);
      if (!extra.isEmpty) {
        found.push(differences.of(pair, extra, 'surplus'));
      }
    }
  }
  return found;
}

/** Edges of the new plan that neither the old one has nor anybody approved. */
function unapprovedEdges({ before, after, approved }: ProofInput): Set<Edge> {
  const known = approved.flatMap(content => content.edges);
  const { gained } = compareEdges(
    before.compilation.plan.edges,
    after.compilation.plan.edges,
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

/**
 * What may be gained for a pair. Of an edge that is approved in part only the
 * parts are not told apart: it counts as not approved, and is shown whole.
 */
function approvedRequests(
  plan: Plan,
  notApproved: ReadonlySet<Edge>,
  cluster: Cluster,
): (pair: EffectivePair) => RequestSet {
  const byPair = new Map<string, RequestSet>();
  for (const edge of plan.edges) {
    if (edge.cluster === cluster.name && !notApproved.has(edge)) {
      const key = `${edge.from.id} ${edge.to.id}`;
      byPair.set(
        key,
        (byPair.get(key) ?? RequestSet.empty).union(requestsOf(edge)),
      );
    }
  }
  const declared = new DeclaredAccess(
    { ...plan, edges: plan.edges.filter(edge => !notApproved.has(edge)) },
    cluster,
  );
  return ({ from, to, outside }) => {
    if (outside)
      return outside.end === 'from'
        ? declared.requestsFromOutside(to, outside.cidrs)
        : declared.requestsToOutside(from, outside.cidrs);
    return byPair.get(`${from} ${to}`) ?? RequestSet.empty;
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

/** All ways into and out of workloads that either plan says anything about. */
function* touchedPairs(
  { before, after }: ProofInput,
  cluster: Cluster,
  effective: EffectiveAccessIndex,
): Steps<EffectivePair[]> {
  const providers = new Set<string>();
  const callers = new Set<string>();
  for (const { compilation } of [before, after]) {
    const { edges, isolations } = compilation.plan;
    for (const edge of edges.filter(each => each.cluster === cluster.name)) {
      providers.add(edge.to.id);
    }
    for (const { direction, workload } of isolations.filter(
      each => each.cluster === cluster.name,
    )) {
      (direction === 'ingress' ? providers : callers).add(workload.id);
    }
  }
  const pairs = new Map<string, EffectivePair>();
  const add = (found: readonly EffectivePair[]) =>
    found.forEach(pair => pairs.set(`${pair.from} ${pair.to}`, pair));
  for (const id of [...providers].sort()) {
    yield;
    add(effective.into(id));
  }
  for (const id of [...callers].sort()) {
    yield;
    add(effective.outOf(id));
  }
  return [...pairs.values()];
}
