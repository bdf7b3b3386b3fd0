import fc from 'fast-check';
import { buildCluster } from '../estate/buildCluster';
import { Cluster, MeshMode } from '../estate/types';
import { AddressSet } from '../net/AddressSet';
import { diff } from '../reach/diff';
import { reach } from '../reach/reach';
import type { DiffResult, Endpoint } from '../reach/types';
import {
  randomObjects,
  randomWaypointObjects,
} from './__testUtils__/randomWorlds';
import { clusterOf, statedProfile } from './__testUtils__/worlds';
import { amendWorld, createWorld, World } from './World';

type Objects = Parameters<typeof clusterOf>[0];

const POLICY = /^(NetworkPolicy|AuthorizationPolicy|PeerAuthentication)$/;

/** The world of the same objects, from nothing. */
function anew(world: World): World {
  return createWorld(
    world.clusters.map(
      ({ name, objects, profile, meshOption }: Cluster) =>
        buildCluster({ name, objects, profile, mesh: meshOption }).cluster,
    ),
  );
}

function build(objects: Objects, mode: MeshMode | 'detect'): World {
  return createWorld([
    clusterOf(objects, { profile: statedProfile({}), mesh: mode }),
  ]);
}

const mesh = fc.constantFrom<MeshMode | 'detect'>(
  'sidecar',
  'ambient',
  'none',
  'detect',
);

/**
 * Addresses outside are told apart as far as the workloads in question treat
 * them otherwise, and worlds made anew ask all of them: entries that say the
 * same of several classes are put together, and each class has its own witness.
 */
function byAddress(result: DiffResult): unknown {
  const merged = <T extends { from: Endpoint; to: Endpoint }>(
    entries: readonly T[],
  ) => {
    const groups = new Map<string, string[]>();
    for (const { witness: _, from, to, ...rest } of entries as readonly (T & {
      witness: unknown;
    })[]) {
      const name = (end: Endpoint) => (typeof end === 'string' ? end : '*');
      const cidrs = [from, to].flatMap(end =>
        typeof end === 'string' ? [] : end.cidrs,
      );
      const key = JSON.stringify([name(from), name(to), rest]);
      groups.set(key, [...(groups.get(key) ?? []), ...cidrs]);
    }
    return [...groups]
      .map(([key, cidrs]) => `${key} ${AddressSet.ofCidrs(cidrs).toCidrs()}`)
      .sort();
  };
  return {
    gained: merged(result.gained),
    lost: merged(result.lost),
    changed: merged(result.changed),
    layers: merged(result.layers),
    isolation: result.isolation.map(({ witness: _, ...flip }) => flip),
    findings: result.findings,
    guesses: result.guesses,
  };
}

/** Policies to take away, and policies of another world to apply in their place. */
const change = fc.record({
  objects: fc.oneof(randomObjects, randomWaypointObjects),
  others: fc.oneof(randomObjects, randomWaypointObjects),
  mode: mesh,
  which: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
});

function changed({ objects, others, mode, which }: Change) {
  const before = build(objects, mode);
  const all = before.clusters[0].objects;
  const policies = build(others, mode).clusters[0].objects.filter(
    ({ object }) => POLICY.test(object.kind),
  );
  const after = amendWorld(before, {
    remove: which.map(each => all[each % all.length]),
    apply:
      policies.length === 0
        ? []
        : [...new Set(which.map(each => policies[each % policies.length]))],
  });
  return { before, after };
}

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

describe('a world after changes', () => {
  it('has the access of one that is made anew', () => {
    fc.assert(
      fc.property(change, each => {
        const { after } = changed(each);
        expect(reach(after)).toEqual(reach(anew(after)));
      }),
      { numRuns: 200 },
    );
  });

  it('differs from what it was as one that is made anew does', () => {
    let differing = 0;
    fc.assert(
      fc.property(change, each => {
        const { before, after } = changed(each);
        const expected = diff(anew(before), anew(after));
        expect(byAddress(diff(before, after))).toEqual(byAddress(expected));
        if (expected.gained.length + expected.lost.length > 0) differing++;
      }),
      { numRuns: 200 },
    );
    expect(differing).toBeGreaterThan(20);
  });

  it('is the one before when the changes are taken back', () => {
    fc.assert(
      fc.property(change, each => {
        const { before, after } = changed(each);
        const [was, is] = [before, after].map(
          world => world.clusters[0].objects,
        );
        const back = amendWorld(after, {
          remove: is.filter(manifest => !was.includes(manifest)),
          apply: was.filter(manifest => !is.includes(manifest)),
        });
        // Findings are in the order of the objects, which is another one.
        expect({ ...reach(back), findings: [] }).toEqual({
          ...reach(before),
          findings: [],
        });
        expect(diff(before, back)).toMatchObject({
          gained: [],
          lost: [],
          changed: [],
          layers: [],
          isolation: [],
        });
      }),
      { numRuns: 100 },
    );
  });

  it('is refused for a cluster that the world does not have', () => {
    expect(() =>
      amendWorld(build([], 'none'), { cluster: 'another', apply: [] }),
    ).toThrow('The world has no cluster another.');
  });
});
