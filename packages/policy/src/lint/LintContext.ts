import { notReadIn } from '../estate/notRead';
import { namespaceOf } from '../estate/buildCluster';
import { matchLabels } from '../estate/podLabels';
import { asArray, asJson, asText } from '../estate/json';
import { Cluster, Labels, ManifestObject, Workload } from '../estate/types';
import { operatorObjects } from '../estate/operatorPods';
import { unknownWorkloads } from '../estate/unknownWorkloadKinds';
import { ClusterWorld } from '../evaluate/ClusterWorld';
import { CompiledAuthorizationPolicy } from '../evaluate/istio/Authorization';
import { CompiledNetworkPolicy } from '../evaluate/networkpolicy/KernelIndex';
import {
  NetworkPolicySpec,
  parseNetworkPolicy,
} from '../evaluate/networkpolicy/parseNetworkPolicy';
import { Finding } from '../findings';

/** What an entry of `targetRefs` names. */
export interface Target {
  group: string;
  kind: string;
  name: string;
}

/** A NetworkPolicy that the API server takes. */
export interface LintedNetworkPolicy {
  policy: CompiledNetworkPolicy;
  spec: NetworkPolicySpec;
  namespace: string;
  manifest: ManifestObject;
  /** Workloads that it selects. */
  workloads: readonly Workload[];
  /** The same as places in the cluster's list. */
  selected: ReadonlySet<number>;
}

/** An AuthorizationPolicy that Istio takes. */
export interface LintedAuthorization {
  policy: CompiledAuthorizationPolicy;
  spec: CompiledAuthorizationPolicy['spec'];
  namespace: string;
  manifest: ManifestObject;
  /** Workloads that it selects; none where it has targets. */
  workloads: readonly Workload[];
  /** Empty: it is for workloads. */
  targets: readonly Target[];
}

/** One cluster with what checks ask for again and again. */
export interface LintContext {
  cluster: Cluster;
  world: ClusterWorld;
  /** All clusters of the world, this one among them. */
  clusters: readonly Cluster[];
  /** Workloads of a namespace. */
  workloadsIn(namespace: string): readonly Workload[];
  /** Were objects of the namespace, or of any, left out of what was read? */
  isNotRead(namespace?: string): boolean;
  /** Does the namespace, or any, have pods of a kind that is not known, or that were not read? What selects nothing may select them. */
  hasUnknownPods(namespace?: string): boolean;
  /** Without those that would be rejected: that is the finding about them. */
  networkPolicies: readonly LintedNetworkPolicy[];
  /** Without those that would be rejected. */
  authorizations: readonly LintedAuthorization[];
}

/** Looks for one sort of mistake in a cluster. */
export type Check = (context: LintContext) => Finding[];

/** What the `targetRefs` of a policy name. */
export function targetsOf({ object }: ManifestObject): Target[] {
  const spec = asJson(object.spec);
  const refs = [...asArray(spec.targetRefs), spec.targetRef];
  return refs.flatMap(ref => {
    const { group, kind, name } = asJson(ref);
    const known = asText(kind);
    if (known === undefined) return [];
    return [
      {
        group: group === 'core' ? '' : asText(group) ?? '',
        kind: known,
        name: asText(name) ?? '',
      },
    ];
  });
}

/** Does a workload selector of Istio, which has `matchLabels` only, select its pods, or some of them? */
export function hasLabels(workload: Workload, labels: Labels = {}): boolean {
  return matchLabels(labels, workload) !== 'no';
}

function byNamespace(cluster: Cluster): Map<string, Workload[]> {
  const found = new Map<string, Workload[]>();
  for (const workload of cluster.workloads) {
    const list = found.get(workload.namespace);
    if (list) list.push(workload);
    else found.set(workload.namespace, [workload]);
  }
  return found;
}

/** The policy that is most about a workload: what is missing there is best added to it, and not to one of a whole namespace. */
export function narrowest<P extends { workloads: readonly Workload[] }>(
  policies: readonly P[],
): P | undefined {
  return policies.reduce<P | undefined>(
    (best, each) =>
      best && best.workloads.length <= each.workloads.length ? best : each,
    undefined,
  );
}

/** Prepares a cluster for the checks. */
export function lintContext(
  world: ClusterWorld,
  clusters: readonly Cluster[],
): LintContext {
  const { cluster } = world;
  const namespaces = byNamespace(cluster);
  const workloadsIn = (namespace: string) => namespaces.get(namespace) ?? [];
  const { objects, workloads, profile } = cluster;
  const unknown = new Set(
    [
      ...unknownWorkloads(objects, profile),
      ...operatorObjects(objects, workloads, profile, namespaceOf),
    ].map(({ manifest }) => namespaceOf(manifest.object)),
  );
  const notRead = notReadIn(cluster);
  const isNotRead = (namespace?: string) =>
    notRead.some(
      ({ namespaces: about }) =>
        !about || namespace === undefined || about.has(namespace),
    );
  return {
    cluster,
    world,
    clusters,
    workloadsIn,
    isNotRead,
    hasUnknownPods: namespace =>
      isNotRead(namespace) ||
      (namespace === undefined ? unknown.size > 0 : unknown.has(namespace)),
    networkPolicies: world.kernel.policies
      .filter(({ isValid }) => isValid)
      .map(policy => ({
        policy,
        spec: parseNetworkPolicy(policy.manifest.object).spec,
        namespace: policy.ref.namespace ?? '',
        manifest: policy.manifest,
        workloads: policy.selected.map(index => cluster.workloads[index]),
        selected: new Set(policy.selected),
      })),
    authorizations: world.authorization.policies
      .filter(({ isValid }) => isValid)
      .map(policy => {
        const { namespace, spec } = policy;
        const targets = targetsOf(policy.manifest);
        const inScope =
          namespace === cluster.profile.mesh.rootNamespace
            ? cluster.workloads
            : workloadsIn(namespace);
        return {
          policy,
          spec,
          namespace,
          manifest: policy.manifest,
          workloads:
            targets.length > 0
              ? []
              : inScope.filter(each => hasLabels(each, spec.selector)),
          targets,
        };
      }),
  };
}
