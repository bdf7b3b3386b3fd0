import { API_KEY } from '../emit';
import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import type {
  Cluster,
  KubernetesObject,
  ManifestObject,
} from '../estate/types';
import { MANAGED_BY } from '../plan/foreignPolicies';
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

/**
 * True for objects that Callgate generated, going by their label. Whoever puts
 * that label on an object of theirs has it judged as ours.
 *
 * @public
 */
export function isGenerated(object: KubernetesObject): boolean {
  return object.metadata.labels?.[MANAGED_BY.key] === MANAGED_BY.value;
}

/**
 * The APIs, as full refs and sorted, that a generated file is for; empty for
 * one that belongs to no API (egress isolation). `undefined` for a file that
 * Callgate did not generate, or that somebody added objects of their own to.
 *
 * @public
 */
export function apisOfGenerated(file: SourceFile): string[] | undefined {
  const { objects, findings } = loadManifests([file]);
  if (
    findings.length > 0 ||
    objects.length === 0 ||
    !objects.every(({ object }) => isGenerated(object))
  ) {
    return undefined;
  }
  const apis = objects.flatMap(
    ({ object }) => object.metadata.annotations?.[API_KEY] ?? [],
  );
  return [...new Set(apis)].sort();
}

/**
 * The cluster without what Callgate generated: what planning starts from.
 *
 * @public
 */
export function withoutGenerated(cluster: Cluster): Cluster {
  return cluster.objects.some(({ object }) => isGenerated(object))
    ? rebuild(
        cluster,
        cluster.objects.filter(({ object }) => !isGenerated(object)),
      )
    : cluster;
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
  return rebuild(cluster, [
    ...cluster.objects.filter(({ object }) => !isGenerated(object)),
    ...objects,
  ]);
}

/**
 * The cluster with only our policies: what our objects alone would open.
 * Workloads stay exactly as they are: what runs beside a pod must not change
 * because a policy was left out from which it was guessed.
 *
 * @param without - APIs whose objects are left out too
 */
export function withOnlyGeneratedPolicies(
  cluster: Cluster,
  without: ReadonlySet<string> = new Set(),
): Cluster {
  return {
    ...cluster,
    objects: cluster.objects.filter(({ object }) => {
      if (!POLICY_KINDS.has(object.kind)) {
        return true;
      }
      const api = object.metadata.annotations?.[API_KEY];
      return isGenerated(object) && !(api !== undefined && without.has(api));
    }),
  };
}

function rebuild(
  cluster: Cluster,
  objects: readonly ManifestObject[],
): Cluster {
  return buildCluster({
    name: cluster.name,
    objects,
    profile: cluster.profile,
    mesh: cluster.meshOption,
  }).cluster;
}
