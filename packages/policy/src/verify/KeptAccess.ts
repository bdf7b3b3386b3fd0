import { withOnly } from '../compile/generatedObjects';
import { selectedBy } from '../compile/inForce';
import type { CompiledObject } from '../compile/types';
import { API_KEY } from '../emit';
import type { Cluster } from '../estate/types';
import { PairRecall } from '../Recall';
import { RequestSet } from '../requestset/RequestSet';
import {
  EffectiveAccessIndex,
  type EffectivePair,
} from './EffectiveAccessIndex';

/** What stays open for grants with errors in one cluster. */
export class KeptAccess {
  static readonly #known = new PairRecall<
    readonly CompiledObject[],
    Cluster,
    KeptAccess
  >();
  /** Nothing is kept. */
  static readonly nothing: readonly CompiledObject[] = [];

  readonly #index: EffectiveAccessIndex | undefined;
  /** by workload that a kept object opens: APIs whose grants it is kept for */
  readonly #apis = new Map<string, Set<string>>();

  static of(kept: readonly CompiledObject[], cluster: Cluster): KeptAccess {
    return KeptAccess.#known.get(
      kept,
      cluster,
      () => new KeptAccess(kept, cluster),
    );
  }

  private constructor(kept: readonly CompiledObject[], cluster: Cluster) {
    const here = kept.filter(each => each.cluster === cluster.name);
    if (here.length === 0) return;
    this.#index = EffectiveAccessIndex.of(
      withOnly(
        cluster,
        here.map(({ object }) => object),
      ),
    );
    for (const { object } of here) {
      const selected = selectedBy(object, cluster);
      const api = object.metadata.annotations[API_KEY];
      for (const { id } of selected?.workloads ?? [])
        this.#apis.set(id, (this.#apis.get(id) ?? new Set()).add(api));
    }
  }

  /** What is kept for a pair. A workload that no kept object is about has nothing kept: it is not open. */
  requests(pair: EffectivePair): RequestSet {
    return this.#index && this.apis(pair).length > 0
      ? this.#index.like(pair).possible
      : RequestSet.empty;
  }

  /** APIs whose grants it is kept for. */
  apis({ from, to }: EffectivePair): string[] {
    const apis = [from, to].flatMap(id => [...(this.#apis.get(id) ?? [])]);
    return [...new Set(apis)].sort();
  }
}
