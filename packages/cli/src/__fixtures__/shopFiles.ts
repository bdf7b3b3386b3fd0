/*
 * A shop of three workloads in the mesh as files: `orders` provides an API,
 * `checkout` is granted to read it, `cart` is not.
 */

const workload = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: app, ports: [{ name: http, containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;

const component = (
  name: string,
  more = '',
) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  annotations:
    backstage.io/kubernetes-label-selector: app=${name}
    backstage.io/kubernetes-namespace: shop
spec: { type: service, owner: group:default/shop-team${more} }
`;

/** The AccessPolicy of `orders` with these operations for `checkout`. */
export const ordersPolicy = (
  operations: string,
) => `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: orders }
spec:
  owner: group:default/shop-team
  api: api:default/orders
  mode: enforce
  grants:
    - id: checkout-reads-orders
      caller: component:default/checkout
      operations: ${operations}
`;

/** Files of the shop by path. */
export const SHOP: Readonly<Record<string, string>> = {
  'catalog/shop.yaml': [
    'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: shop-team }\nspec: { type: team, children: [] }\n',
    component('orders', ', providesApis: [orders]'),
    component('checkout'),
    component('cart'),
    `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: orders }
spec:
  type: openapi
  owner: group:default/shop-team
  definition: { $text: ./orders.openapi.yaml }
`,
  ].join('---\n'),
  'catalog/orders.openapi.yaml': `openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
  /orders:
    get: { operationId: listOrders, responses: { '200': { description: ok } } }
    post: { operationId: createOrder, responses: { '201': { description: ok } } }
`,
  'policies/orders.yaml': ordersPolicy('[{ id: listOrders }]'),
  'estate/shop.yaml': [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n',
    ...['orders', 'checkout', 'cart'].map(workload),
  ].join('---\n'),
  'profile.yaml': `apiVersion: callgate.dev/v1alpha1
kind: PlatformProfile
metadata: { name: prod }
spec:
  mesh:
    mode: sidecar
    rootNamespace: istio-system
    trustDomain: cluster.local
    pathNormalization: DECODE_AND_MERGE_SLASHES
  network: { podCidrs: [10.0.0.0/16], nodeCidrs: [10.1.0.0/16], serviceCidrs: [10.2.0.0/16] }
  dns: []
  controlPlane: []
`,
};

/** Arguments of `compile` and `verify` for the shop. */
export const SHOP_INPUT = [
  ...['--catalog', 'catalog'],
  ...['--policies', 'policies'],
  ...['--estate', 'estate'],
  ...['--profile', 'profile.yaml'],
];
