import type { Cluster } from '../estate/types';
import type { Edge } from '../plan/types';
import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { pairsOf } from '../verify/pairsOf';
import { requestsOf } from '../verify/requestsOf';
import { type ChangedItems, compareEdges } from './compareEdges';
import { coveredPart, type EdgeItem, isCovered, itemsOf } from './edgeItems';
import type { KeptBy, MeaningInput } from './types';
import { clustersOf } from './worldOf';

/** What some grants opened and the caller keeps all the same, with why. */
export interface KeptItems extends Pick<KeptBy, 'by' | 'otherwise'> {
  change: ChangedItems;
}

/** What becomes of what some grants opened. */
export interface TakenAway {
  /** Declared by them alone: after the change it is possible no more. */
  lost: ChangedItems[];
  kept: KeptItems[];
}

interface Fate extends Pick<KeptBy, 'by' | 'otherwise'> {
  lost: boolean;
}

const GONE: Fate = { lost: true, by: [], otherwise: false };

/**
 * What a change takes from callers of the grants that it ends or cuts back. Asked of the manifests after it and not of
 * declarations alone: what another grant opens as well, of this API or another one on the same workload, or what a policy of
 * somebody else opens, is not lost. Part of a whole port is lost where the whole is, and the rest of it told as kept.
 */
export function takenAway(
  input: MeaningInput,
  grants: readonly string[],
): TakenAway {
  const [before, after] = [input.before, input.after].map(state =>
    state.compilation.plan.edges.filter(
      ({ api, grantId }) => api === input.api && grants.includes(grantId),
    ),
  );
  const clusters = new Map(
    clustersOf(input.after).map(cluster => [cluster.name, cluster]),
  );
  const lost: ChangedItems[] = [];
  const kept: KeptItems[] = [];
  for (const { edge, items, whole } of compareEdges(before, after).lost) {
    const cluster = clusters.get(edge.cluster);
    const fates = items.map(item =>
      isRewritten(item, edge, after)
        ? GONE
        : fateOf(input, edge, item, cluster),
    );
    const gone = items.filter((_, at) => fates[at].lost);
    if (gone.length > 0) {
      const isWhole = whole && gone.length === items.length;
      lost.push({ edge, items: gone, whole: isWhole });
    }
    for (const [at, item] of items.entries()) {
      const { by, otherwise } = fates[at];
      if (by.length > 0 || otherwise)
        kept.push({
          change: { edge, items: [item], whole: whole && items.length === 1 },
          by,
          otherwise,
        });
    }
  }
  return { lost, kept };
}

function fateOf(
  { after }: MeaningInput,
  edge: Edge,
  item: EdgeItem,
  cluster: Cluster | undefined,
): Fate {
  const part = coveredPart(edge, [item.text]);
  const pairs = cluster
    ? pairsOf(edge, EffectiveAccessIndex.settled(cluster))
    : [];
  if (!part || pairs.length === 0) return GONE;
  const wanted = requestsOf(part);
  // What cannot be compared exactly is told as lost.
  return answerOr(
    () => {
      const still = pairs
        .map(({ possible }) => possible.intersect(wanted))
        .reduce((all, each) => all.union(each), RequestSet.empty);
      const others = after.compilation.plan.edges.filter(
        other =>
          other.mode === 'enforce' &&
          isSamePair(other, edge) &&
          !requestsOf(other).intersect(still).isEmpty,
      );
      const granted = others
        .map(requestsOf)
        .reduce((all, each) => all.union(each), RequestSet.empty);
      return {
        lost: pairs.some(({ possible }) => !wanted.subtract(possible).isEmpty),
        by: distinct(others.map(({ api, grantId }) => ({ api, grantId }))),
        otherwise: !still.subtract(granted).isEmpty,
      };
    },
    () => GONE,
  );
}

function isSamePair(a: Edge, b: Edge): boolean {
  return (
    a.cluster === b.cluster && a.from.id === b.from.id && a.to.id === b.to.id
  );
}

/** By other layers than before it is lost and gained, whoever else has it. */
function isRewritten(
  item: EdgeItem,
  edge: Edge,
  after: readonly Edge[],
): boolean {
  return after.some(
    other =>
      isSamePair(other, edge) &&
      other.caller === edge.caller &&
      other.protocol === edge.protocol &&
      other.port === edge.port &&
      isCovered(
        item.text,
        itemsOf(other).map(({ text }) => text),
      ),
  );
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map(item => [JSON.stringify(item), item])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}
