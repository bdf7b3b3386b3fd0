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
  /** by workload that a kept object lets be called, or call: APIs whose grants it is kept for */
  readonly #apis = {
    ingress: new Map<string, Set<string>>(),
    egress: new Map<string, Set<string>>(),
  };

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
      if (!selected) continue;
      const apis = this.#apis[selected.direction];
      for (const { id } of selected.workloads)
        apis.set(id, (apis.get(id) ?? new Set()).add(api));
    }
  }

  /**
   * What is kept for a pair. An end that no kept object is about is open in a world of kept objects alone, so each end that
   * is closed counts only where one is.
   */
  requests(pair: EffectivePair, closed: ClosedEnds): RequestSet {
    const { from, to } = pair;
    const isKept =
      this.apis(pair).length > 0 &&
      (!closed.closedIngress.has(to) || this.#apis.ingress.has(to)) &&
      (!closed.closedEgress.has(from) || this.#apis.egress.has(from));
    return this.#index && isKept
      ? this.#index.like(pair).possible
      : RequestSet.empty;
  }

  /** APIs whose grants it is kept for. */
  apis({ from, to }: EffectivePair): string[] {
    const { ingress, egress } = this.#apis;
    const apis = [...(ingress.get(to) ?? []), ...(egress.get(from) ?? [])];
    return [...new Set(apis)].sort();
  }
}

/** Workloads that the declarations close to their callers, and those whose own calls they close. */
interface ClosedEnds {
  closedIngress: ReadonlySet<string>;
  closedEgress: ReadonlySet<string>;
}
