import fc from 'fast-check';
import { MeshMode } from '../estate/types';
import {
  randomObjects,
  randomWaypointObjects,
} from '../evaluate/__testUtils__/randomWorlds';
import { clusterOf, statedProfile } from '../evaluate/__testUtils__/worlds';
import { createWorld, World } from '../evaluate/World';
import { changedEnds } from './changedEnds';
import { effectiveAccess } from './effectiveAccess';

type Objects = Parameters<typeof clusterOf>[0];

const mesh = fc.constantFrom<MeshMode | 'detect'>(
  'sidecar',
  'ambient',
  'none',
  'detect',
);

function build(objects: Objects, mode: MeshMode | 'detect'): World {
  return createWorld([
    clusterOf(objects, { profile: statedProfile({}), mesh: mode }),
  ]);
}

/** What may be sent, layer by layer, as text. */
function meaningOf(world: World, from: string, to: string): string {
  const { sure, possible, layers } = effectiveAccess(world, from, to);
  const sets = [sure, possible].concat(
    Object.values(layers).flatMap(layer => [layer.sure, layer.possible]),
  );
  return sets.map(({ key }) => key).join('\n');
}

describe('ends that have not changed', () => {
  it('mean the same in both worlds, whichever objects were taken away', () => {
    let unchanged = 0;
    let differing = 0;
    fc.assert(
      fc.property(
        fc.oneof(randomObjects, randomWaypointObjects),
        mesh,
        fc.nat(),
        (objects, mode, which) => {
          const left = objects.filter(
            (_, index) => index !== which % objects.length,
          );
          const [before, after] = [build(objects, mode), build(left, mode)];
          const moved = changedEnds(before, after);
          for (const [from] of before.partyNames) {
            for (const [to] of before.partyNames) {
              if (!after.parties.has(from) || !after.parties.has(to)) continue;
              const same =
                meaningOf(before, from, to) === meaningOf(after, from, to);
              if (!same) differing++;
              if (moved.egress(from) || moved.ingress(to)) continue;
              unchanged++;
              expect(`${from} ${to} ${same}`).toBe(`${from} ${to} true`);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
    // Both kinds of pairs were met: neither everything nor nothing is said to have changed.
    expect(unchanged).toBeGreaterThan(100);
    expect(differing).toBeGreaterThan(10);
  });

  it('are everybody where something changes that no workload has of its own', () => {
    const world = (trustDomain: string) =>
      createWorld([
        clusterOf([], {
          profile: statedProfile({
            mesh: { ...statedProfile({}).mesh, trustDomain },
          }),
        }),
      ]);
    const moved = changedEnds(world('a'), world('b'));
    expect(moved.ingress('x')).toBe(true);
    expect(moved.egress('x')).toBe(true);
  });
});
