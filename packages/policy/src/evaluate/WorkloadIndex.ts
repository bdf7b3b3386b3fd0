import { Cluster, Workload } from '../estate/types';
import { Selector } from './selector';

const NOBODY: readonly number[] = [];

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
  readonly #answers = new Map<string, readonly number[]>();
  readonly #namespaceAnswers = new Map<string, readonly string[]>();
  readonly #sets = new Map<string, ReadonlySet<number>>();

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

  /** Workloads of a namespace that the selector matches, ascending. */
  inNamespace(namespace: string, selector: Selector): readonly number[] {
    const key = `${namespace}\n${selector.key}`;
    const known = this.#answers.get(key);
    if (known) return known;
    let candidates = this.#byNamespace.get(namespace) ?? NOBODY;
    const labels = this.#byLabel.get(namespace);
    for (const [name, value] of selector.equal) {
      const list = labels?.get(`${name}=${value}`) ?? NOBODY;
      if (list.length < candidates.length) candidates = list;
    }
    const found = candidates.filter(index =>
      selector.matches(this.workload(index).podLabels),
    );
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
   * left out: labels do not match them (design 4, N1).
   */
  peers(namespaces: Selector | string, pods: Selector): ReadonlySet<number> {
    const key = `${
      typeof namespaces === 'string' ? namespaces : namespaces.key
    }\n${pods.key}`;
    const known = this.#sets.get(key);
    if (known) return known;
    const names =
      typeof namespaces === 'string'
        ? [namespaces]
        : this.namespaces(namespaces);
    const found = new Set<number>();
    for (const name of names) {
      for (const index of this.inNamespace(name, pods)) {
        if (!this.workload(index).hostNetwork) found.add(index);
      }
    }
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
