const manifest = (
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  spec: string,
) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: guard${
    namespace ? `, namespace: ${namespace}` : ''
  } }\nspec: ${spec}\n`;
const inOrdering = (apiVersion: string, kind: string, spec: string) =>
  manifest(apiVersion, kind, 'ordering', spec);
const ofCluster = (apiVersion: string, kind: string, spec: string) =>
  manifest(apiVersion, kind, undefined, spec);

const ORDERS = '{ matchLabels: { app: orders } }';
const SUBJECT =
  'subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: ordering } } }, priority: 10, ingress: [{ action: Pass, from: [{ namespaces: {} }] }]';
const REFUSE = 'may refuse more';
const OPEN = 'may open or refuse more';

/** What others put into the cluster of the demo company, what it may do, and its manifest. */
export const OTHERS: [kind: string, may: string, text: string][] = [
  [
    'CiliumNetworkPolicy',
    OPEN,
    inOrdering(
      'cilium.io/v2',
      'CiliumNetworkPolicy',
      `{ endpointSelector: ${ORDERS}, ingress: [{ fromEndpoints: [{}] }] }`,
    ),
  ],
  [
    'CiliumClusterwideNetworkPolicy',
    OPEN,
    ofCluster(
      'cilium.io/v2',
      'CiliumClusterwideNetworkPolicy',
      '{ endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": ordering } }, ingress: [{ fromEntities: [cluster] }] }',
    ),
  ],
  [
    'NetworkPolicy',
    OPEN,
    inOrdering(
      'projectcalico.org/v3',
      'NetworkPolicy',
      `{ selector: "app == 'orders'", types: [Ingress], ingress: [{ action: Allow }] }`,
    ),
  ],
  [
    'GlobalNetworkPolicy',
    OPEN,
    ofCluster(
      'projectcalico.org/v3',
      'GlobalNetworkPolicy',
      `{ namespaceSelector: "projectcalico.org/name == 'ordering'", types: [Ingress], ingress: [{ action: Pass }] }`,
    ),
  ],
  [
    'ClusterNetworkPolicy',
    OPEN,
    ofCluster(
      'crd.antrea.io/v1beta1',
      'ClusterNetworkPolicy',
      `{ priority: 5, appliedTo: [{ podSelector: ${ORDERS} }], ingress: [{ action: Pass }] }`,
    ),
  ],
  [
    'AdminNetworkPolicy',
    OPEN,
    ofCluster(
      'policy.networking.k8s.io/v1alpha1',
      'AdminNetworkPolicy',
      `{ ${SUBJECT} }`,
    ),
  ],
  [
    'BaselineAdminNetworkPolicy',
    OPEN,
    ofCluster(
      'policy.networking.k8s.io/v1alpha1',
      'BaselineAdminNetworkPolicy',
      `{ ${SUBJECT} }`,
    ),
  ],
  [
    'ClusterNetworkPolicy',
    OPEN,
    ofCluster(
      'policy.networking.k8s.io/v1alpha2',
      'ClusterNetworkPolicy',
      `{ tier: Admin, ${SUBJECT} }`,
    ),
  ],
  [
    'EnvoyFilter',
    OPEN,
    inOrdering(
      'networking.istio.io/v1alpha3',
      'EnvoyFilter',
      '{ workloadSelector: { labels: { app: orders } }, configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND } }] }',
    ),
  ],
  [
    'WasmPlugin',
    OPEN,
    inOrdering(
      'extensions.istio.io/v1alpha1',
      'WasmPlugin',
      `{ selector: ${ORDERS}, url: "oci://registry.shop.example/guard:1" }`,
    ),
  ],
  [
    'AuthorizationPolicy',
    REFUSE,
    inOrdering(
      'security.istio.io/v1',
      'AuthorizationPolicy',
      `{ selector: ${ORDERS}, action: CUSTOM, provider: { name: oidc }, rules: [{}] }`,
    ),
  ],
  [
    'Server',
    REFUSE,
    inOrdering(
      'policy.linkerd.io/v1beta3',
      'Server',
      `{ podSelector: ${ORDERS}, port: 8080 }`,
    ),
  ],
];
