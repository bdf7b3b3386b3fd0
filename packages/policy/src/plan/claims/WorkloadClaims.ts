import { Cluster, Workload } from '../../estate/types';
import { Recall } from '../../Recall';
import { Binding, bindEntity } from '../bindEntity';
import { CatalogIndex } from '../CatalogIndex';
import { PlanInput } from '../types';
import { haveOneOwner, Owners } from './Owners';
import { Claimant } from './types';
import { ownerOfWorkload, StatedOwner } from './workloadOwner';

/** A workload with everybody who is bound to it. */
export interface ClaimedWorkload {
  workload: Workload;
  claimants: readonly Claimant[];
  owner?: StatedOwner;
  /** nothing says whose it is, and its claimants have no owner in common: only what was approved can tell */
  isDisputed: boolean;
}

const known = new Recall<PlanInput['catalog'], WorkloadClaims>();

/** What claims depend on: the rest of a cluster, its policies above all, changes all the time. */
export const partsOf = (clusters: readonly Cluster[]) =>
  clusters.flatMap(({ name, workloads, namespaces, profile }) => [
    name,
    workloads,
    namespaces,
    profile,
  ]);

/** Tells workloads of all clusters apart. */
export const workloadKey = (cluster: string, id: string) => `${cluster} ${id}`;

/**
 * What the entities of a catalog claim in the estate, and whose that is as far as somebody states it. Knows no declarations.
 */
export class WorkloadClaims {
  /** Made once for as long as catalog and clusters are the same. Clusters are sorted by name. */
  static of(
    entities: PlanInput['catalog'],
    clusters: readonly Cluster[],
  ): WorkloadClaims {
    return known.get(
      entities,
      partsOf(clusters),
      () => new WorkloadClaims(CatalogIndex.of(entities), clusters),
    );
  }

  readonly owners: Owners;
  /** what only approvals can tell */
  readonly disputed: readonly ClaimedWorkload[];
  /** workloads whose stated owner cannot be read */
  readonly unread: { text: string; workload: string }[];
  readonly #bindings = new Map<string, Binding>();
  readonly #workloads = new Map<string, ClaimedWorkload>();

  private constructor(
    readonly catalog: CatalogIndex,
    readonly clusters: readonly Cluster[],
  ) {
    this.owners = Owners.of(catalog);
    const claimed = new Map<string, { workload: Workload; refs: string[] }>();
    for (const ref of catalog.bindable()) {
      const binding = this.bindingOf(ref);
      if (binding.kind !== 'workloads') continue;
      for (const workload of binding.workloads) {
        const key = workloadKey(workload.cluster, workload.id);
        const found = claimed.get(key);
        if (found) found.refs.push(ref);
        else claimed.set(key, { workload, refs: [ref] });
      }
    }
    const byName = new Map(clusters.map(each => [each.name, each]));
    for (const [key, { workload, refs }] of claimed) {
      const cluster = byName.get(workload.cluster);
      const owner = cluster && ownerOfWorkload(cluster, workload);
      const claimants = refs.map(ref => this.owners.claimant(ref));
      this.#workloads.set(key, {
        workload,
        claimants,
        ...(owner && { owner }),
        isDisputed: !owner && !haveOneOwner(claimants),
      });
    }
    this.unread = [...this.#workloads.values()].flatMap(({ owner, workload }) =>
      owner?.problem === undefined
        ? []
        : [{ text: owner.problem, workload: workload.id }],
    );
    this.disputed = [...this.#workloads.values()].filter(
      ({ isDisputed }) => isDisputed,
    );
  }

  /** What an entity claims. */
  bindingOf(ref: string): Binding {
    let binding = this.#bindings.get(ref);
    if (!binding) {
      const entity = this.catalog.get(ref);
      binding = entity
        ? bindEntity(entity, this.clusters)
        : { kind: 'missing' };
      this.#bindings.set(ref, binding);
    }
    return binding;
  }

  /** Everybody who claims a workload. */
  on(cluster: string, id: string): ClaimedWorkload | undefined {
    return this.#workloads.get(workloadKey(cluster, id));
  }

  /** Everything that is claimed. */
  all(): Iterable<ClaimedWorkload> {
    return this.#workloads.values();
  }
}
