import { Finding } from '../findings';
import { Cluster } from '../estate/types';
import { RequestSet } from '../requestset/RequestSet';
import { CallOptions, ClusterWorld } from './ClusterWorld';
import { Bounds, OPEN } from './networkpolicy/kernel';
import { Party, WorkloadParty, addressParty } from './party';
import { uniqueConditions } from './tri';
import { Condition, Layer } from './types';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/** What a pair may do, whole and layer by layer. */
export interface PairBounds extends Bounds {
  layers: Record<Layer, Bounds>;
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
  readonly #worlds: readonly ClusterWorld[];
  readonly #parties = new Map<string, WorkloadParty>();
  readonly #partyNames: readonly (readonly [string, WorkloadParty])[];

  /** @internal */
  constructor(clusters: readonly Cluster[]) {
    this.clusters = clusters;
    this.#worlds = clusters.map(cluster => new ClusterWorld(cluster));
    this.findings = this.#worlds.flatMap(world => world.findings);
    const several = clusters.length > 1;
    this.guesses = clusters.flatMap(({ name, profile }) =>
      profile.guesses.map(guess => (several ? `${name}:${guess}` : guess)),
    );
    for (const cluster of clusters) {
      cluster.workloads.forEach((workload, index) => {
        this.#parties.set(
          `${several ? `${cluster.name}:` : ''}${workload.id}`,
          { kind: 'workload', index, workload, cluster },
        );
      });
    }
    this.#partyNames = [...this.#parties];
  }

  /** All workloads by the name that they have in this world, in the order of clusters and ids. @internal */
  get parties(): ReadonlyMap<string, WorkloadParty> {
    return this.#parties;
  }

  /** The same as a list: in a world of one cluster, in the order of its workloads. @internal */
  get partyNames(): readonly (readonly [string, WorkloadParty])[] {
    return this.#partyNames;
  }

  /** The workload, address or CIDR that a text stands for. @internal */
  resolve(text: string): Party | undefined {
    return this.#parties.get(text) ?? addressParty(text);
  }

  /** @internal */
  of(cluster: Cluster): ClusterWorld {
    return this.#worlds[this.clusters.indexOf(cluster)];
  }

  /** Why this version does not judge the pair at all. @internal */
  notJudged(from: Party, to: Party): Condition[] {
    if (
      from.kind === 'address' ||
      to.kind === 'address' ||
      from.cluster === to.cluster
    )
      return [];
    return [
      {
        kind: 'not-supported-yet',
        text: `${from.cluster.name} and ${to.cluster.name} are two clusters: what the provider sees of the caller is not judged by this version.`,
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
    const kernel = this.kernelBounds(from, to);
    const world = to.kind === 'workload' ? this.of(to.cluster) : undefined;
    const mesh = world ? world.meshBounds(from, to, options) : OPEN;
    const identity: Bounds =
      mesh === OPEN
        ? OPEN
        : {
            sure: wholePorts(mesh.sure),
            possible: wholePorts(mesh.possible),
            conditions: mesh.conditions,
          };
    const layers = { kernel, identity, method: mesh };
    const whole = this.whole(kernel, mesh);
    if (cross.length > 0) {
      return {
        sure: RequestSet.empty,
        possible: RequestSet.all,
        conditions: cross,
        layers,
      };
    }
    const ambient =
      world && to.kind === 'workload' ? world.ambientConditions(from, to) : [];
    if (ambient.length > 0) {
      // The kernel sees HBONE, not the port of the application: TCP is unknown whatever it says of ports.
      return {
        sure: whole.sure.intersect(NOT_TCP),
        possible: whole.possible.union(ALL_TCP),
        conditions: uniqueConditions([...whole.conditions, ...ambient]),
        layers,
      };
    }
    return { ...whole, layers };
  }

  private whole(kernel: Bounds, mesh: Bounds): Bounds {
    if (mesh === OPEN) return kernel;
    if (kernel === OPEN) return mesh;
    const sure = kernel.sure.intersect(mesh.sure);
    const possible = kernel.possible.intersect(mesh.possible);
    const conditions = sure.equals(possible)
      ? []
      : uniqueConditions([...kernel.conditions, ...mesh.conditions]);
    return { sure, possible, conditions };
  }
}

/**
 * Compiles clusters for judging.
 *
 * @public
 */
export function createWorld(clusters: readonly Cluster[]): World {
  return new World(clusters);
}
