import fc from 'fast-check';
import { evaluate } from './evaluate';
import { explain } from './explain';
import { createWorld } from './World';
import { Call, Change } from './types';
import { clusterOf, statedProfile } from './__testUtils__/worlds';
import {
  randomObjects,
  randomWaypointObjects,
} from './__testUtils__/randomWorlds';
import { KubernetesObject } from '../estate/types';

function applied(
  objects: readonly KubernetesObject[],
  changes: readonly Change[],
): KubernetesObject[] {
  const concerned = changes.filter(({ action }) => action !== 'add');
  const isConcerned = ({ kind, metadata }: KubernetesObject) =>
    concerned.some(
      ({ object }) =>
        object.kind === kind &&
        object.name === metadata.name &&
        object.namespace === metadata.namespace,
    );
  return [
    ...objects.filter(object => !isConcerned(object)),
    ...changes
      .filter(({ action }) => action !== 'remove')
      .map(({ manifest }) => manifest as KubernetesObject),
  ];
}

describe('Changes that would allow a refused call', () => {
  it.each([
    ['random worlds', randomObjects, 'sidecar' as const],
    ['worlds with waypoints', randomWaypointObjects, 'ambient' as const],
  ])('allow it together, and not one less, in %s', (_, objects, mesh) => {
    let seen = 0;
    fc.assert(
      fc.property(objects, fc.nat(2), fc.nat(2), (world, a, b) => {
        const judge = (all: readonly KubernetesObject[], call: Call) =>
          evaluate(
            createWorld([clusterOf(all, { profile: statedProfile(), mesh })]),
            call,
          ).verdict;
        const compiled = createWorld([
          clusterOf(world, { profile: statedProfile(), mesh }),
        ]);
        const names = [...compiled.parties.keys()];
        const call: Call = {
          from: names[a % names.length],
          to: names[b % names.length],
          port: 8080,
          http: { method: 'GET', path: '/a/x', host: 'shop.a' },
        };
        const { changes } = explain(compiled, call);
        if (changes.length === 0) return;
        seen++;
        expect(judge(applied(world, changes), call)).toBe('allow');
        for (const left of changes) {
          const others = changes.filter(change => change !== left);
          expect(judge(applied(world, others), call)).not.toBe('allow');
        }
      }),
      { numRuns: Number(process.env.CALLGATE_FUZZ_RUNS ?? 250) },
    );
    expect(seen).toBeGreaterThan(0);
  });
});
