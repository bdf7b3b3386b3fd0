import {
  checkout,
  orders,
  shop,
  sidecar,
  stranger,
  verdict,
} from './__testUtils__/ask';

/** Object of another policy language beside the shop; checkout calls orders, both in namespace shop with labels `app`. */
const object = (apiVersion: string, kind: string, meta: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x${meta} }\nspec: ${spec}\n---\n`;
const inShop = ', namespace: shop';

const cilium = (spec: string) =>
  object('cilium.io/v2', 'CiliumNetworkPolicy', inShop, spec);
const clusterwide = (spec: string) =>
  object('cilium.io/v2', 'CiliumClusterwideNetworkPolicy', '', spec);
const calico = (spec: string) =>
  object('crd.projectcalico.org/v1', 'NetworkPolicy', inShop, spec);
const global = (spec: string) =>
  object('projectcalico.org/v3', 'GlobalNetworkPolicy', '', spec);
const admin = (spec: string) =>
  object('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', '', spec);
const antrea = (spec: string) =>
  object('crd.antrea.io/v1beta1', 'ClusterNetworkPolicy', '', spec);
const envoyFilter = (spec: string) =>
  object('networking.istio.io/v1alpha3', 'EnvoyFilter', inShop, spec);
const wasm = (spec: string) =>
  object('extensions.istio.io/v1alpha1', 'WasmPlugin', inShop, spec);

const judge = (text: string) =>
  verdict(shop + text, { from: checkout, to: orders }, sidecar);

// Selection and directions are reasoned from the projects' own references: docs.cilium.io (Layer 3, default deny by section),
// docs.tigera.io (NetworkPolicy: selectors, types), network-policy-api.sigs.k8s.io (subject), antrea.io (appliedTo), istio.io
// (EnvoyFilter: workloadSelector and context; WasmPlugin: selector, match).
describe('a policy of a kind that is not modelled', () => {
  it.each([
    [
      'Cilium: the provider',
      cilium(
        '{ endpointSelector: { matchLabels: { app: orders } }, ingress: [] }',
      ),
    ],
    [
      'Cilium: the caller, egress',
      cilium(
        '{ endpointSelector: { matchLabels: { "k8s:app": checkout } }, egressDeny: [{}] }',
      ),
    ],
    [
      'Cilium: everybody in the namespace',
      cilium('{ endpointSelector: {}, ingress: [{}] }'),
    ],
    [
      'Cilium: a selector about another source',
      cilium(
        '{ endpointSelector: { matchLabels: { "reserved:host": "" } }, ingress: [{}] }',
      ),
    ],
    [
      'Cilium: a selector that is none',
      cilium('{ endpointSelector: { matchExpressions: no }, ingress: [{}] }'),
    ],
    [
      'Cilium: neither section',
      cilium('{ endpointSelector: { matchLabels: { app: orders } } }'),
    ],
    [
      'Cilium: by namespace',
      clusterwide(
        '{ endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": shop } }, ingress: [{}] }',
      ),
    ],
    [
      'Cilium: by account',
      clusterwide(
        '{ endpointSelector: { matchLabels: { io.cilium.k8s.policy.serviceaccount: orders } }, ingress: [{}] }',
      ),
    ],
    [
      'Calico: the provider',
      calico(`{ selector: "app == 'orders'", ingress: [{}] }`),
    ],
    [
      'Calico: a selector that is no text and lies about turning into one',
      calico('{ selector: { toString: 1, valueOf: 2 }, types: [Ingress] }'),
    ],
    [
      'Calico: the same in a namespace that the estate does not have',
      global('{ selector: { toString: 1, valueOf: 2 } }'),
    ],
    [
      'AWS: types that are no text',
      object(
        'networking.k8s.aws/v1alpha1',
        'ApplicationNetworkPolicy',
        inShop,
        '{ podSelector: {}, policyTypes: [{ toString: 1, valueOf: 2 }] }',
      ),
    ],
    ['Calico: everybody', calico('{ selector: all(), types: [Ingress] }')],
    ['Calico: no selector', calico('{ types: [Ingress] }')],
    [
      'Calico: one that is none',
      calico(`{ selector: "app = orders", types: [Ingress] }`),
    ],
    [
      'Calico: not somebody else',
      global(`{ selector: "app != 'web' && has(app)", types: [Ingress] }`),
    ],
    [
      'Calico: a list and brackets',
      global(
        `{ selector: "(app in {'web', 'orders'} || has(x)) && !has(y)", types: [Ingress] }`,
      ),
    ],
    [
      'Calico: the namespace',
      global(
        `{ namespaceSelector: "projectcalico.org/name == 'shop'", types: [Ingress] }`,
      ),
    ],
    [
      'Calico: an account whose labels nobody knows',
      calico(`{ serviceAccountSelector: "role == 'x'", types: [Ingress] }`),
    ],
    [
      'Calico: what nodes forward',
      global(
        `{ selector: "app == 'web'", applyOnForward: true, types: [Ingress] }`,
      ),
    ],
    [
      'AdminNetworkPolicy: the namespace',
      admin(
        '{ subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }, ingress: [{ action: Deny }] }',
      ),
    ],
    [
      'AdminNetworkPolicy: pods',
      admin(
        '{ subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: checkout } } } }, egress: [{ action: Deny }] }',
      ),
    ],
    [
      'Antrea: pods',
      antrea(
        '{ appliedTo: [{ podSelector: { matchLabels: { app: orders } } }], ingress: [{}] }',
      ),
    ],
    ['Antrea: a group', antrea('{ appliedTo: [{ group: g }], ingress: [{}] }')],
    [
      'EnvoyFilter: the provider',
      envoyFilter(
        '{ workloadSelector: { labels: { app: orders } }, configPatches: [{ match: { context: SIDECAR_INBOUND } }] }',
      ),
    ],
    [
      'EnvoyFilter: any context',
      envoyFilter('{ configPatches: [{ applyTo: HTTP_FILTER }] }'),
    ],
    [
      'WasmPlugin: the provider',
      wasm('{ selector: { matchLabels: { app: orders } }, url: x }'),
    ],
  ])('leaves nothing sure that it selects: %s', (_, text) => {
    expect(judge(text)).toBe('conditional');
  });

  it.each([
    [
      'Cilium: somebody else',
      cilium(
        '{ endpointSelector: { matchLabels: { app: web } }, ingress: [], egress: [] }',
      ),
    ],
    [
      'Cilium: the provider, egress',
      cilium(
        '{ endpointSelector: { matchLabels: { app: orders } }, egress: [{}] }',
      ),
    ],
    [
      'Cilium: the caller, ingress',
      cilium(
        '{ endpointSelector: { matchLabels: { app: checkout } }, ingress: [{}] }',
      ),
    ],
    [
      'Cilium: another namespace',
      clusterwide(
        '{ endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": crm } }, ingress: [{}], egress: [{}] }',
      ),
    ],
    ['Cilium: nodes', clusterwide('{ nodeSelector: {}, ingress: [{}] }')],
    [
      'Calico: somebody else',
      calico(`{ selector: "app == 'web'", types: [Ingress, Egress] }`),
    ],
    [
      'Calico: the provider, egress',
      calico(`{ selector: "app == 'orders'", egress: [{}] }`),
    ],
    [
      'Calico: the caller, without types or rules',
      calico(`{ selector: "app == 'checkout'" }`),
    ],
    [
      'Calico: not',
      global(
        `{ selector: "!(app in {'orders','checkout'})", types: [Ingress, Egress] }`,
      ),
    ],
    [
      'Calico: begins otherwise',
      global(
        `{ selector: "app starts with 'we' || app ends with 'b' || app contains 'eb'", types: [Ingress, Egress] }`,
      ),
    ],
    [
      'Calico: another namespace',
      global(
        `{ namespaceSelector: "projectcalico.org/name != 'shop'", types: [Ingress, Egress] }`,
      ),
    ],
    [
      'AdminNetworkPolicy: another namespace',
      admin(
        '{ subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: crm } } }, ingress: [{}], egress: [{}] }',
      ),
    ],
    [
      'AdminNetworkPolicy: the provider, egress',
      admin(
        '{ subject: { pods: { podSelector: { matchLabels: { app: orders } } } }, egress: [{}] }',
      ),
    ],
    [
      'Antrea: somebody else',
      antrea(
        '{ appliedTo: [{ podSelector: { matchLabels: { app: web } } }], ingress: [{}], egress: [{}] }',
      ),
    ],
    [
      'EnvoyFilter: somebody else',
      envoyFilter('{ workloadSelector: { labels: { app: web } } }'),
    ],
    [
      'EnvoyFilter: what is sent',
      envoyFilter(
        '{ configPatches: [{ match: { context: SIDECAR_OUTBOUND } }, { match: { context: GATEWAY } }] }',
      ),
    ],
    [
      'EnvoyFilter: attached to a gateway',
      envoyFilter('{ targetRefs: [{ kind: Gateway, name: g }] }'),
    ],
    [
      'WasmPlugin: somebody else',
      wasm('{ selector: { matchLabels: { app: web } }, url: x }'),
    ],
    [
      'WasmPlugin: what clients send',
      wasm('{ match: [{ mode: CLIENT }], url: x }'),
    ],
    [
      'a firewall of another namespace',
      object(
        'k8s.ovn.org/v1',
        'EgressFirewall',
        ', namespace: other',
        '{ egress: [] }',
      ),
    ],
  ])('leaves sure what it cannot touch: %s', (_, text) => {
    expect(judge(text)).toBe('allow');
  });

  it('counts what was not named before: security groups of AWS, NSX, and permissions of a whole mesh', () => {
    expect(
      judge(
        object(
          'vpcresources.k8s.aws/v1beta1',
          'SecurityGroupPolicy',
          inShop,
          '{ podSelector: { matchLabels: { app: orders } } }',
        ),
      ),
    ).toBe('conditional');
    expect(
      judge(
        object(
          'vpcresources.k8s.aws/v1beta1',
          'SecurityGroupPolicy',
          inShop,
          '{ podSelector: { matchLabels: { app: web } } }',
        ),
      ),
    ).toBe('allow');
    expect(
      judge(
        object('crd.nsx.vmware.com/v1alpha1', 'SecurityPolicy', inShop, '{}'),
      ),
    ).toBe('conditional');
    expect(
      judge(
        object(
          'kuma.io/v1alpha1',
          'MeshTrafficPermission',
          ', namespace: kuma-system',
          '{}',
        ),
      ),
    ).toBe('conditional');
  });

  it('is about its own namespace alone', () => {
    expect(
      verdict(
        shop + cilium('{ endpointSelector: {}, ingress: [{}] }'),
        { from: stranger, to: orders },
        sidecar,
      ),
    ).toBe('conditional');
    expect(
      judge(
        object(
          'cilium.io/v2',
          'CiliumNetworkPolicy',
          ', namespace: other',
          '{ endpointSelector: {}, ingress: [{}], egress: [{}] }',
        ),
      ),
    ).toBe('allow');
  });
});
