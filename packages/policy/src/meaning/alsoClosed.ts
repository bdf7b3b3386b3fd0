import { DeclaredAccess } from '../verify/DeclaredAccess';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { requestsOf } from '../verify/requestsOf';
import type { ChangedItems } from './compareEdges';
import { whoIs } from './findFlips';
import { lostBy } from './heldLosses';
import type { MeaningFlip, MeaningInput } from './types';
import { clustersOf } from './worldOf';

/**
 * What the change closes beside what its grants opened and whom it cuts: open by generated files that are there, and granted by nothing
 * any more. Somebody changed the declaration by hand, and the files are written again with this change.
 *
 * @param known - what is told as lost already
 */
export function alsoClosed(
  input: MeaningInput,
  known: readonly ChangedItems[],
  flips: readonly MeaningFlip[],
): ChangedItems[] {
  const { before, after, api } = input;
  const later = new Map(
    clustersOf(after).map(cluster => [cluster.name, cluster]),
  );
  const closing = new Map(
    [before, after]
      .flatMap(({ compilation }) => compilation.plan.isolations)
      .filter(
        ({ apis, direction }) => direction === 'ingress' && apis.includes(api),
      )
      .map(each => [`${each.cluster} ${each.workload.id}`, each]),
  );
  return clustersOf(before).flatMap(cluster => {
    const now = later.get(cluster.name);
    if (!now) return [];
    const [was, is] = [cluster, now].map(EffectiveAccessIndex.settled);
    const touched = is.touchedSince(was);
    const declared = DeclaredAccess.of(before.compilation.plan, cluster);
    const isTouched = (from: string, to: string) =>
      !touched ||
      touched.ingress.has(to) ||
      touched.mesh.has(to) ||
      touched.egress.has(from);
    return [...closing.values()]
      .filter(each => each.cluster === cluster.name)
      .flatMap(isolation => {
        const { id: to } = isolation.workload;
        return was
          .into(to)
          .filter(({ from, outside }) => !outside && isTouched(from, to))
          .flatMap(pair => {
            const { from, possible } = pair;
            const told = known.filter(
              ({ edge }) =>
                edge.cluster === cluster.name &&
                edge.from.id === from &&
                edge.to.id === to,
            );
            // What a held grant has in force is told as a whole.
            const isHeld = told.some(({ edge }) => edge.provider === '');
            if (isHeld || isCut(flips, cluster.name, from, to)) return [];
            const [caller = from] = whoIs(from, cluster, input).entities;
            return lostBy({ api, grantId: '', caller }, from, isolation, () =>
              told.reduce(
                (rest, { edge }) => rest.subtract(requestsOf(edge)),
                possible
                  .subtract(is.like(pair).possible)
                  .subtract(declared.plumbing(from, to))
                  .subtract(declared.transport(from, to)),
              ),
            );
          });
      });
  });
}

function isCut(
  flips: readonly MeaningFlip[],
  cluster: string,
  from: string,
  to: string,
): boolean {
  return flips.some(
    flip =>
      flip.cluster === cluster &&
      flip.direction === 'ingress' &&
      flip.workload === to &&
      flip.cut.some(({ workload }) => workload === from),
  );
}
