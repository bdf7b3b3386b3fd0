import { withPolicies } from '../estate/amendCluster';
import type { Cluster } from '../estate/types';
import { UnmodelledPolicies } from '../evaluate/unmodelled/UnmodelledPolicies';
import type { Edge } from '../plan/types';
import { workloadOf } from '../plan/workloadIndex';
import { PairRecall } from '../Recall';
import { answerOr } from '../requestset/budget';
import type { RequestSet } from '../requestset/RequestSet';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from '../verify/EffectiveAccessIndex';
import { pairsOf } from '../verify/pairsOf';
import { requestsOf } from '../verify/requestsOf';
import { type Unjudged, unjudgedIn, withoutUnjudged } from './setAside';
import type { PolicyOfOthers } from './types';

/** Access that is granted with a change or after it, or that a change takes away. */
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
 */
export function othersTouching(
  cluster: Cluster,
  edges: readonly TouchedEdge[],
): PolicyOfOthers[] {
  const unjudged = unjudgedIn(cluster);
  if (unjudged.length === 0) return [];
  const byName = new Map<string, Unjudged[]>();
  for (const each of unjudged)
    byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  const ends = new Map<Unjudged, Set<string>>();
  const whole = EffectiveAccessIndex.of(cluster);
  for (const { edge, isClosed } of edges) {
    if (edge.cluster !== cluster.name) continue;
    for (const pair of pairsOf(edge, whole)) {
      const named = namedIn(pair, requestsOf(edge)).flatMap(
        name => byName.get(name) ?? [],
      );
      for (const each of new Set(named)) {
        const touched =
          isClosed && each.policy.may === 'refuse'
            ? []
            : endsOf(cluster, edge, pair, each);
        if (touched.length > 0)
          ends.set(each, new Set([...(ends.get(each) ?? []), ...touched]));
      }
    }
  }
  return [...ends]
    .map(([{ policy }, touched]) => ({
      cluster: cluster.name,
      ...policy,
      ends: [...touched].sort(),
    }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ kind, namespace = '', name, group }: PolicyOfOthers): string {
  return [kind, namespace, name, group].join(' ');
}

/** Objects that conditions of a pair name, where its requests are not sure. */
function namedIn(pair: EffectivePair, wanted: RequestSet): string[] {
  const isSure = answerOr(
    () => wanted.subtract(pair.sure).isEmpty,
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
    return isMet(cluster, edge, pair, unjudged) ? [edge.to.id] : [];
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

/** Does a rule of others meet any request of an edge? What it says of paths, ports and methods is judged. */
function isMet(
  cluster: Cluster,
  edge: Edge,
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
    () => !requestsOf(edge).intersect(open.sure).subtract(left.sure).isEmpty,
    () => true,
  );
}
