import { answerOr } from '../requestset/budget';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import type { MeaningInput, MeaningOpening } from './types';
import { clustersOf } from './worldOf';

/**
 * Workloads that the API closed before the change and that it leaves open to everybody, by what the manifests say: one that
 * another API or somebody else's policy closes as well is not among them.
 */
export function findOpened({
  before,
  after,
  api,
}: MeaningInput): MeaningOpening[] {
  const [were, are] = [before, after].map(
    state => new Map(clustersOf(state).map(each => [each.name, each])),
  );
  return before.compilation.plan.isolations
    .filter(
      ({ apis, mode, direction }) =>
        mode === 'enforce' && direction === 'ingress' && apis.includes(api),
    )
    .flatMap(({ cluster, workload, layers }) =>
      (['kernel', 'identity'] as const).flatMap(layer => {
        const [was, is] = [were.get(cluster), are.get(cluster)].map(
          each =>
            each &&
            EffectiveAccessIndex.settled(each).openTo(
              workload.id,
              'ingress',
              layer,
            ),
        );
        if (!layers[layer] || !was || !is) return [];
        // What cannot be compared may be open: rather told too often.
        const isOpened = answerOr(
          () => !is.subtract(was).isEmpty,
          () => true,
        );
        return isOpened ? [{ cluster, workload: workload.id, layer }] : [];
      }),
    );
}
