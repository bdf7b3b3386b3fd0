import fc from 'fast-check';
import { buildCluster } from '../estate/buildCluster';
import { isJson } from '../estate/json';
import { loadManifests } from '../estate/loadManifests';
import { KubernetesObject, ManifestObject } from '../estate/types';
import { statedProfile } from '../evaluate/__testUtils__/worlds';
import { createWorld } from '../evaluate/World';
import { allRows } from './__testUtils__/allRows';
import { lint } from './lint';

const STRANGE: readonly unknown[] = [
  null,
  [],
  {},
  '',
  0,
  -1,
  'x',
  true,
  [null],
  [[]],
  { a: null },
  [{ source: null }],
  '\u0000',
];

function placesOf(
  value: unknown,
  path: (string | number)[] = [],
): (typeof path)[] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(isJson(value) ? value : {});
  const inner = entries.flatMap(([step, each]) =>
    placesOf(each, [...path, step]),
  );
  return path.length > 0 ? [path, ...inner] : inner;
}

function replaced(
  object: KubernetesObject,
  path: readonly (string | number)[],
  value: unknown,
): KubernetesObject {
  const copy = structuredClone(object);
  let at: unknown = copy;
  for (const step of path.slice(0, -1))
    at = (at as Record<string, unknown>)[step];
  (at as Record<string, unknown>)[path[path.length - 1]] = value;
  return copy;
}

function findingsOf(
  objects: readonly ManifestObject[],
  mesh: 'sidecar' | 'ambient',
) {
  const { cluster } = buildCluster({
    name: 'c',
    objects,
    profile: statedProfile(),
    mesh,
  });
  return lint(createWorld([cluster]));
}

describe('lint, on worlds of all cases', () => {
  const worlds = allRows.map(
    ({ wrong }) => loadManifests([{ path: 'world.yaml', text: wrong }]).objects,
  );
  const anyWorld = fc.constantFrom(...worlds);
  const anyMesh = fc.constantFrom('sidecar' as const, 'ambient' as const);

  it('survives any strange value in any field below spec', () => {
    fc.assert(
      fc.property(
        anyWorld,
        anyMesh,
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...STRANGE),
        (objects, mesh, which, where, value) => {
          const chosen = which % objects.length;
          const places = placesOf(objects[chosen].object).filter(
            ([first, second]) =>
              first === 'spec' ||
              (first === 'metadata' &&
                /labels|annotations/.test(String(second))),
          );
          fc.pre(places.length > 0);
          const path = places[where % places.length];
          const changed = objects.map((each, index) =>
            index === chosen
              ? { ...each, object: replaced(each.object, path, value) }
              : each,
          );
          for (const finding of findingsOf(changed, mesh)) {
            expect(finding.message).not.toMatch(/undefined|\[object/);
            expect(finding.objects.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('finds the same in whatever order the manifests are given', () => {
    fc.assert(
      fc.property(anyWorld, anyMesh, fc.nat(), (objects, mesh, turn) => {
        const at = turn % objects.length;
        const turned = [...objects.slice(at), ...objects.slice(0, at)];
        const codes = (list: readonly ManifestObject[]) =>
          findingsOf(list, mesh)
            // Of two that say the same the later one is named, and the first of several.
            .map(({ code }) => code)
            .sort();
        expect(codes(turned)).toEqual(codes(objects));
      }),
      { numRuns: 200 },
    );
  });
});
