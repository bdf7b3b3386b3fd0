import { Cluster, Workload } from '../estate/types';
import { Binding, bindEntity } from './bindEntity';
import { Recall } from '../Recall';
import { CatalogIndex } from './CatalogIndex';
import { EdgeEnds } from './EdgeEnds';
import { PlanInput } from './types';

const contexts = new Recall<PlanInput['catalog'], PlanContext>();

/**
 * What every step of planning reads. Clusters are sorted by name.
 */
export class PlanContext {
  readonly catalog: CatalogIndex;
  readonly clusters: readonly Cluster[];
  readonly ends = new EdgeEnds();
  readonly #bindings = new Map<string, Binding>();

  private constructor(
    catalog: PlanInput['catalog'],
    clusters: readonly Cluster[],
  ) {
    this.catalog = CatalogIndex.of(catalog);
    this.clusters = clusters;
  }

  /** The context of a catalog and clusters, made once for as long as these are the same. */
  static of({ catalog, clusters }: PlanInput): PlanContext {
    const sorted = [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
    return contexts.get(
      catalog,
      sorted,
      () => new PlanContext(catalog, sorted),
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
