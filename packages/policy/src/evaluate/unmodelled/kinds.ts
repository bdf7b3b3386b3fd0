import { groupOf } from '../../estate/podTemplates';
import type { KubernetesObject } from '../../estate/types';
import { calicoScope } from './calico';
import { ciliumScope } from './cilium';
import { envoyFilterScope, wasmPluginScope } from './meshFilters';
import { ANYBODY, Scope } from './scope';
import {
  antreaScope,
  egressScope,
  ingressScope,
  podSelectorScope,
  securityGroupScope,
  subjectScope,
} from './subjects';

/** Which part of a verdict a kind may change. */
export type Reach = 'kernel' | 'mesh';

/** Kinds that say something about access and are not modelled. */
export interface UnmodelledKind {
  group: RegExp;
  kind: RegExp;
  reach: Reach;
  /** Whom an object of it may touch. */
  scope: (object: KubernetesObject) => Scope;
  /** In a namespace of the mesh's own it is about every namespace. */
  isAnywhereFrom?: RegExp;
  /** It is asked beside network policies and Istio, so that it opens nothing that these close. */
  onlyRefuses?: true;
}

const anybody = () => ANYBODY;

/** Staged and audit-only kinds of Calico enforce nothing. */
const KINDS: readonly UnmodelledKind[] = [
  {
    group: /^cilium\.io$/,
    kind: /^Cilium(Clusterwide)?NetworkPolicy$/,
    reach: 'kernel',
    scope: ciliumScope,
  },
  {
    group: /^cilium\.io$/,
    kind: /^Cilium(Clusterwide)?(EnvoyConfig|LocalRedirectPolicy)$/,
    reach: 'kernel',
    scope: anybody,
  },
  {
    group: /^(crd\.)?projectcalico\.org$/,
    kind: /^(Global)?NetworkPolicy$/,
    reach: 'kernel',
    scope: calicoScope,
  },
  {
    group: /^policy\.networking\.k8s\.io$/,
    kind: /NetworkPolicy$/,
    reach: 'kernel',
    scope: subjectScope,
  },
  {
    group: /^(crd|controlplane|security)\.antrea\.(io|tanzu\.vmware\.com)$/,
    kind: /NetworkPolicy$/,
    reach: 'kernel',
    scope: antreaScope,
  },
  {
    group: /^networking\.gke\.io$/,
    kind: /^FQDNNetworkPolicy$/,
    reach: 'kernel',
    scope: egressScope,
  },
  {
    group: /^networking\.k8s\.aws$/,
    kind: /^ClusterNetworkPolicy$/,
    reach: 'kernel',
    scope: subjectScope,
  },
  {
    group: /^networking\.k8s\.aws$/,
    kind: /Policy$/,
    reach: 'kernel',
    scope: podSelectorScope,
  },
  {
    group: /^vpcresources\.k8s\.aws$/,
    kind: /^SecurityGroupPolicy$/,
    reach: 'kernel',
    scope: securityGroupScope,
  },
  {
    group: /^k8s\.ovn\.org$/,
    kind: /^(EgressFirewall|AdminPolicyBasedExternalRoute)$/,
    reach: 'kernel',
    onlyRefuses: true,
    scope: egressScope,
  },
  {
    group: /^network\.openshift\.io$/,
    kind: /^EgressNetworkPolicy$/,
    reach: 'kernel',
    onlyRefuses: true,
    scope: egressScope,
  },
  {
    group: /^(crd\.)?nsx\.vmware\.com$/,
    kind: /^SecurityPolicy$/,
    reach: 'kernel',
    scope: anybody,
  },
  {
    group: /^networking\.istio\.io$/,
    kind: /^EnvoyFilter$/,
    reach: 'mesh',
    scope: envoyFilterScope,
  },
  {
    group: /^extensions\.istio\.io$/,
    kind: /^WasmPlugin$/,
    reach: 'mesh',
    scope: wasmPluginScope,
  },
  {
    group: /^policy\.linkerd\.io$/,
    kind: /^(Server|ServerAuthorization|AuthorizationPolicy)$/,
    reach: 'kernel',
    onlyRefuses: true,
    scope: ingressScope,
  },
  {
    group: /^consul\.hashicorp\.com$/,
    kind: /^ServiceIntentions$/,
    reach: 'kernel',
    onlyRefuses: true,
    scope: ingressScope,
  },
  {
    group: /^kuma\.io$/,
    kind: /^(MeshTrafficPermission|TrafficPermission)$/,
    reach: 'kernel',
    onlyRefuses: true,
    scope: ingressScope,
    isAnywhereFrom: /-system$/,
  },
];

/** The kind of an object, where it is one of them. */
export function unmodelledKind(
  object: KubernetesObject,
): UnmodelledKind | undefined {
  const group = groupOf(object);
  return KINDS.find(
    each => each.group.test(group) && each.kind.test(object.kind),
  );
}
