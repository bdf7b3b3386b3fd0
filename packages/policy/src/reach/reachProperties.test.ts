import fc from 'fast-check';
import { MeshMode } from '../estate/types';
import { clusterOf, statedProfile } from '../evaluate/__testUtils__/worlds';
import { randomObjects } from '../evaluate/__testUtils__/randomWorlds';
import { evaluate } from '../evaluate/evaluate';
import { createWorld } from '../evaluate/World';
import { diff } from './diff';
import { effectiveAccess } from './effectiveAccess';
import { reach } from './reach';

const mesh = fc.constantFrom<MeshMode | 'detect'>('sidecar', 'none', 'detect');

function build(
  objects: Parameters<typeof clusterOf>[0],
  mode: MeshMode | 'detect',
) {
  const profile = statedProfile({
    network: {
      podCidrs: ['10.0.0.0/16'],
      nodeCidrs: ['172.16.0.0/12'],
      serviceCidrs: [],
    },
  });
  return createWorld([clusterOf(objects, { profile, mesh: mode })]);
}

describe('reach in random worlds', () => {
  it('lists exactly the pairs that may do something', () => {
    fc.assert(
      fc.property(randomObjects, mesh, (objects, mode) => {
        const world = build(objects, mode);
        const parties = [...world.parties];
        const expected = parties
          .flatMap(([from]) =>
            parties.map(([to, { workload }]) => ({ from, to, workload })),
          )
          .filter(
            ({ from, to, workload }) =>
              from !== to || workload.replicas === 'many',
          )
          .filter(
            ({ from, to }) =>
              !effectiveAccess(world, from, to).possible.isEmpty,
          )
          .map(({ from, to }) => `${from} ${to}`)
          .sort();
        const found = reach(world, { outside: false }).edges.map(
          ({ from, to }) => `${from} ${to}`,
        );
        expect(found.sort()).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same whatever the order of the objects', () => {
    fc.assert(
      fc.property(randomObjects, mesh, (objects, mode) => {
        const { findings: _, ...straight } = reach(build(objects, mode));
        const { findings: __, ...reversed } = reach(
          build([...objects].reverse(), mode),
        );
        const withoutConditions = (value: unknown) =>
          JSON.parse(
            JSON.stringify(value, (key, each) =>
              key === 'conditions' ? undefined : each,
            ),
          );
        expect(withoutConditions(reversed)).toEqual(
          withoutConditions(straight),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('diff in random worlds', () => {
  it('is empty between a world and itself in another order', () => {
    fc.assert(
      fc.property(randomObjects, mesh, (objects, mode) => {
        const { gained, lost, changed, layers, isolation } = diff(
          build(objects, mode),
          build([...objects].reverse(), mode),
        );
        expect([gained, lost, changed, layers, isolation]).toEqual([
          [],
          [],
          [],
          [],
          [],
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it('gives witnesses that the two worlds judge differently', () => {
    fc.assert(
      fc.property(randomObjects, randomObjects, mesh, (first, second, mode) => {
        const isWorkload = (object: { kind: string }) =>
          object.kind === 'Deployment';
        const workloads = first.filter(isWorkload);
        const before = build(first, mode);
        const after = build(
          [...workloads, ...second.filter(object => !isWorkload(object))],
          mode,
        );
        const { gained, lost, changed } = diff(before, after);
        // A call cannot say "bytes that are no HTTP": where only those change, the connection is conditional in both.
        const judged = [...gained, ...lost, ...changed].map(({ witness }) => ({
          witness,
          before: evaluate(before, witness).verdict,
          after: evaluate(after, witness).verdict,
        }));
        // What becomes of a call by whom a world does not have, that world cannot tell.
        const isThere = (end: string) =>
          [before, after].every(world => world.resolve(end) !== undefined);
        const same = judged.filter(
          each =>
            each.before === each.after &&
            isThere(each.witness.from) &&
            isThere(each.witness.to) &&
            (each.witness.http !== undefined || each.before !== 'conditional'),
        );
        expect(same).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
