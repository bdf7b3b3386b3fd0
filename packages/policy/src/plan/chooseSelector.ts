import { Cluster, KubernetesObject, Labels, Workload } from '../estate/types';
import { workloadsWithLabels } from './workloadIndex';

/** Labels that controllers set or that change with each release: a selector on them would stop fitting. */
const GENERATED = new Set([
  'pod-template-hash',
  'pod-template-generation',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'rollouts-pod-template-hash',
  // Set by Istio's injector, after other labels.
  'service.istio.io/canonical-name',
  'service.istio.io/canonical-revision',
  'security.istio.io/tlsMode',
  // Of a Job, whose pods have `job-name` in every version.
  'batch.kubernetes.io/job-name',
]);
const VOLATILE = new Set([
  'helm.sh/chart',
  'app.kubernetes.io/version',
  'version',
  'chart',
  'heritage',
  'release',
]);
const PREFERRED = [
  // What istiod itself selects the pods of a Gateway by.
  'gateway.networking.k8s.io/gateway-name',
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app',
  'k8s-app',
  'name',
  'app.kubernetes.io/component',
];

/** A selector for a workload, or the other workloads that no selector can tell from it. */
export type SelectorChoice =
  | { selector: Record<string, string> }
  | { others: string[] };

function rank(key: string): number {
  if (VOLATILE.has(key)) return 1000;
  const preferred = PREFERRED.indexOf(key);
  return preferred === -1 ? 100 : preferred;
}

function sorted(labels: Labels): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Objects of a cluster by `namespace/Kind/name`: asked for once for each workload. */
const objectsById = new WeakMap<Cluster, Map<string, KubernetesObject>>();

function objectOf(cluster: Cluster, id: string): KubernetesObject | undefined {
  let objects = objectsById.get(cluster);
  if (!objects) {
    objects = new Map();
    for (const { object } of cluster.objects) {
      const { namespace = 'default', name } = object.metadata;
      objects.set(`${namespace}/${object.kind}/${name}`, object);
    }
    objectsById.set(cluster, objects);
  }
  return objects.get(id);
}

/** `spec.selector` of the workload object: what its controller selects by and cannot change. */
function ownSelector(cluster: Cluster, workload: Workload): Labels {
  const found = objectOf(cluster, workload.id);
  const spec = found?.spec as
    | { selector?: Record<string, unknown> }
    | undefined;
  const selector = spec?.selector ?? {};
  const labels =
    (typeof selector.matchLabels === 'object'
      ? selector.matchLabels
      : selector) ?? {};
  const own: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    const usable =
      typeof value === 'string' &&
      workload.podLabels[key] === value &&
      !GENERATED.has(key);
    if (usable) own[key] = value;
  }
  return own;
}

/** The label that leaves the fewest others; of several the first in `keys`. */
function bestLabel(
  keys: readonly string[],
  workload: Workload,
  confused: readonly Workload[],
): { key: string; left: Workload[] } | undefined {
  let best: { key: string; left: Workload[] } | undefined;
  for (const key of keys) {
    const left = confused.filter(
      other => other.podLabels[key] === workload.podLabels[key],
    );
    if (best === undefined || left.length < best.left.length)
      best = { key, left };
  }
  return best;
}

/**
 * Chooses `matchLabels` that select the pods of a workload and no others of its namespace: what its controller selects by
 * where that is enough, else as few stable labels more as it takes. Never an empty selector.
 *
 * @param sharing - ids of workloads that it may select as well
 */
export function chooseSelector(
  cluster: Cluster,
  workload: Workload,
  sharing: ReadonlySet<string> = new Set(),
): SelectorChoice {
  const selector = { ...ownSelector(cluster, workload) };
  const keys = Object.keys(workload.podLabels)
    .filter(
      key =>
        !GENERATED.has(key) &&
        !(key in selector) &&
        !(key in (workload.varyingLabels ?? {})),
    )
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  let confused = workloadsWithLabels(
    cluster,
    workload.namespace,
    selector,
  ).filter(
    other =>
      other.id !== workload.id && !other.hostNetwork && !sharing.has(other.id),
  );
  while (confused.length > 0 || Object.keys(selector).length === 0) {
    const step = bestLabel(keys, workload, confused);
    const helps =
      step !== undefined &&
      (step.left.length < confused.length ||
        Object.keys(selector).length === 0);
    if (!helps) return { others: confused.map(other => other.id).sort() };
    selector[step.key] = workload.podLabels[step.key];
    keys.splice(keys.indexOf(step.key), 1);
    confused = step.left;
  }
  return { selector: sorted(selector) };
}
