import { Finding } from '../findings';
import {
  amendCluster,
  policyDelta,
  type ObjectChanges,
  type PolicyDelta,
} from '../estate/amendCluster';
import { Cluster, Workload } from '../estate/types';
import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import { CallOptions } from './CallOptions';
import { ClusterWorld } from './ClusterWorld';
import { waysDiffer } from './conditions';
import {
  areTooMany,
  byKinds,
  differByPods,
  hasKinds,
  kindsDiffer,
  ofAllPods,
  podsOf,
} from './podKinds';
import { Bounds, OPEN } from './networkpolicy/kernel';
import { Party, WorkloadParty, addressParty } from './party';
import { uniqueConditions } from './tri';
import { Condition, Layer } from './types';
import { combineWays } from './ways/combineWays';
import { LayeredBounds, directBounds } from './ways/directBounds';
import { hiddenSource, onPorts } from './ways/hiddenSource';
import { wayBounds, waysFor } from './ways/wayBounds';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });

/** Nothing is sure and all is possible where sets are beyond the budget: wide, never wrong. */
const UNDECIDED: Bounds = {
  sure: RequestSet.empty,
  possible: RequestSet.all,
  conditions: [
    {
      kind: 'too-complex',
      text: 'The policies on the way have more patterns than can be decided together.',
    },
  ],
};

function throughout(bounds: Bounds): LayeredBounds {
  return { kernel: bounds, mesh: bounds, whole: bounds };
}

/** What a pair may do, whole and layer by layer. */
export interface PairBounds extends Bounds {
  layers: Record<Layer, Bounds>;
}

/** One reading of some requests is as good as another; of all others the first holds. */
function eitherOn(
  on: RequestSet,
  first: Bounds,
  second: Bounds,
  condition: Condition,
): Bounds {
  if (first.sure === second.sure && first.possible === second.possible)
    return first;
  const sure = first.sure.subtract(on.subtract(second.sure));
  const possible = first.possible.union(second.possible.intersect(on));
  const isSame = sure.equals(first.sure) && possible.equals(first.possible);
  return {
    sure,
    possible,
    conditions: isSame
      ? first.conditions
      : [...first.conditions, ...second.conditions, condition],
  };
}

/** Everything that may be sent on a port where something may. */
export function wholePorts(set: RequestSet): RequestSet {
  let result = set;
  for (const { from, to } of set.segments('TCP')) {
    result = result.union(
      RequestSet.of({ protocol: 'TCP', ports: [{ from, to }] }),
    );
  }
  return result;
}

/**
 * Manifests of any origin, compiled for judging: what {@link evaluate},
 * `explain`, `reach` and `diff` ask. Immutable.
 *
 * @public
 */
export class World {
  readonly clusters: readonly Cluster[];
  /** What was noticed while reading the policies. */
  readonly findings: readonly Finding[];
  /** Values of the profiles that were assumed; `cluster:` before them in a world of several clusters. */
  readonly guesses: readonly string[];
  /** All workloads by the name that they have in this world, in the order of clusters and ids. @internal */
  readonly parties: ReadonlyMap<string, WorkloadParty>;
  /** The same as a list: in a world of one cluster, in the order of its workloads. @internal */
  readonly partyNames: readonly (readonly [string, WorkloadParty])[];
  readonly #worlds: ReadonlyMap<string, ClusterWorld>;
  /** The same with each kind of pods as a workload of its own; made when it is asked. */
  #byKinds?: World;

  private constructor(
    clusters: readonly Cluster[],
    worlds: readonly ClusterWorld[],
    parties?: Pick<World, 'parties' | 'partyNames'>,
  ) {
    this.clusters = clusters;
    this.#worlds = new Map(
      clusters.map(({ name }, index) => [name, worlds[index]]),
    );
    this.findings = worlds.flatMap(world => world.findings);
    const several = clusters.length > 1;
    this.guesses = clusters.flatMap(({ name, profile }) =>
      profile.guesses.map(guess => (several ? `${name}:${guess}` : guess)),
    );
    this.parties = parties?.parties ?? partiesOf(clusters);
    this.partyNames = parties?.partyNames ?? [...this.parties];
  }

  /** @internal */
  static of(clusters: readonly Cluster[]): World {
    return new World(
      clusters,
      clusters.map(cluster => ClusterWorld.of(cluster)),
    );
  }

  /**
   * The world of clusters that were amended: what did not change is not
   * compiled again. @internal
   */
  amended(clusters: readonly Cluster[]): World {
    const deltas = clusters.map((cluster, index) =>
      policyDelta(this.clusters[index], cluster),
    );
    const worlds = clusters.map((cluster, index) => {
      const delta = deltas[index];
      return delta
        ? this.of(this.clusters[index]).amended(cluster, delta)
        : ClusterWorld.of(cluster);
    });
    const isKnown = !deltas.includes(undefined);
    const amended = new World(clusters, worlds, isKnown ? this : undefined);
    if (isKnown && clusters.some(hasKinds))
      amended.#byKinds = this.byKinds().amendedByKinds(clusters, deltas);
    return amended;
  }

  private amendedByKinds(
    clusters: readonly Cluster[],
    deltas: readonly (PolicyDelta | undefined)[],
  ): World {
    const whole = clusters.map(byKinds);
    const worlds = whole.map((cluster, index) =>
      this.of(cluster).amended(
        cluster,
        deltas[index] ?? { removed: [], added: [] },
      ),
    );
    return new World(whole, worlds, this);
  }

  private byKinds(): World {
    this.#byKinds ??= World.of(this.clusters.map(byKinds));
    return this.#byKinds;
  }

  /** The pairs of pods that two ends may mean, with the world in which each is judged: one, where the pods of each are alike. @internal */
  podPairs<To extends Party>(
    from: Party,
    to: To,
  ): { world: World; from: Party; to: To }[] {
    if (!differByPods(from, to)) return [{ world: this, from, to }];
    const world = this.byKinds();
    const several = world.clusters.length > 1;
    const partyOf = ({ name }: Cluster, { id }: Workload) =>
      world.parties.get(several ? `${name}:${id}` : id)!;
    return podsOf(from, partyOf).flatMap(caller =>
      podsOf(to, partyOf).map(provider => ({
        world,
        from: caller,
        to: provider,
      })),
    );
  }

  /** The workload, address or CIDR that a text stands for. @internal */
  resolve(text: string): Party | undefined {
    return this.parties.get(text) ?? addressParty(text);
  }

  /** What is compiled of a cluster. Names tell clusters apart: parties have the cluster as it was before it was amended. @internal */
  of({ name }: Cluster): ClusterWorld {
    return this.#worlds.get(name)!;
  }

  /**
   * Why the pair is not judged at all. Clusters that both state the same
   * network reach each other's pods directly: their policies decide as in one
   * cluster, except that no policy selects pods of another (docs/semantics.md, O7). Of
   * others it is not known what the provider sees of the caller. @internal
   */
  notJudged(from: Party, to: Party): Condition[] {
    if (
      from.kind === 'address' ||
      to.kind === 'address' ||
      from.cluster === to.cluster
    )
      return [];
    const [own, other] = [from.cluster, to.cluster];
    const network = own.profile.mesh.network;
    if (network !== undefined && network === other.profile.mesh.network) {
      const { trustDomain, trustDomainAliases } = other.profile.mesh;
      const theirs = own.profile.mesh.trustDomain;
      const isTrusted = [trustDomain, ...trustDomainAliases].includes(theirs);
      const isMesh =
        from.workload.mesh !== 'none' && to.workload.mesh !== 'none';
      if (isTrusted || !isMesh) return [];
      return [
        {
          kind: 'identity-unknown',
          text: `${own.name} has trust domain ${theirs}, which ${other.name} does not state as its own or an alias: whether its certificates are taken is not known.`,
        },
      ];
    }
    return [
      {
        kind: 'not-supported-yet',
        text: `${own.name} and ${other.name} are two clusters that do not state one network: what the provider sees of the caller is not judged by this version.`,
      },
    ];
  }

  /** What network policies of both ends admit. @internal */
  kernelBounds(from: Party, to: Party): Bounds {
    const egress =
      from.kind === 'workload'
        ? this.of(from.cluster).kernelBounds('egress', from, to)
        : OPEN;
    const ingress =
      to.kind === 'workload'
        ? this.of(to.cluster).kernelBounds('ingress', to, from)
        : OPEN;
    if (egress === OPEN) return ingress;
    if (ingress === OPEN) return egress;
    return {
      sure: egress.sure.intersect(ingress.sure),
      possible: egress.possible.intersect(ingress.possible),
      conditions: [...egress.conditions, ...ingress.conditions],
    };
  }

  /** What the pair may do, symbolically. @internal */
  pairBounds(from: Party, to: Party, options: CallOptions = {}): PairBounds {
    const cross = this.notJudged(from, to);
    const { kernel, mesh, whole } = answerOr(
      () => this.ofPods(from, to, options),
      () => throughout(UNDECIDED),
    );
    const identity: Bounds =
      mesh === OPEN
        ? OPEN
        : {
            sure: wholePorts(mesh.sure),
            possible: wholePorts(mesh.possible),
            conditions: mesh.conditions,
          };
    const layers = { kernel, identity, method: mesh };
    if (cross.length > 0) {
      return {
        sure: RequestSet.empty,
        possible: RequestSet.all,
        conditions: cross,
        layers,
      };
    }
    const { sure, possible } = whole;
    const conditions = sure.equals(possible)
      ? []
      : uniqueConditions(whole.conditions);
    return { sure, possible, conditions, layers };
  }

  private ofPods(from: Party, to: Party, options: CallOptions): LayeredBounds {
    if (!differByPods(from, to)) return this.layered(from, to, options);
    const differ = kindsDiffer(from, to);
    if (areTooMany(from, to))
      return throughout({ ...UNDECIDED, conditions: differ });
    return ofAllPods(
      this.podPairs(from, to).map(pair =>
        pair.world.layered(pair.from, pair.to, options),
      ),
      differ,
    );
  }

  private layered(from: Party, to: Party, options: CallOptions): LayeredBounds {
    if (to.kind === 'address') return directBounds(this, from, to, options);
    const hidden = hiddenSource(from, to, options);
    if (hidden) {
      const own = directBounds(this, from, to, options);
      const node = directBounds(this, hidden.node, to, options);
      const on = onPorts(hidden.ports);
      const either = (layer: keyof LayeredBounds) =>
        eitherOn(on, own[layer], node[layer], hidden.condition);
      return {
        kernel: either('kernel'),
        mesh: either('mesh'),
        whole: either('whole'),
      };
    }
    const ways = waysFor(from, to, options);
    const each = ways.map(way => wayBounds(this, from, to, way, options));
    if (ways.length === 1) return each[0];
    const differ = waysDiffer(from, to);
    const combined = (layer: keyof LayeredBounds) =>
      combineWays(
        ways.map(({ target }, index) => ({
          bounds: each[index][layer],
          ...(target === undefined ? {} : { target }),
        })),
        differ,
      );
    return {
      kernel: combined('kernel'),
      mesh: combined('mesh'),
      whole: combined('whole'),
    };
  }

  /** TCP that nothing on the way reads as HTTP: methods are not decided there. @internal */
  opaque(from: Party, to: WorkloadParty): RequestSet {
    const cluster = this.of(to.cluster);
    const own = cluster.model(to).tcp;
    let opaque = own;
    for (const { stop, target } of waysFor(from, to, {})) {
      if (!stop) continue;
      const { tcp } = cluster.waypointModels(stop)[0];
      const read =
        target === undefined
          ? ALL_TCP.subtract(tcp)
          : RequestSet.ofHttp(
              'TCP',
              [target],
              ALL_TCP.subtract(tcp).on(
                'TCP',
                stop.address?.port.port ?? target,
              ),
            );
      opaque = opaque.subtract(read);
    }
    return opaque;
  }
}

function partiesOf(clusters: readonly Cluster[]): Map<string, WorkloadParty> {
  const parties = new Map<string, WorkloadParty>();
  for (const cluster of clusters) {
    const prefix = clusters.length > 1 ? `${cluster.name}:` : '';
    cluster.workloads.forEach((workload, index) =>
      parties.set(`${prefix}${workload.id}`, {
        kind: 'workload',
        index,
        workload,
        cluster,
      }),
    );
  }
  return parties;
}

/**
 * Compiles clusters for judging.
 *
 * @public
 */
export function createWorld(clusters: readonly Cluster[]): World {
  return World.of(clusters);
}

/**
 * The world after changes in one of its clusters: the same as creating it anew,
 * but where only policies change, what stays is not compiled again.
 *
 * @param cluster - may be left out where there is one
 * @throws Error when the world has no such cluster.
 * @public
 */
export function amendWorld(
  world: World,
  changes: ObjectChanges & { cluster?: string },
): World {
  const name = changes.cluster ?? world.clusters[0]?.name;
  if (!world.clusters.some(cluster => cluster.name === name))
    throw new Error(`The world has no cluster ${name}.`);
  return world.amended(
    world.clusters.map(cluster =>
      cluster.name === name ? amendCluster(cluster, changes) : cluster,
    ),
  );
}
