import { amendCluster } from '../estate/amendCluster';
import { Candidate } from './changes/Candidate';
import { candidatesFor } from './changes/candidatesFor';
import { evaluate } from './evaluate';
import { Party } from './party';
import { Call, Change } from './types';
import { World } from './World';

function apply(world: World, candidates: readonly Candidate[]): World {
  return world.amended(
    world.clusters.map(cluster => {
      const own = candidates
        .filter(({ cluster: { name } }) => name === cluster.name)
        .map(({ changes }) => changes);
      return own.length === 0
        ? cluster
        : amendCluster(cluster, {
            apply: own.flatMap(changes => changes.apply),
            remove: own.flatMap(changes => changes.remove),
          });
    }),
  );
}

/**
 * An irreducible set of changes that would allow a refused call: found by
 * trying. All candidates are applied; if the call is then allowed, each is
 * taken away again where it stays allowed without, edits of a DENY first. Empty
 * when the call is not refused, or when nothing of what is tried would allow it.
 */
export function changesFor(
  world: World,
  from: Party,
  to: Party,
  call: Call,
): Change[] {
  if (evaluate(world, call).verdict !== 'deny') return [];
  let kept = candidatesFor(world, from, to, call);
  const isAllowed = (changes: readonly Candidate[]) =>
    evaluate(apply(world, changes), call).verdict === 'allow';
  if (kept.length === 0 || !isAllowed(kept)) return [];
  // Until none can go: what was needed beside another change may not be without it.
  for (let tried = 0; tried !== kept.length; ) {
    tried = kept.length;
    for (const candidate of [...kept].reverse()) {
      const others = kept.filter(each => each !== candidate);
      if (isAllowed(others)) kept = others;
    }
  }
  return kept.map(({ change }) => change);
}
