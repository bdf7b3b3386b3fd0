import { Cluster, Workload } from '../estate/types';
import { Selector } from './selector';

const NOBODY: readonly number[] = [];

const NONE: ReadonlySet<number> = new Set();

/** Workloads that peers of a rule stand for. */
export interface Peers {
  /** With all of their pods or some. */
  all: ReadonlySet<number>;
  partly: ReadonlySet<number>;
}

/** Workloads that a selector matches. */
export interface Selected {
  /** With all of their pods or some, ascending. */
  all: readonly number[];
  /** Those of which it matches some pods only. */
  partly: ReadonlySet<number>;
}

/**
 * Finds workloads of a cluster by labels. Workloads are numbers: their place
 * in `cluster.workloads`. Answers are kept by selector, so that many policies
 * with the same selector ask once.
 */
export class WorkloadIndex {
  readonly #cluster: Cluster;
  readonly #byNamespace = new Map<string, number[]>();
  /** Namespace, then `key=value`. */
  readonly #byLabel = new Map<string, Map<string, number[]>>();
  /** Namespaces by `key=value`. */
  readonly #namespacesByLabel = new Map<string, string[]>();
  /** Workloads of a namespace by the labels that tell their pods apart. */
  readonly #byVarying = new Map<string, Map<string, number[]>>();
  readonly #answers = new Map<string, Selected>();
  readonly #namespaceAnswers = new Map<string, readonly string[]>();
  readonly #sets = new Map<string, Peers>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.workloads.forEach((workload, index) => {
      // Network policies select pods only.
      if (workload.runsOn === 'host') return;
      push(this.#byNamespace, workload.namespace, index);
      let labels = this.#byLabel.get(workload.namespace);
      if (!labels) this.#byLabel.set(workload.namespace, (labels = new Map()));
      for (const [key, value] of Object.entries(workload.podLabels))
        push(labels, `${key}=${value}`, index);
      if (!workload.varyingLabels) return;
      let varying = this.#byVarying.get(workload.namespace);
      if (!varying)
        this.#byVarying.set(workload.namespace, (varying = new Map()));
      for (const key of Object.keys(workload.varyingLabels))
        push(varying, key, index);
    });
    for (const { name, labels } of cluster.namespaces.values()) {
      for (const [key, value] of Object.entries(labels)) {
        const label = `${key}=${value}`;
        const list = this.#namespacesByLabel.get(label);
        if (list) list.push(name);
        else this.#namespacesByLabel.set(label, [name]);
      }
    }
  }

  /** Workloads of a namespace that the selector matches with all or some of their pods, ascending. */
  inNamespace(namespace: string, selector: Selector): readonly number[] {
    return this.select(namespace, selector).all;
  }

  /** The same, with those of which it matches some pods only. */
  select(namespace: string, selector: Selector): Selected {
    const key = `${namespace}\n${selector.key}`;
    const known = this.#answers.get(key);
    if (known) return known;
    let candidates = this.#byNamespace.get(namespace) ?? NOBODY;
    const labels = this.#byLabel.get(namespace);
    const varying = this.#byVarying.get(namespace);
    for (const [name, value] of selector.equal) {
      let list = labels?.get(`${name}=${value}`) ?? NOBODY;
      const more = varying?.get(name);
      if (more) list = [...new Set([...list, ...more])].sort((a, b) => a - b);
      if (list.length < candidates.length) candidates = list;
    }
    const all: number[] = [];
    let partly: Set<number> | undefined;
    for (const index of candidates) {
      const match = selector.matchesPods(this.workload(index));
      if (match !== 'no') all.push(index);
      if (match === 'maybe') (partly ??= new Set()).add(index);
    }
    const found = { all, partly: partly ?? NONE };
    this.#answers.set(key, found);
    return found;
  }

  /** Names of the namespaces that the selector matches. */
  namespaces(selector: Selector): readonly string[] {
    const known = this.#namespaceAnswers.get(selector.key);
    if (known) return known;
    const found: string[] = [];
    for (const name of this.namespaceCandidates(selector)) {
      const namespace = this.#cluster.namespaces.get(name);
      if (namespace && selector.matches(namespace.labels)) found.push(name);
    }
    this.#namespaceAnswers.set(selector.key, found);
    return found;
  }

  /**
   * Workloads that a peer with these selectors stands for, host-network ones
   * left out: labels do not match them (docs/semantics.md, N1).
   */
  peers(namespaces: Selector | string, pods: Selector): Peers {
    const key = `${
      typeof namespaces === 'string' ? namespaces : namespaces.key
    }\n${pods.key}`;
    const known = this.#sets.get(key);
    if (known) return known;
    const names =
      typeof namespaces === 'string'
        ? [namespaces]
        : this.namespaces(namespaces);
    const all = new Set<number>();
    const partly = new Set<number>();
    for (const name of names) {
      const selected = this.select(name, pods);
      for (const index of selected.all) {
        if (this.workload(index).hostNetwork) continue;
        all.add(index);
        if (selected.partly.has(index)) partly.add(index);
      }
    }
    const found = { all, partly };
    this.#sets.set(key, found);
    return found;
  }

  private namespaceCandidates(selector: Selector): Iterable<string> {
    let fewest: readonly string[] | undefined;
    for (const [key, value] of selector.equal) {
      const list = this.#namespacesByLabel.get(`${key}=${value}`) ?? [];
      if (!fewest || list.length < fewest.length) fewest = list;
    }
    return fewest ?? this.#cluster.namespaces.keys();
  }

  private workload(index: number): Workload {
    return this.#cluster.workloads[index];
  }
}

function push<K>(map: Map<K, number[]>, key: K, index: number): void {
  const list = map.get(key);
  if (list) list.push(index);
  else map.set(key, [index]);
}
