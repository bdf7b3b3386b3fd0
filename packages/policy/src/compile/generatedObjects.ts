import { API_KEY } from '../emit';
import { amendCluster, withPolicies } from '../estate/amendCluster';
import { asLabels } from '../estate/json';
import { isNotRead } from '../estate/notRead';
import { loadManifests } from '../estate/loadManifests';
import type {
  Cluster,
  KubernetesObject,
  ManifestObject,
} from '../estate/types';
import { unmodelledKind } from '../evaluate/unmodelled/kinds';
import { isGenerated } from '../plan/foreignPolicies';
import { Recall } from '../Recall';
import type { SourceFile } from '../source';

/**
 * Kinds that restrict or open access. Everything else of an estate is what
 * policies are about.
 */
export const POLICY_KINDS = new Set([
  'NetworkPolicy',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'EnvoyFilter',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'GlobalNetworkPolicy',
  'StagedNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
]);

/** Does an object restrict or open access, whether it is judged or not? */
function isPolicy(object: KubernetesObject): boolean {
  return POLICY_KINDS.has(object.kind) || unmodelledKind(object) !== undefined;
}

const apis = new Recall<SourceFile, string[] | undefined>();

/**
 * The APIs, as full refs and sorted, that a generated file is for; empty for
 * one that belongs to no API (egress isolation). `undefined` for a file that
 * Callgate did not generate, or that somebody added objects of their own to.
 *
 * @public
 */
export function apisOfGenerated(file: SourceFile): string[] | undefined {
  return apis.get(file, [file.path, file.text], () => readApis(file));
}

function readApis(file: SourceFile): string[] | undefined {
  const { objects, findings } = loadManifests([file]);
  if (
    findings.length > 0 ||
    objects.length === 0 ||
    !objects.every(({ object }) => isGenerated(object))
  ) {
    return undefined;
  }
  // Annotations are what somebody wrote: they need not be text.
  const found = objects.flatMap(
    ({ object }) => asLabels(object.metadata.annotations)[API_KEY] ?? [],
  );
  return [...new Set(found)].sort();
}

const estates = new WeakMap<Cluster, Cluster>();

/**
 * The cluster without what Callgate generated: what planning starts from.
 *
 * @public
 */
export function withoutGenerated(cluster: Cluster): Cluster {
  let estate = estates.get(cluster);
  if (!estate) {
    const remove = cluster.objects.filter(({ object }) => isGenerated(object));
    estate = remove.length > 0 ? amendCluster(cluster, { remove }) : cluster;
    estates.set(cluster, estate);
  }
  return estate;
}

/**
 * The cluster with generated objects instead of those that it has.
 *
 * @public
 */
export function withGenerated(
  cluster: Cluster,
  objects: readonly ManifestObject[],
): Cluster {
  return amendCluster(withoutGenerated(cluster), { apply: objects });
}

/** Clusters without any policy, by the workloads that stay as they are. */
const bare = new WeakMap<Cluster['workloads'], Cluster>();

function withoutPolicies(cluster: Cluster): Cluster {
  let known = bare.get(cluster.workloads);
  if (!known) {
    known = {
      ...cluster,
      // What a reader left out may open something: that would be others' doing, and not what certain policies alone open.
      objects: cluster.objects.filter(
        manifest => !isPolicy(manifest.object) && !isNotRead(manifest),
      ),
    };
    bare.set(cluster.workloads, known);
  }
  return known;
}

const ours = new WeakMap<Cluster, Map<string, Cluster>>();

/**
 * The cluster with only our policies: what our objects alone would open.
 * Workloads stay exactly as they are.
 *
 * @param without - APIs whose objects are left out too
 */
export function withOnlyGeneratedPolicies(
  cluster: Cluster,
  without: ReadonlySet<string> = new Set(),
): Cluster {
  const known = ours.get(cluster) ?? new Map<string, Cluster>();
  ours.set(cluster, known);
  const key = [...without].sort().join(' ');
  let found = known.get(key);
  if (!found) {
    found = withPolicies(
      withoutPolicies(cluster),
      cluster.objects.filter(({ object }) => {
        const api = object.metadata.annotations?.[API_KEY];
        return (
          isPolicy(object) &&
          isGenerated(object) &&
          !(api !== undefined && without.has(api))
        );
      }),
    );
    known.set(key, found);
  }
  return found;
}

/**
 * The cluster with certain policies and no others: what these alone would open.
 * Workloads stay exactly as they are.
 */
export function withOnly(
  cluster: Cluster,
  policies: readonly KubernetesObject[],
): Cluster {
  return withPolicies(
    withoutPolicies(cluster),
    policies.map(object => ({ object, at: { file: '' } })),
  );
}
