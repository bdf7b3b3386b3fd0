/** A manifest of others, as YAML. */
export const manifest = (
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string,
  spec: string,
) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}${
    namespace ? `, namespace: ${namespace}` : ''
  } }\nspec: ${spec}\n`;

const SUBJECT =
  'subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }, priority: 10, ingress: [{ action: Pass, from: [{ namespaces: {} }] }]';

/** Policies that nobody judges and that select orders of the shop, each with how it is named and whether it may open. */
export const OTHERS: readonly (readonly [
  name: string,
  may: 'refuse' | 'open-or-refuse',
  text: string,
])[] = [
  [
    'CiliumNetworkPolicy shop/guard (cilium.io)',
    'open-or-refuse',
    manifest(
      'cilium.io/v2',
      'CiliumNetworkPolicy',
      'shop',
      'guard',
      '{ endpointSelector: { matchLabels: { app: orders } }, ingress: [{ fromEndpoints: [{}] }] }',
    ),
  ],
  [
    'CiliumClusterwideNetworkPolicy guard (cilium.io)',
    'open-or-refuse',
    manifest(
      'cilium.io/v2',
      'CiliumClusterwideNetworkPolicy',
      undefined,
      'guard',
      '{ endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": shop } }, ingress: [{ fromEntities: [cluster] }] }',
    ),
  ],
  [
    'NetworkPolicy shop/guard (projectcalico.org)',
    'open-or-refuse',
    manifest(
      'projectcalico.org/v3',
      'NetworkPolicy',
      'shop',
      'guard',
      `{ selector: "app == 'orders'", types: [Ingress], ingress: [{ action: Allow }] }`,
    ),
  ],
  [
    'GlobalNetworkPolicy guard (projectcalico.org)',
    'open-or-refuse',
    manifest(
      'projectcalico.org/v3',
      'GlobalNetworkPolicy',
      undefined,
      'guard',
      `{ namespaceSelector: "projectcalico.org/name == 'shop'", types: [Ingress], ingress: [{ action: Pass }] }`,
    ),
  ],
  [
    'ClusterNetworkPolicy guard (crd.antrea.io)',
    'open-or-refuse',
    manifest(
      'crd.antrea.io/v1beta1',
      'ClusterNetworkPolicy',
      undefined,
      'guard',
      '{ priority: 5, appliedTo: [{ podSelector: { matchLabels: { app: orders } } }], ingress: [{ action: Pass }] }',
    ),
  ],
  [
    'AdminNetworkPolicy guard (policy.networking.k8s.io)',
    'open-or-refuse',
    manifest(
      'policy.networking.k8s.io/v1alpha1',
      'AdminNetworkPolicy',
      undefined,
      'guard',
      `{ ${SUBJECT} }`,
    ),
  ],
  [
    'BaselineAdminNetworkPolicy default (policy.networking.k8s.io)',
    'open-or-refuse',
    manifest(
      'policy.networking.k8s.io/v1alpha1',
      'BaselineAdminNetworkPolicy',
      undefined,
      'default',
      `{ ${SUBJECT} }`,
    ),
  ],
  [
    'ClusterNetworkPolicy guard (policy.networking.k8s.io)',
    'open-or-refuse',
    manifest(
      'policy.networking.k8s.io/v1alpha2',
      'ClusterNetworkPolicy',
      undefined,
      'guard',
      `{ tier: Admin, ${SUBJECT} }`,
    ),
  ],
  [
    'EnvoyFilter shop/guard (networking.istio.io)',
    'open-or-refuse',
    manifest(
      'networking.istio.io/v1alpha3',
      'EnvoyFilter',
      'shop',
      'guard',
      '{ workloadSelector: { labels: { app: orders } }, configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND } }] }',
    ),
  ],
  [
    'WasmPlugin shop/guard (extensions.istio.io)',
    'open-or-refuse',
    manifest(
      'extensions.istio.io/v1alpha1',
      'WasmPlugin',
      'shop',
      'guard',
      '{ selector: { matchLabels: { app: orders } }, url: "oci://registry.example/guard:1" }',
    ),
  ],
  [
    'AuthorizationPolicy shop/guard (security.istio.io)',
    'refuse',
    manifest(
      'security.istio.io/v1',
      'AuthorizationPolicy',
      'shop',
      'guard',
      '{ selector: { matchLabels: { app: orders } }, action: CUSTOM, provider: { name: oidc }, rules: [{}] }',
    ),
  ],
  [
    'Server shop/guard (policy.linkerd.io)',
    'refuse',
    manifest(
      'policy.linkerd.io/v1beta3',
      'Server',
      'shop',
      'guard',
      '{ podSelector: { matchLabels: { app: orders } }, port: 8080 }',
    ),
  ],
];
