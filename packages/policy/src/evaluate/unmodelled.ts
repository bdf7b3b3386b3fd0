import { Finding, finding } from '../findings';
import { namespaceOf } from '../estate/buildCluster';
import { groupOf } from '../estate/podTemplates';
import {
  Cluster,
  KubernetesObject,
  ManifestObject,
  Workload,
} from '../estate/types';
import { Condition } from './types';

/** Which part of a verdict a kind may change. */
type Reach = 'kernel' | 'mesh';

interface UnmodelledKind {
  group: RegExp;
  kind: RegExp;
  reach: Reach;
}

/**
 * Kinds that say something about access and are not modelled (design 4.9).
 * Staged and audit-only kinds of Calico enforce nothing.
 */
const KINDS: readonly UnmodelledKind[] = [
  {
    group: /^cilium\.io$/,
    kind: /^Cilium(Clusterwide)?(NetworkPolicy|EnvoyConfig|LocalRedirectPolicy)$/,
    reach: 'kernel',
  },
  {
    group: /^(crd\.)?projectcalico\.org$/,
    kind: /^(Global)?NetworkPolicy$/,
    reach: 'kernel',
  },
  {
    group: /^policy\.networking\.k8s\.io$/,
    kind: /NetworkPolicy$/,
    reach: 'kernel',
  },
  {
    group: /^(crd|controlplane|security)\.antrea\.(io|tanzu\.vmware\.com)$/,
    kind: /NetworkPolicy$/,
    reach: 'kernel',
  },
  {
    group: /^networking\.gke\.io$/,
    kind: /^FQDNNetworkPolicy$/,
    reach: 'kernel',
  },
  { group: /^networking\.k8s\.aws$/, kind: /Policy$/, reach: 'kernel' },
  {
    group: /^k8s\.ovn\.org$/,
    kind: /^(EgressFirewall|AdminPolicyBasedExternalRoute)$/,
    reach: 'kernel',
  },
  {
    group: /^network\.openshift\.io$/,
    kind: /^EgressNetworkPolicy$/,
    reach: 'kernel',
  },
  { group: /^networking\.istio\.io$/, kind: /^EnvoyFilter$/, reach: 'mesh' },
  { group: /^extensions\.istio\.io$/, kind: /^WasmPlugin$/, reach: 'mesh' },
  {
    group: /^policy\.linkerd\.io$/,
    kind: /^(Server|ServerAuthorization|AuthorizationPolicy)$/,
    reach: 'kernel',
  },
  {
    group: /^consul\.hashicorp\.com$/,
    kind: /^ServiceIntentions$/,
    reach: 'kernel',
  },
  {
    group: /^kuma\.io$/,
    kind: /^(MeshTrafficPermission|TrafficPermission)$/,
    reach: 'kernel',
  },
];

function unmodelledKind(object: KubernetesObject): UnmodelledKind | undefined {
  const group = groupOf(object);
  return KINDS.find(
    each => each.group.test(group) && each.kind.test(object.kind),
  );
}

/** Policies of kinds that are not modelled, by what they may touch. */
export class UnmodelledPolicies {
  readonly findings: Finding[] = [];
  readonly #found: {
    manifest: ManifestObject;
    reach: Reach;
    namespace: string;
    name: string;
  }[] = [];
  readonly #root: string;

  constructor(cluster: Cluster) {
    this.#root = cluster.profile.mesh.rootNamespace;
    for (const manifest of cluster.objects) {
      const { object } = manifest;
      const known = unmodelledKind(object);
      if (!known) continue;
      const namespace = namespaceOf(object);
      const name = `${object.kind} ${namespace === '' ? '' : `${namespace}/`}${
        object.metadata.name
      }`;
      this.#found.push({ manifest, reach: known.reach, namespace, name });
      this.findings.push(
        finding(
          'unmodelled-policy',
          `${name} is not modelled: what it may touch is conditional.`,
          {
            at: manifest.at,
            objects: [name],
          },
        ),
      );
    }
  }

  /** Conditions that such policies bring to a workload; they are taken to touch all that they could. */
  of(workload: Workload, reach: Reach): Condition[] {
    return this.#found
      .filter(each => each.reach === reach)
      .filter(
        each =>
          each.namespace === '' ||
          each.namespace === workload.namespace ||
          (reach === 'mesh' && each.namespace === this.#root),
      )
      .map(({ name }) => ({
        kind: 'unmodelled-policy',
        text: `${name} may touch ${workload.id}, and its kind is not modelled.`,
        object: name,
      }));
  }
}
