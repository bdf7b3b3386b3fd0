import type { Served, ServedKind } from '../api/discover';
import type { NamedConfig } from './namedConfigs';
import type { Form } from './reduceObject';

/**
 * Kinds that are read, how much of them, and which of their objects.
 *
 * @public
 */
export interface Wanted {
  groups: readonly string[];
  kinds: readonly string[];
  form: Form;
  /** Only single objects, which what runs says: see `namedConfigs`. Their forms are their own. */
  byName?: true;
  labelSelector?: string;
}

/**
 * A kind that is read from a cluster, and where.
 *
 * @public
 */
export interface ReadKind extends ServedKind {
  form: Form;
  /** Below `/api` or `/apis`, with what selects objects; without paging. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Set, both, where a single object is read. */
  namespace?: string;
  name?: string;
}

/**
 * What says who may call whom: what the core reads (packages/policy, `estate` and `evaluate`), and languages that it names
 * as not judged. Secrets are not among them, and no cluster adds to them: `deploy/rbac.yaml` has these rights and no others.
 *
 * @public
 */
export const WANTED: readonly Wanted[] = [
  { groups: [''], kinds: ['Namespace'], form: 'metadata' },
  { groups: [''], kinds: ['Node'], form: 'node' },
  { groups: [''], kinds: ['Pod'], form: 'pod' },
  { groups: [''], kinds: ['ReplicationController'], form: 'workload' },
  { groups: [''], kinds: ['Service'], form: 'service' },
  { groups: [''], kinds: ['ServiceAccount'], form: 'identity' },
  {
    groups: [''],
    kinds: ['ConfigMap'],
    form: 'mesh-config',
    byName: true,
  },
  {
    groups: ['apps'],
    kinds: ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
    form: 'workload',
  },
  { groups: ['batch'], kinds: ['Job', 'CronJob'], form: 'workload' },
  { groups: ['argoproj.io'], kinds: ['Rollout'], form: 'workload' },
  {
    groups: ['apps.openshift.io'],
    kinds: ['DeploymentConfig'],
    form: 'workload',
  },
  {
    groups: ['serving.knative.dev'],
    kinds: ['Service', 'Configuration'],
    form: 'workload',
  },
  {
    groups: ['autoscaling'],
    kinds: ['HorizontalPodAutoscaler'],
    form: 'scaler',
  },
  { groups: ['keda.sh'], kinds: ['ScaledObject'], form: 'scaler' },
  {
    groups: ['discovery.k8s.io'],
    kinds: ['EndpointSlice'],
    form: 'endpoints',
    // Those of Services with a selector say nothing that Pods do not; Kubernetes' own controller marks them.
    labelSelector:
      'endpointslice.kubernetes.io/managed-by!=endpointslice-controller.k8s.io',
  },
  {
    groups: ['networking.k8s.io'],
    kinds: ['NetworkPolicy', 'Ingress', 'ServiceCIDR'],
    form: 'whole',
  },
  {
    groups: ['admissionregistration.k8s.io'],
    kinds: ['MutatingWebhookConfiguration'],
    form: 'webhooks',
  },
  {
    groups: ['gateway.networking.k8s.io'],
    kinds: ['Gateway'],
    form: 'gateway',
  },
  {
    groups: ['gateway.networking.k8s.io'],
    kinds: [
      'GatewayClass',
      'HTTPRoute',
      'GRPCRoute',
      'TCPRoute',
      'TLSRoute',
      'UDPRoute',
      'ReferenceGrant',
    ],
    form: 'whole',
  },
  {
    groups: ['security.istio.io'],
    kinds: [
      'AuthorizationPolicy',
      'PeerAuthentication',
      'RequestAuthentication',
    ],
    form: 'whole',
  },
  {
    groups: ['networking.istio.io'],
    kinds: [
      'DestinationRule',
      'Gateway',
      'ServiceEntry',
      'Sidecar',
      'VirtualService',
      'WorkloadEntry',
      'WorkloadGroup',
    ],
    form: 'whole',
  },
  { groups: ['networking.istio.io'], kinds: ['EnvoyFilter'], form: 'filter' },
  { groups: ['extensions.istio.io'], kinds: ['WasmPlugin'], form: 'filter' },
  {
    groups: ['networking.istio.io'],
    kinds: ['ProxyConfig'],
    form: 'proxy-config',
  },
  { groups: ['telemetry.istio.io'], kinds: ['Telemetry'], form: 'whole' },
  {
    groups: ['cilium.io'],
    kinds: [
      'CiliumNetworkPolicy',
      'CiliumClusterwideNetworkPolicy',
      'CiliumEnvoyConfig',
      'CiliumClusterwideEnvoyConfig',
      'CiliumLocalRedirectPolicy',
      'CiliumPodIPPool',
    ],
    form: 'whole',
  },
  {
    groups: ['projectcalico.org', 'crd.projectcalico.org'],
    kinds: ['NetworkPolicy', 'GlobalNetworkPolicy', 'IPPool'],
    form: 'whole',
  },
  { groups: ['config.openshift.io'], kinds: ['Network'], form: 'whole' },
  {
    groups: ['policy.networking.k8s.io'],
    kinds: [
      'AdminNetworkPolicy',
      'BaselineAdminNetworkPolicy',
      'ClusterNetworkPolicy',
    ],
    form: 'whole',
  },
  {
    groups: ['crd.antrea.io', 'security.antrea.tanzu.vmware.com'],
    kinds: ['NetworkPolicy', 'ClusterNetworkPolicy'],
    form: 'whole',
  },
  {
    groups: ['networking.gke.io'],
    kinds: ['FQDNNetworkPolicy'],
    form: 'whole',
  },
  {
    groups: ['networking.k8s.aws'],
    kinds: ['ApplicationNetworkPolicy', 'ClusterNetworkPolicy'],
    form: 'whole',
  },
  {
    groups: ['vpcresources.k8s.aws'],
    kinds: ['SecurityGroupPolicy'],
    form: 'whole',
  },
  {
    groups: ['k8s.ovn.org'],
    kinds: ['EgressFirewall', 'AdminPolicyBasedExternalRoute'],
    form: 'whole',
  },
  {
    groups: ['network.openshift.io'],
    kinds: ['EgressNetworkPolicy'],
    form: 'whole',
  },
  {
    groups: ['crd.nsx.vmware.com', 'nsx.vmware.com'],
    kinds: ['SecurityPolicy'],
    form: 'whole',
  },
  {
    groups: ['policy.linkerd.io'],
    kinds: ['Server', 'ServerAuthorization', 'AuthorizationPolicy'],
    form: 'whole',
  },
  {
    groups: ['consul.hashicorp.com'],
    kinds: ['ServiceIntentions'],
    form: 'whole',
  },
  {
    groups: ['kuma.io'],
    kinds: ['MeshTrafficPermission', 'TrafficPermission'],
    form: 'whole',
  },
];

/** Does any kind of the group matter? */
export function isWantedGroup(group: string): boolean {
  return WANTED.some(({ groups }) => groups.includes(group));
}

/** Without these no cluster is one: where discovery leaves them out, it is not the whole answer. */
const ALWAYS_THERE = ['/Pod', '/Service', '/Namespace', 'apps/Deployment'];

/** Kinds that every cluster serves, and that an answer of discovery lacks. */
export function missingKinds({ kinds }: Served): string[] {
  const served = new Set(kinds.map(({ group, kind }) => `${group}/${kind}`));
  return ALWAYS_THERE.filter(each => !served.has(each));
}

/**
 * The kinds that are read of those that a cluster serves, sorted by group and name.
 *
 * @param configs - ConfigMaps that are read, each by itself
 * @public
 */
export function readKinds(
  { kinds }: Served,
  configs: readonly NamedConfig[] = [],
): ReadKind[] {
  // Calico's own server shows the objects that its definitions store: once is enough.
  const shown = new Set(
    kinds
      .filter(({ group }) => group === 'projectcalico.org')
      .map(({ kind }) => kind),
  );
  return kinds
    .flatMap((served): ReadKind[] => {
      const { group, kind, version, plural } = served;
      if (group === 'crd.projectcalico.org' && shown.has(kind)) return [];
      const wanted = WANTED.find(
        each => each.groups.includes(group) && each.kinds.includes(kind),
      );
      if (!wanted) return [];
      const root =
        group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      if (wanted.byName)
        return configs.map(each => ({
          ...served,
          ...each,
          path: `${root}/namespaces/${each.namespace}/${plural}`,
          // With it, rights by name let one list and watch (Kubernetes, "Using RBAC Authorization").
          query: { fieldSelector: `metadata.name=${each.name}` },
        }));
      const { labelSelector, form } = wanted;
      return [
        {
          ...served,
          form,
          path: `${root}/${plural}`,
          query: { ...(labelSelector && { labelSelector }) },
        },
      ];
    })
    .sort((a, b) => (idOfReading(a) < idOfReading(b) ? -1 : 1));
}

/** Has the cluster a mesh of Istio's? */
export function hasMesh({ kinds }: Served): boolean {
  return kinds.some(({ group }) => /\.istio\.io$/.test(group));
}

/** What tells something that is read from everything else: a kind, or one object of it. */
export function idOfReading(kind: ReadKind): string {
  const { namespace, name } = kind;
  return name === undefined
    ? idOfKind(kind)
    : `${idOfKind(kind)} ${namespace}/${name}`;
}

/** What tells a kind of a cluster from others, such as `networkpolicies.networking.k8s.io`. */
export function idOfKind({
  group,
  plural,
}: Pick<ServedKind, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** Groups of Kubernetes itself, whose kinds need no group to be known by. */
const WELL_KNOWN = new Set([
  '',
  'apps',
  'batch',
  'autoscaling',
  'discovery.k8s.io',
  'networking.k8s.io',
  'admissionregistration.k8s.io',
]);

/**
 * The folder of a kind in paths that people read.
 *
 * @public
 */
export function folderOfKind(
  kind: Pick<ServedKind, 'group' | 'plural'>,
): string {
  return WELL_KNOWN.has(kind.group) ? kind.plural : idOfKind(kind);
}
