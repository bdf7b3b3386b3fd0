import { Cluster, Workload } from '../estate/types';
import { Binding, bindEntity } from './bindEntity';
import { CatalogIndex } from './CatalogIndex';
import { EdgeEnds } from './EdgeEnds';
import { PlanInput } from './types';

/**
 * What every step of planning reads. Clusters are sorted by name.
 */
export class PlanContext {
  readonly catalog: CatalogIndex;
  readonly clusters: readonly Cluster[];
  readonly ends = new EdgeEnds();
  readonly #bindings = new Map<string, Binding>();

  constructor(input: PlanInput) {
    this.catalog = CatalogIndex.of(input.catalog);
    this.clusters = [...input.clusters].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  }

  /** What an entity of the catalog stands for in the estate. */
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

  /** The workloads of an entity in one cluster. */
  workloadsOf(ref: string, cluster: Cluster): Workload[] {
    const binding = this.bindingOf(ref);
    if (binding.kind !== 'workloads') return [];
    return binding.workloads.filter(
      workload => workload.cluster === cluster.name,
    );
  }
}
