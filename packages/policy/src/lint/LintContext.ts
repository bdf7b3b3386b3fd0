import { asArray, asJson, asText } from '../estate/json';
import { Cluster, ManifestObject, Workload } from '../estate/types';
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
  /** Without those that would be rejected: that is the finding about them. */
  networkPolicies: readonly LintedNetworkPolicy[];
  /** Without those that would be rejected. */
  authorizations: readonly LintedAuthorization[];
}

/** Looks for one sort of mistake in a cluster. */
export type Check = (context: LintContext) => Finding[];

function targetsOf({ object }: ManifestObject): Target[] {
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

function selectedBy(
  cluster: Cluster,
  { namespace, spec }: CompiledAuthorizationPolicy,
): Workload[] {
  const isForAll = namespace === cluster.profile.mesh.rootNamespace;
  const wanted = Object.entries(spec.selector ?? {});
  return cluster.workloads.filter(
    workload =>
      (isForAll || workload.namespace === namespace) &&
      wanted.every(([key, value]) => workload.podLabels[key] === value),
  );
}

/** Prepares a cluster for the checks. */
export function lintContext(
  world: ClusterWorld,
  clusters: readonly Cluster[],
): LintContext {
  const { cluster } = world;
  return {
    cluster,
    world,
    clusters,
    networkPolicies: world.kernel.policies
      .filter(({ isValid }) => isValid)
      .map(policy => ({
        policy,
        spec: parseNetworkPolicy(policy.manifest.object).spec,
        namespace: policy.ref.namespace ?? '',
        manifest: policy.manifest,
        workloads: policy.selected.map(index => cluster.workloads[index]),
      })),
    authorizations: world.authorization.policies
      .filter(({ isValid }) => isValid)
      .map(policy => {
        const targets = targetsOf(policy.manifest);
        return {
          policy,
          spec: policy.spec,
          namespace: policy.namespace,
          manifest: policy.manifest,
          workloads: targets.length > 0 ? [] : selectedBy(cluster, policy),
          targets,
        };
      }),
  };
}
