import { Cluster, Workload } from '../estate/types';
import { Binding } from './bindEntity';
import { Bindings } from './claims/Bindings';
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

  private constructor(
    catalog: PlanInput['catalog'],
    clusters: readonly Cluster[],
    readonly bindings: Bindings,
  ) {
    this.catalog = CatalogIndex.of(catalog);
    this.clusters = clusters;
  }

  /** The context of a catalog and clusters, made once for as long as these and what holds in them are the same. */
  static of({ catalog, clusters, policies, declared }: PlanInput): PlanContext {
    const sorted = [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
    const bindings = Bindings.of({
      catalog,
      clusters: sorted,
      policies: declared ?? policies,
    });
    return contexts.get(
      catalog,
      [...sorted, bindings],
      () => new PlanContext(catalog, sorted, bindings),
    );
  }

  /** What an entity of the catalog stands for in the estate, as far as its claims hold. */
  bindingOf(ref: string): Binding {
    return this.bindings.of(ref);
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
