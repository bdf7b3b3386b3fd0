import fc from 'fast-check';
import { loadManifests } from '../../estate/loadManifests';
import { KubernetesObject, ManifestObject } from '../../estate/types';
import { parseCidr } from '../../net/cidr';
import { defaultPlatformProfile } from '../defaultPlatformProfile';
import { platformProfileSchema } from '../PlatformProfileSchema';
import { WHOLE_PLATFORM } from './__testUtils__/wholePlatform';
import { discoverProfile } from './discoverProfile';

const WHOLE = loadManifests([{ path: 'e.yaml', text: WHOLE_PLATFORM }]).objects;

/** What somebody may have written in the place of a value. */
const anything = fc.oneof(
  fc.constantFrom(
    ...['', 'dns', 'a: [', '- a', '{{ .Values.x }}', '10.0.0.0/99', '::'],
    ...['__proto__', 'constructor', '\u0000', 'true', '-localip', ':1.2.3'],
  ),
  fc.constantFrom(53, 0, -1, 1e9, NaN, true, false, undefined),
  fc.constantFrom([], {}, [[]], [{}], [7], { a: 7 }, ['a']),
  // As YAML's null.
  fc.constant(JSON.parse('null')),
);

/** Replaces a value somewhere below; `steps` choose the way. */
function changed(
  value: unknown,
  steps: readonly number[],
  by: unknown,
): unknown {
  if (typeof value !== 'object' || steps.length === 0 || !value) return by;
  const [step, ...rest] = steps;
  if (Array.isArray(value)) {
    const at = value.length > 0 ? step % value.length : 0;
    return value.map((each, index) =>
      index === at ? changed(each, rest, by) : each,
    );
  }
  const keys = Object.keys(value);
  const key = keys[step % Math.max(keys.length, 1)];
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === key ? changed(each, rest, by) : each,
    ]),
  );
}

const PARTS = [
  'data',
  'endpoints',
  'ports',
  'spec',
  'status',
  'subsets',
  'webhooks',
];

/** An object of the platform in which one value is another one. */
const manifest = fc
  .record({
    manifest: fc.constantFrom(...WHOLE),
    part: fc.constantFrom(...PARTS),
    steps: fc.array(fc.nat(50), { maxLength: 9 }),
    by: anything,
  })
  .map(({ manifest: { object, ...rest }, part, steps, by }): ManifestObject => {
    const damaged: KubernetesObject = {
      ...object,
      ...(part in object && { [part]: changed(object[part], steps, by) }),
    };
    return { ...rest, object: damaged };
  });

describe('discoverProfile', () => {
  it('of objects with any value in any place it makes nothing that a profile could not state', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(manifest, { maxLength: 12 }), objects => {
        const given = defaultPlatformProfile('prod');
        const { profile, findings, suggestions } = discoverProfile(
          given,
          objects,
        );
        const { mesh, cni, network, dns, controlPlane, probes } = profile;
        const suggested = (field: string) =>
          suggestions.flatMap(each =>
            each.field === field && each.value ? [each.value] : [],
          );
        const spec = {
          ...{ mesh, cni, network, dns, controlPlane, probes },
          apiServer: suggested('apiServer'),
          scrapers: suggested('scrapers'),
        };
        const stated = platformProfileSchema.safeParse({
          apiVersion: 'callgate.dev/v1alpha1',
          kind: 'PlatformProfile',
          metadata: { name: 'prod' },
          spec,
        });
        expect(stated.error?.issues).toBeUndefined();
        for (const cidr of Object.values(network).flat())
          expect(parseCidr(cidr)).toBeDefined();
        const found = profile.found.map(({ field }) => field);
        for (const guess of given.guesses)
          expect([...profile.guesses, ...found]).toContain(guess);
        for (const { code, at } of findings) {
          expect(['platform-not-readable', 'profile-ambiguous']).toContain(
            code,
          );
          expect(at?.line).toBeGreaterThan(0);
        }
        found.forEach(field => seen.add(field));
        suggestions.forEach(({ field }) => seen.add(field));
        // What opens something is nowhere filled in.
        expect([profile.apiServer, profile.scrapers]).toEqual([[], []]);
      }),
      { numRuns: 1000 },
    );
    // Each source was there often enough to say something.
    expect(seen.size).toBeGreaterThanOrEqual(20);
  });

  it('says the same whatever order objects come in', () => {
    const both = fc
      .array(manifest, { maxLength: 8 })
      .chain(objects =>
        fc.tuple(
          fc.constant(objects),
          fc.shuffledSubarray(objects, { minLength: objects.length }),
        ),
      );
    fc.assert(
      fc.property(both, ([objects, shuffled]) => {
        const given = defaultPlatformProfile('prod');
        const [a, b] = [objects, shuffled].map(
          each => discoverProfile(given, each).profile,
        );
        expect(b).toEqual(a);
      }),
      { numRuns: 500 },
    );
  });
});
