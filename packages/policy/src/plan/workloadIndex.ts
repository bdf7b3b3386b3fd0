import { Cluster, Labels, Workload } from '../estate/types';

interface Index {
  byId: Map<string, Workload>;
  byNamespace: Map<string, Workload[]>;
  byLabel: Map<string, Workload[]>;
  byServiceAccount: Map<string, Workload[]>;
  byKubernetesId: Map<string, Workload[]>;
}

/** The label by which most entities are bound. */
export const KUBERNETES_ID = 'backstage.io/kubernetes-id';

/** Made once for each cluster: the same questions are asked for every edge. */
const indices = new WeakMap<Cluster, Index>();

const keyOf = (...parts: string[]) => parts.join('\u0000');

function put(map: Map<string, Workload[]>, key: string, workload: Workload) {
  const list = map.get(key);
  if (list) list.push(workload);
  else map.set(key, [workload]);
}

function indexOf(cluster: Cluster): Index {
  let index = indices.get(cluster);
  if (!index) {
    index = {
      byId: new Map(cluster.workloads.map(each => [each.id, each])),
      byNamespace: new Map(),
      byLabel: new Map(),
      byServiceAccount: new Map(),
      byKubernetesId: new Map(),
    };
    for (const workload of cluster.workloads) {
      const { namespace, serviceAccount, podLabels, labels } = workload;
      put(index.byNamespace, namespace, workload);
      put(index.byServiceAccount, keyOf(namespace, serviceAccount), workload);
      for (const [key, value] of Object.entries(podLabels))
        put(index.byLabel, keyOf(namespace, key, value), workload);
      for (const id of new Set([
        podLabels[KUBERNETES_ID],
        labels[KUBERNETES_ID],
      ]))
        if (id !== undefined) put(index.byKubernetesId, id, workload);
    }
    indices.set(cluster, index);
  }
  return index;
}

/** Workloads of one namespace, or all of them. */
export function workloadsIn(
  cluster: Cluster,
  namespace: string | undefined,
): readonly Workload[] {
  return namespace === undefined
    ? cluster.workloads
    : indexOf(cluster).byNamespace.get(namespace) ?? [];
}

/** Workloads whose pods, or which themselves, have the label `backstage.io/kubernetes-id`, in all namespaces. */
export function workloadsWithKubernetesId(
  cluster: Cluster,
  id: string,
): readonly Workload[] {
  return indexOf(cluster).byKubernetesId.get(id) ?? [];
}

/** The workload with an id. */
export function workloadOf(cluster: Cluster, id: string): Workload | undefined {
  return indexOf(cluster).byId.get(id);
}

/** Workloads of a namespace whose pods have all the labels. */
export function workloadsWithLabels(
  cluster: Cluster,
  namespace: string,
  labels: Labels,
): Workload[] {
  const { byNamespace, byLabel } = indexOf(cluster);
  const entries = Object.entries(labels);
  let smallest = byNamespace.get(namespace) ?? [];
  for (const [key, value] of entries) {
    const list = byLabel.get(keyOf(namespace, key, value)) ?? [];
    if (list.length < smallest.length) smallest = list;
  }
  return smallest.filter(({ podLabels }) =>
    entries.every(([key, value]) => podLabels[key] === value),
  );
}

/** Workloads that run under a service account. */
export function workloadsUnder(
  cluster: Cluster,
  namespace: string,
  serviceAccount: string,
): readonly Workload[] {
  const { byServiceAccount } = indexOf(cluster);
  return byServiceAccount.get(keyOf(namespace, serviceAccount)) ?? [];
}
