import fc from 'fast-check';
import { MeshMode } from '../estate/types';
import {
  clusterOf,
  deployment,
  statedProfile,
  worldOf,
} from '../evaluate/__testUtils__/worlds';
import { networkPolicy } from '../evaluate/__testUtils__/ask';
import { randomObjects } from '../evaluate/__testUtils__/randomWorlds';
import { createWorld, World } from '../evaluate/World';
import { foldedReach } from './foldedReach';
import { reach } from './reach';
import { FoldedEnd, FoldedReach } from './types';

const mesh = fc.constantFrom<MeshMode | 'detect'>('sidecar', 'none', 'detect');

/** Edges of single workloads, as `reach` lists them. */
function unfolded({ edges, sets }: FoldedReach, world: World): string[] {
  const each = (end: FoldedEnd) =>
    typeof end !== 'string' && 'set' in end ? sets[end.set] : [end];
  const isOne = (end: unknown) =>
    typeof end === 'string' &&
    world.parties.get(end)?.workload.replicas === 'one';
  return edges
    .flatMap(({ from, to, access }) =>
      each(from).flatMap(caller =>
        each(to)
          .filter(provider => caller !== provider || !isOne(provider))
          .map(provider => JSON.stringify([caller, provider, access])),
      ),
    )
    .sort();
}

function open(count: number, more = ''): World {
  const pods = Array.from({ length: count }, (_, index) =>
    deployment(`team-${index % 7}/app-${index}`),
  );
  return worldOf(pods.join('') + more, { mesh: 'none' });
}

describe('foldedReach', () => {
  it('says the same as reach in random worlds, whatever is folded', () => {
    fc.assert(
      fc.property(randomObjects, mesh, (objects, mode) => {
        const world = createWorld([
          clusterOf(objects, { profile: statedProfile(), mesh: mode }),
        ]);
        const { edges } = reach(world);
        expect(unfolded(foldedReach(world, { fewest: 2 }), world)).toEqual(
          edges
            .map(({ from, to, access }) => JSON.stringify([from, to, access]))
            .sort(),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('writes everybody as one end where nobody is isolated', () => {
    const { edges, sets } = foldedReach(open(100), { outside: false });
    expect(edges.map(({ from, to }) => [from, to])).toEqual([
      [{ set: 'everybody' }, { set: 'everybody' }],
    ]);
    expect(sets.everybody).toHaveLength(100);
  });

  it('names who is missing among the callers', () => {
    const closed = networkPolicy(
      '{ podSelector: { matchLabels: { app: app-3 } }, policyTypes: [Egress] }',
      'closed',
      'team-3',
    );
    const { sets } = foldedReach(open(120, closed), { outside: false });
    expect(Object.keys(sets)).toContain(
      'everybody but team-3/Deployment/app-3',
    );
  });

  it('lists workloads one by one where they are few', () => {
    const world = open(9);
    const { edges, sets } = foldedReach(world);
    expect(sets).toEqual({});
    expect(edges).toEqual(reach(world).edges);
  });
});
