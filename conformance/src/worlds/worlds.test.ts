import { compilationOf } from '../suites/generation';
import { touchOf } from '../verdict/touchOf';
import { companyCalls, expectationOf } from './companyCalls';
import { damaged } from './damaged';
import { withForeign } from './foreign';
import { PROBE } from './platform';
import { Random } from './Random';
import { randomCalls } from './randomCalls';
import { selectsSomePods, withControllers } from './controllers';
import { kindOf, randomCompany } from './randomCompany';
import { randomWorld } from './randomWorld';
import { smallerWorlds } from './smaller';
import { askedWaypoint, waypointOf } from './waypointOf';
import { worldSeed } from './worldSeed';

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

describe('Worlds from a seed', () => {
  it('are the same for the same seed, so that a run can be repeated', () => {
    for (const seed of SEEDS) {
      const world = randomWorld(seed);
      expect(randomWorld(seed)).toEqual(world);
      expect(randomCalls(world, seed, 20)).toEqual(
        randomCalls(world, seed, 20),
      );
      const company = randomCompany(seed);
      expect(randomCompany(seed)).toEqual(company);
      expect(companyCalls(company, seed)).toEqual(companyCalls(company, seed));
    }
  });

  it('are others for neighbouring seeds: three seeds are three samples', () => {
    const run = (seed: number) =>
      Array.from({ length: 3000 }, (_, index) => worldSeed(seed, index));
    const all = [1, 2, 3].flatMap(run);
    expect(new Set(all).size).toBe(all.length);
    expect(run(1)).toEqual(run(1));
    expect(run(4_000_000_001)[0]).toBe(4_000_000_001);
  });

  it('have every kind of end, and sidecars beside ambient pods', () => {
    const worlds = SEEDS.map(seed => randomWorld(seed));
    const meshes = worlds.map(({ workloads }) =>
      workloads.map(({ mesh, isHost }) => `${isHost ? 'host ' : ''}${mesh}`),
    );
    expect([...new Set(meshes.flat())].sort()).toEqual([
      'ambient',
      'host none',
      'host sidecar',
      'none',
      'sidecar',
    ]);
    expect(
      meshes.some(each => each.includes('sidecar') && each.includes('ambient')),
    ).toBe(true);
    expect(worlds.some(({ waypoints }) => waypoints.length > 0)).toBe(true);
  });

  it('have in companies what proxies do not see, groups of hosts, closed callers and Gateways', () => {
    const companies = SEEDS.map(randomCompany);
    const kinds = companies.flatMap(({ grants }) =>
      grants.map(({ access }) => kindOf(access)),
    );
    expect([...new Set(kinds)].sort()).toEqual(['http', 'sctp', 'tcp', 'udp']);
    const callers = companies.flatMap(({ world, grants }) =>
      grants.map(({ caller }) => world.workloads[caller]),
    );
    expect(callers.some(({ moreIps }) => moreIps)).toBe(true);
    expect(callers.some(({ gateway }) => gateway)).toBe(true);
    expect(companies.some(({ closed }) => closed.length > 0)).toBe(true);
    expect(companies.some(({ world }) => world.foreign)).toBe(true);
  });

  it('have waypoints that are lent in every way, to Services that ask for them and to some that do not', () => {
    const lendings = new Set<string>();
    for (const index of Array(300).keys()) {
      const world = randomWorld(worldSeed(1, index));
      for (const workload of world.workloads) {
        const asked = askedWaypoint(world, workload);
        if (!asked || asked.namespace === workload.namespace) continue;
        const { lentTo = 'not stated' } = asked;
        const how = typeof lentTo === 'string' ? lentTo : 'Selector';
        const isLent = waypointOf(world, workload) !== undefined;
        lendings.add(`${how}: ${isLent ? 'lent' : 'not lent'}`);
      }
    }
    expect([...lendings].sort()).toEqual([
      'All: lent',
      'None: not lent',
      'Same: not lent',
      'Selector: lent',
      'Selector: not lent',
      'not stated: not lent',
    ]);
  });

  it('have policies of others that may touch some calls, and cannot touch others', () => {
    const touches = new Set<string>();
    for (const seed of SEEDS) {
      const world = withForeign(randomWorld(seed), new Random(seed));
      for (const call of randomCalls(world, seed, 20))
        for (const { layer } of world.foreign ?? [])
          touches.add(`${layer}: ${touchOf(world, call)}`);
    }
    for (const layer of ['kernel', 'mesh'])
      for (const touch of ['yes', 'no'])
        expect(touches).toContain(`${layer}: ${touch}`);
  });

  it('have in companies what pods need of the platform and the platform of pods, and calls beside that', () => {
    const asked = new Set<string>();
    for (const seed of SEEDS) {
      const company = randomCompany(seed);
      const compilation = compilationOf(company);
      const { workloads } = company.world;
      const nameOf = (end: number | string) =>
        typeof end === 'number' && workloads[end].isPlatform
          ? workloads[end].name
          : end === PROBE && 'probe';
      for (const call of companyCalls(company, seed)) {
        const name = nameOf(call.to) || nameOf(call.from);
        if (!name) continue;
        asked.add(`${name} ${expectationOf(company, compilation, call)}`);
      }
    }
    for (const name of [
      'coredns',
      'istiod',
      'collector',
      'kubernetes',
      'prometheus',
    ])
      for (const expected of ['allow', 'deny'])
        expect(asked).toContain(`${name} ${expected}`);
    expect(asked).toContain('probe allow');
  });

  it('have pods of one workload that differ, and policies that select some of them', () => {
    const worlds = SEEDS.map(seed => withControllers(randomWorld(seed)));
    const sets = worlds.flatMap(({ workloads }) =>
      workloads.flatMap(({ set }) => (set ? [set] : [])),
    );
    expect([...new Set(sets.map(({ pod }) => pod))].sort()).toEqual([0, 1]);
    expect(worlds.some(({ policies }) => policies.some(selectsSomePods))).toBe(
      true,
    );
  });

  it('never give two ends one address', () => {
    for (const seed of SEEDS) {
      const addresses = randomWorld(seed).workloads.map(({ ip }) => ip);
      expect(new Set(addresses).size).toBe(addresses.length);
    }
  });

  it('lose no end that a call is about when they are made smaller', () => {
    for (const seed of SEEDS) {
      const world = randomWorld(seed);
      const [call] = randomCalls(world, seed, 1);
      const nameOf = ({ workloads }: typeof world, end: number | string) =>
        typeof end === 'string' ? end : workloads[end].ip;
      for (const less of smallerWorlds({ world, calls: [call] })) {
        const [own] = less.calls;
        expect([
          nameOf(less.world, own.from),
          nameOf(less.world, own.to),
        ]).toEqual([nameOf(world, call.from), nameOf(world, call.to)]);
      }
    }
  });

  it('have policies that are damaged in one place of what they say, and the same by the same seed', () => {
    for (const seed of SEEDS) {
      for (const policy of randomWorld(seed).policies) {
        const [one, other] = [1, 2].map(() =>
          damaged(policy, new Random(seed)),
        );
        expect(one).toEqual(other);
        expect({ ...one, spec: policy.spec }).toEqual(policy);
      }
    }
    const all = SEEDS.flatMap(seed =>
      randomWorld(seed).policies.map(policy => ({
        policy,
        other: damaged(policy, new Random(seed)),
      })),
    );
    const changed = all.filter(
      ({ policy, other }) => JSON.stringify(policy) !== JSON.stringify(other),
    );
    expect(changed.length).toBeGreaterThan(all.length * 0.8);
  });
});
