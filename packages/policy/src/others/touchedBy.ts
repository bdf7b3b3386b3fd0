import { withPolicies } from '../estate/amendCluster';
import type { Cluster, ManifestObject } from '../estate/types';
import { UnmodelledPolicies } from '../evaluate/unmodelled/UnmodelledPolicies';
import type { Edge } from '../plan/types';
import { workloadOf } from '../plan/workloadIndex';
import { PairRecall } from '../Recall';
import { answerOr } from '../requestset/budget';
import type { RequestSet } from '../requestset/RequestSet';
import { finish, type Steps } from '../steps';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from '../verify/EffectiveAccessIndex';
import { pairsOf } from '../verify/pairsOf';
import { calledByName } from '../verify/namesOf';
import { requestsOf } from '../verify/requestsOf';
import { type Unjudged, unjudgedIn, withoutUnjudged } from './setAside';
import { mergeOthers } from './mergeOthers';
import type { PolicyOfOthers } from './types';

/**
 * Access that is granted, or that a change takes away.
 *
 * @public
 */
export interface TouchedEdge {
  edge: Edge;
  /** Only what may open it all the same touches access that is closed. */
  isClosed?: boolean;
}

const unmodelled = new WeakMap<Cluster['objects'], UnmodelledPolicies>();

function unmodelledOf(cluster: Cluster): UnmodelledPolicies {
  const known =
    unmodelled.get(cluster.objects) ?? new UnmodelledPolicies(cluster);
  unmodelled.set(cluster.objects, known);
  return known;
}

/**
 * The policies of others that nobody judges and that touch some access, each once, with the ends that it touches. One that no
 * request of the access can meet does not: another path, another port.
 *
 * @public
 */
export function othersTouching(
  cluster: Cluster,
  edges: readonly TouchedEdge[],
): PolicyOfOthers[] {
  return finish(othersTouchingInSteps(cluster, edges));
}

/** {@link othersTouching} for whoever must not be kept waiting. */
export function* othersTouchingInSteps(
  cluster: Cluster,
  edges: readonly TouchedEdge[],
): Steps<PolicyOfOthers[]> {
  const unjudged = unjudgedIn(cluster);
  if (unjudged.length === 0) return [];
  const byName = new Map<string, Unjudged[]>();
  for (const each of unjudged)
    byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  const ends = new Map<Unjudged, Set<string>>();
  const whole = EffectiveAccessIndex.of(cluster);
  for (const { edge, isClosed } of edges) {
    if (edge.cluster !== cluster.name) continue;
    yield;
    for (const pair of pairsOf(edge, whole))
      for (const [each, touched] of touchedOf({
        cluster,
        pair,
        edge,
        isClosed,
        byName,
      })) {
        // Added to, not copied: a policy that selects everybody touches every edge.
        const known = ends.get(each) ?? new Set();
        for (const end of touched) known.add(end);
        ends.set(each, known);
      }
  }
  return toPolicies(cluster, ends);
}

/** What touches access, by the pair of it: of pairs about which no policy has changed it is asked once. */
const touchedBefore = new WeakMap<
  EffectivePair,
  Map<string, readonly (readonly [ManifestObject, readonly string[]])[]>
>();

/** What touches the access of one pair that an edge is about, with the ends that it touches. */
function touchedOf(asked: {
  cluster: Cluster;
  pair: EffectivePair;
  edge: Edge;
  isClosed: boolean | undefined;
  byName: ReadonlyMap<string, readonly Unjudged[]>;
}): (readonly [Unjudged, readonly string[]])[] {
  const { cluster, pair, edge, isClosed, byName } = asked;
  if (pair.conditions.length === 0) return [];
  const { protocol, port, http, hops, from, to } = edge;
  const ids = [from, to, ...hops.flatMap(hop => [hop.from, hop.to])];
  const key = JSON.stringify([
    ...[protocol, port, http, isClosed],
    ids.map(({ id }) => id),
  ]);
  const answers: NonNullable<ReturnType<typeof touchedBefore.get>> =
    touchedBefore.get(pair) ?? new Map();
  touchedBefore.set(pair, answers);
  const named = new Map(
    pair.conditions
      .flatMap(({ object }) => byName.get(object ?? '') ?? [])
      .map(each => [each.manifest, each]),
  );
  let answer = answers.get(key);
  if (!answer) {
    const names = new Set(namedIn(cluster, pair, requestsOf(edge)));
    answer = [...named.values()]
      .filter(
        ({ name, policy }) =>
          names.has(name) && !(isClosed && policy.may === 'refuse'),
      )
      .map(each => [each.manifest, endsOf(cluster, edge, pair, each)] as const)
      .filter(([, touched]) => touched.length > 0);
    answers.set(key, answer);
  }
  return answer.flatMap(([manifest, touched]) => {
    const each = named.get(manifest);
    return each ? [[each, touched] as const] : [];
  });
}

/**
 * The policies of others that nobody judges and that may decide about what comes to a workload, whoever calls. What limits
 * single callers where they send is not among them.
 *
 * @param requests - only what is about these
 * @public
 */
export function othersInto(
  cluster: Cluster,
  to: string,
  requests: RequestSet,
): PolicyOfOthers[] {
  const unjudged = unjudgedIn(cluster);
  if (unjudged.length === 0) return [];
  const found = new Map<Unjudged, Set<string>>();
  for (const pair of EffectiveAccessIndex.of(cluster).into(to))
    for (const each of decidingAt(
      cluster,
      pair,
      requests,
      unjudged.filter(known => !found.has(known)),
    ))
      if (each.isModelled || !isOfCaller(cluster, pair, each))
        found.set(each, new Set([to]));
  return toPolicies(cluster, found);
}

/**
 * The policies of others that nobody judges and that may decide about what one workload sends to another, at either of them.
 *
 * @param requests - only what is about these
 */
export function othersBetween(
  cluster: Cluster,
  from: string,
  to: string,
  requests: RequestSet,
): PolicyOfOthers[] {
  const unjudged = unjudgedIn(cluster);
  if (unjudged.length === 0) return [];
  const pair = EffectiveAccessIndex.of(cluster).pair(from, to);
  return toPolicies(
    cluster,
    new Map(
      decidingAt(cluster, pair, requests, unjudged).map(each => [
        each,
        new Set([
          !each.isModelled && isOfCaller(cluster, pair, each) ? from : to,
        ]),
      ]),
    ),
  );
}

/** Those that may decide about some requests of a pair. */
function decidingAt(
  cluster: Cluster,
  pair: EffectivePair,
  requests: RequestSet,
  unjudged: readonly Unjudged[],
): Unjudged[] {
  const names = new Set(
    namedIn(cluster, pair, requests.intersect(pair.possible)),
  );
  return unjudged.filter(
    each =>
      names.has(each.name) &&
      (!each.isModelled || isMet(cluster, requests, pair, each)),
  );
}

/** Is it about what the caller sends, and nothing else? */
function isOfCaller(
  cluster: Cluster,
  { from, to }: EffectivePair,
  { name }: Unjudged,
): boolean {
  const [caller, provider] = [from, to].map(id => workloadOf(cluster, id));
  const policies = unmodelledOf(cluster);
  return (
    caller !== undefined &&
    policies.touches(name, caller, 'egress') &&
    !(provider && policies.touches(name, provider, 'ingress'))
  );
}

function toPolicies(
  cluster: Cluster,
  ends: ReadonlyMap<Unjudged, ReadonlySet<string>>,
): PolicyOfOthers[] {
  return mergeOthers(
    [...ends].map(([{ policy }, touched]) => ({
      cluster: cluster.name,
      ...policy,
      ends: [...touched].sort(),
    })),
  );
}

/** Objects that conditions of a pair name, where its requests are not sure. */
function namedIn(
  cluster: Cluster,
  pair: EffectivePair,
  wanted: RequestSet,
): string[] {
  const isSure = answerOr(
    () => calledByName(cluster, pair, wanted.subtract(pair.sure)).isEmpty,
    () => false,
  );
  return isSure ? [] : pair.conditions.flatMap(({ object }) => object ?? []);
}

function endsOf(
  cluster: Cluster,
  edge: Edge,
  pair: EffectivePair,
  unjudged: Unjudged,
): string[] {
  if (unjudged.isModelled)
    return isMet(cluster, requestsOf(edge), pair, unjudged) ? [edge.to.id] : [];
  const { from, to, hops } = edge;
  const touches = (id: string, way: 'egress' | 'ingress') => {
    const workload = workloadOf(cluster, id);
    return (
      workload !== undefined &&
      unmodelledOf(cluster).touches(unjudged.name, workload, way)
    );
  };
  const found = [
    ...[from, ...hops.map(hop => hop.from)].filter(({ id }) =>
      touches(id, 'egress'),
    ),
    ...[to, ...hops.map(hop => hop.to)].filter(({ id }) =>
      touches(id, 'ingress'),
    ),
  ].map(({ id }) => id);
  return found.length > 0 ? found : [to.id];
}

const alone = new PairRecall<Cluster, Unjudged, Cluster>();

/** Does a rule of others meet any of these requests? What it says of paths, ports and methods is judged. */
function isMet(
  cluster: Cluster,
  requests: RequestSet,
  pair: EffectivePair,
  unjudged: Unjudged,
): boolean {
  const without = withoutUnjudged(cluster);
  const withIt = alone.get(without, unjudged, () =>
    withPolicies(without, [unjudged.manifest]),
  );
  const [open, left] = [without, withIt].map(each =>
    EffectiveAccessIndex.of(each).like(pair),
  );
  return answerOr(
    () =>
      !calledByName(
        cluster,
        pair,
        requests.intersect(open.sure).subtract(left.sure),
      ).isEmpty,
    () => true,
  );
}
