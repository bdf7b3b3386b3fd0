import { API_KEY, GRANTS_KEY } from '../emit';
import { loadManifests } from '../estate/loadManifests';
import type { Cluster, KubernetesObject, Workload } from '../estate/types';
import { workloadsWithLabels } from '../plan/workloadIndex';
import { type ClosedFor, closedKey, heldKey } from '../plan/types';
import { Recall } from '../Recall';
import type { SourceFile } from '../source';
import { isGenerated } from '../plan/foreignPolicies';
import { wellFormed } from './wellFormed';

/**
 * A generated object that the repository has, with the API and the grants that
 * it names.
 *
 * @public
 */
export interface InForce {
  cluster: string;
  api: string;
  grants: ReadonlySet<string>;
  object: KubernetesObject;
  /** path of its file, where it was read from one of the repository */
  path?: string;
}

/**
 * A generated file with the cluster that it is for.
 *
 * @public
 */
export type GeneratedFile = SourceFile & { cluster: string };

const read = new Recall<GeneratedFile, InForce[]>();

/**
 * The generated objects of APIs in files of the repository.
 *
 * @public
 */
export function readInForce(files: readonly GeneratedFile[]): InForce[] {
  return files.flatMap(file =>
    read.get(file, [file.text], () => readFile(file)),
  );
}

function readFile(file: GeneratedFile): InForce[] {
  return loadManifests([file]).objects.flatMap(({ object }) =>
    inForce(file.cluster, object).map(each => ({ ...each, path: file.path })),
  );
}

/**
 * The generated objects of APIs among those of clusters.
 *
 * @public
 */
export function inForceOf(clusters: readonly Cluster[]): InForce[] {
  return clusters.flatMap(({ name, objects }) =>
    objects.flatMap(({ object }) => inForce(name, object)),
  );
}

function inForce(cluster: string, raw: KubernetesObject): InForce[] {
  if (!isGenerated(raw)) return [];
  const object = wellFormed(raw);
  const annotations = object.metadata.annotations ?? {};
  const api = annotations[API_KEY];
  if (api === undefined) return [];
  const grants = new Set((annotations[GRANTS_KEY] ?? '').split(','));
  grants.delete('');
  return [{ cluster, api, grants, object }];
}

/** Keys of the grants that objects in force name. */
export function grantsInForce(objects: readonly InForce[]): Set<string> {
  return new Set(
    objects.flatMap(({ api, grants }) =>
      [...grants].map(grantId => heldKey(api, grantId)),
    ),
  );
}

interface Selecting {
  policyTypes?: unknown;
  podSelector?: { matchLabels?: Record<string, string> };
  selector?: { matchLabels?: Record<string, string> };
}

/** The pods that an object closes to their callers, or opens for their own calls. */
export function selectedBy(
  object: KubernetesObject,
  cluster: Cluster,
): { direction: 'ingress' | 'egress'; workloads: Workload[] } | undefined {
  const spec = (object.spec ?? {}) as Selecting;
  const labels = (spec.podSelector ?? spec.selector)?.matchLabels;
  if (!labels || Object.keys(labels).length === 0) return undefined;
  const types = Array.isArray(spec.policyTypes) ? spec.policyTypes : [];
  return {
    direction: types.includes('Egress') ? 'egress' : 'ingress',
    workloads: workloadsWithLabels(
      cluster,
      object.metadata.namespace ?? 'default',
      labels,
    ),
  };
}

/** Workloads that objects in force close to their callers. */
export function closedByForce(
  objects: readonly InForce[],
  clusters: readonly Cluster[],
): ClosedFor[] {
  const byName = new Map(clusters.map(cluster => [cluster.name, cluster]));
  return objects.flatMap(({ api, cluster: name, object }) => {
    const cluster = byName.get(name);
    const selected =
      cluster && isClosing(object) ? selectedBy(object, cluster) : undefined;
    return selected?.direction === 'ingress'
      ? selected.workloads.map(({ id }) => ({
          api,
          cluster: name,
          workload: id,
        }))
      : [];
  });
}

/**
 * Workloads that stay closed for an API with a held grant, as {@link closedKey} writes them. Which grants an object names is not
 * asked: where nothing stays of a held one, and the others end, the workload stays closed all the same.
 */
export function closedByHeld(
  closed: readonly ClosedFor[],
  held: ReadonlySet<string>,
): Set<string> {
  const apis = new Set([...held].map(key => key.slice(0, key.indexOf(' '))));
  return new Set(
    closed
      .filter(({ api }) => apis.has(api))
      .map(({ api, cluster, workload }) => closedKey(api, cluster, workload)),
  );
}

/** Mutual TLS closes nobody out who has an identity, and what only records closes nothing. */
function isClosing({ kind, metadata }: KubernetesObject): boolean {
  return (
    kind === 'NetworkPolicy' ||
    (kind === 'AuthorizationPolicy' &&
      metadata.annotations?.['istio.io/dry-run'] !== 'true')
  );
}
