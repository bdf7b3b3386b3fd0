import { amendCluster } from '../estate/amendCluster';
import { notReadIn } from '../estate/notRead';
import type { Cluster, ManifestObject } from '../estate/types';
import type { AccessChange } from './types';
import { workloadAt } from './accessChanges';

/** Name and account of the pod that stands for whoever comes later. */
const NEWCOMER = 'callgate.newcomer';

const known = new WeakMap<Cluster, Cluster>();

/**
 * The cluster with one more pod in each namespace: somebody without labels and with an account of their own, who stands for
 * whatever is deployed there later. Policies that name nobody, such as a default deny, are about these as well.
 */
export function withNewcomers(cluster: Cluster): Cluster {
  let found = known.get(cluster);
  if (!found) {
    found = amendCluster(cluster, {
      apply: [...cluster.namespaces.keys()].sort().map(newcomerIn),
    });
    known.set(cluster, found);
  }
  return found;
}

function newcomerIn(namespace: string): ManifestObject {
  return {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: NEWCOMER, namespace },
      spec: {
        serviceAccountName: NEWCOMER,
        containers: [{ name: 'main', ports: [{ containerPort: 8080 }] }],
      },
    },
    at: { file: '' },
  };
}

/**
 * The namespace in which an end of a change is whoever is deployed there later; `undefined` for what runs already.
 *
 * @public
 */
export function newcomersNamespace(
  end: AccessChange['from'],
): string | undefined {
  if (typeof end !== 'string' || !end.endsWith(`/Pod/${NEWCOMER}`))
    return undefined;
  const id = end.slice(end.indexOf(':') + 1);
  return id.slice(0, id.indexOf('/'));
}

/**
 * Namespaces whose newcomers can call what runs today and could not any more: that is told, and is no change of what runs. Empty for
 * every other change, such as of newcomers who would be let in: nobody is told of these, so they may not come about. So it is
 * where not all of a namespace could be read: who calls from there may run already.
 */
export function cutLater(
  change: Pick<AccessChange, 'change' | 'from' | 'to'>,
  clusters: readonly Cluster[],
): { cluster: string; namespace: string }[] {
  const ends = newcomersOf(change, clusters);
  const isRead = ends.every(({ cluster: name, namespace }) =>
    clusters
      .filter(cluster => cluster.name === name)
      .flatMap(notReadIn)
      .every(({ namespaces }) => namespaces && !namespaces.has(namespace)),
  );
  return isRead &&
    change.change === 'lost' &&
    ends.every(({ end }) => end === 'from')
    ? ends.map(({ cluster, namespace }) => ({ cluster, namespace }))
    : [];
}

/** Namespaces of newcomers that a change is about; empty where it is about what runs already. */
export function newcomersOf(
  { from, to }: Pick<AccessChange, 'from' | 'to'>,
  clusters: readonly Cluster[],
): { end: 'from' | 'to'; cluster: string; namespace: string }[] {
  return (
    [
      ['from', from],
      ['to', to],
    ] as const
  ).flatMap(([end, each]) => {
    const namespace = newcomersNamespace(each);
    const found = workloadAt(each, clusters);
    return namespace !== undefined && found
      ? [{ end, cluster: found.cluster, namespace }]
      : [];
  });
}
