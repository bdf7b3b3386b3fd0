import type { Cluster } from '../estate/types';
import type { Edge } from '../plan/types';
import { apisOfGenerated } from '../compile/generatedObjects';
import { answerOr } from '../requestset/budget';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { pairsOf } from '../verify/pairsOf';
import { requestsOf } from '../verify/requestsOf';
import type { ChangedItems, EdgeComparison } from './compareEdges';
import { itemsOf } from './edgeItems';
import type { MeaningInput, PolicyState } from './types';
import { clustersOf, filesOf } from './worldOf';

/**
 * What the change opens besides the access that it is about: granted before, but not open by the manifests that are there.
 * Somebody removed it from them by hand, or what it means has changed since they were written (a definition, a binding of a
 * grant that pins no ends). Whatever a proposal opens has to be seen by who approves it, so it is part of the meaning.
 */
export function alsoOpened(
  { before, after }: MeaningInput,
  known: EdgeComparison,
): ChangedItems[] {
  const apis = rewrittenApis(before, after);
  if (apis.size === 0) return [];
  const told = new Set(known.gained.map(({ edge }) => edge));
  const earlier = new Map(
    clustersOf(before).map(cluster => [cluster.name, cluster]),
  );
  return after.compilation.plan.edges
    .filter(
      edge =>
        edge.mode === 'enforce' &&
        apis.has(edge.api) &&
        !told.has(edge) &&
        !isOpen(edge, earlier.get(edge.cluster)),
    )
    .map(edge => ({ edge, items: itemsOf(edge), whole: true }));
}

/** APIs with objects in a generated file that the change writes or rewrites. */
function rewrittenApis(before: PolicyState, after: PolicyState): Set<string> {
  const were = new Map(filesOf(before).map(({ path, text }) => [path, text]));
  const apis = filesOf(after)
    .filter(({ path, text }) => were.get(path) !== text)
    .flatMap(file => apisOfGenerated(file) ?? []);
  return new Set(apis);
}

/** Whether everything that an edge grants is possible already, by the files as they are. */
function isOpen(edge: Edge, cluster: Cluster | undefined): boolean {
  if (!cluster) return false;
  const effective = EffectiveAccessIndex.settled(cluster);
  const wanted = requestsOf(edge);
  return answerOr(
    () => {
      const pairs = pairsOf(edge, effective);
      return (
        pairs.length > 0 &&
        pairs.every(({ possible }) => wanted.subtract(possible).isEmpty)
      );
    },
    // What cannot be compared is told.
    () => false,
  );
}
