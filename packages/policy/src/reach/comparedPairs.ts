import { Party, WorkloadParty } from '../evaluate/party';
import { World } from '../evaluate/World';
import { changedEnds } from './changedEnds';
import { Endpoint } from './types';

/** One end in both worlds; absent where the world does not have it. */
export interface End {
  end: Endpoint;
  before?: Party;
  after?: Party;
}

export interface ComparedPairs {
  /** Callers and providers whose access may differ, each pair once. */
  pairs: Iterable<readonly [End, End]>;
  /** Workloads whose ways in may differ. */
  inward: readonly End[];
  /** Workloads whose ways out may differ. */
  outward: readonly End[];
}

/** The ends of two worlds, by name. */
class Ends {
  readonly #known = new Map<string, End>();

  constructor(readonly before: World, readonly after: World) {}

  of(end: string): End {
    let known = this.#known.get(end);
    if (!known) {
      const [was, is] = [
        this.before.parties.get(end),
        this.after.parties.get(end),
      ];
      known = {
        end,
        ...(was ? { before: was } : {}),
        ...(is ? { after: is } : {}),
      };
      this.#known.set(end, known);
    }
    return known;
  }

  all(): End[] {
    const names = new Set([
      ...this.before.parties.keys(),
      ...this.after.parties.keys(),
    ]);
    return [...names].sort().map(name => this.of(name));
  }

  /**
   * The other ends that the network policies of one may let through, in either
   * world; `undefined` when it may be any. Between it and others the kernel
   * admits nothing in both worlds.
   */
  peersOf(
    { before: was, after: is }: End,
    direction: 'ingress' | 'egress',
  ): End[] | undefined {
    const names = new Set<string>();
    for (const [world, party] of [
      [this.before, was],
      [this.after, is],
    ] as const) {
      if (party?.kind !== 'workload' || world.clusters.length > 1)
        return undefined;
      const peers = world
        .of((party as WorkloadParty).cluster)
        .kernelPeers(direction, party);
      if (!peers) return undefined;
      for (const index of peers) names.add(world.partyNames[index][0]);
    }
    return [...names].map(name => this.of(name));
  }
}

/**
 * Pairs that have to be compared to know what changes from one world to
 * another. Where single policies differ, these are few, however many workloads
 * there are.
 */
export function comparedPairs(before: World, after: World): ComparedPairs {
  const ends = new Ends(before, after);
  const moved = changedEnds(before, after);
  const { names } = moved;
  if (!names) {
    const all = ends.all();
    const inward = all.filter(({ end }) => moved.ingress(String(end)));
    const outward = all.filter(({ end }) => moved.egress(String(end)));
    const pairs = function* pairs(): Generator<readonly [End, End]> {
      for (const from of all)
        for (const to of moved.egress(String(from.end)) ? all : inward)
          yield [from, to];
    };
    return { pairs: pairs(), inward, outward };
  }
  const inward = [...names.ingress].sort().map(name => ends.of(name));
  const outward = [...names.egress].sort().map(name => ends.of(name));
  const pairs = function* pairs(): Generator<readonly [End, End]> {
    const everybody = () => ends.all();
    for (const to of inward) {
      const onlyKernel = !names.mesh.has(String(to.end));
      const peers = onlyKernel ? ends.peersOf(to, 'ingress') : undefined;
      for (const from of peers ?? everybody()) yield [from, to];
    }
    // Those were compared above.
    for (const from of outward)
      for (const to of ends.peersOf(from, 'egress') ?? everybody())
        if (!names.ingress.has(String(to.end))) yield [from, to];
  };
  return { pairs: pairs(), inward, outward };
}
