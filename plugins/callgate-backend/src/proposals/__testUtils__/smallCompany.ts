import type { CatalogEntity } from '@callgate/policy';

const DEFINITION = `
openapi: 3.0.3
info: { title: Orders, version: '1' }
paths:
  /orders:
    get: { operationId: listOrders, responses: { '200': { description: ok } } }
    post: { operationId: createOrder, responses: { '201': { description: ok } } }
  /orders/{id}:
    get: { operationId: getOrder, responses: { '200': { description: ok } } }
`;

const component = (
  name: string,
  more: object = {},
  title?: string,
): CatalogEntity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    ...(title && { title }),
    annotations: { 'backstage.io/kubernetes-id': name },
  },
  spec: {
    type: 'service',
    lifecycle: 'production',
    owner: 'group:default/orders-team',
    ...more,
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/orders-team' }],
});

const api = (name: string): CatalogEntity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'API',
  metadata: {
    name,
    namespace: 'default',
    title: name === 'orders' ? 'Orders' : name,
  },
  spec: {
    type: 'openapi',
    lifecycle: 'production',
    owner: 'group:default/orders-team',
    definition: DEFINITION,
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/orders-team' }],
});

/** Components with sidecars; `orders` and `stock` provide APIs of the same operations. */
export function smallCatalog(): CatalogEntity[] {
  return [
    api('orders'),
    api('stock'),
    component('orders', { providesApis: ['orders'] }),
    component('stock', { providesApis: ['stock'] }),
    component('checkout', {}, 'Checkout | <b>fast</b> @everyone'),
    component('cart'),
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'orders-team', namespace: 'default' },
      spec: { type: 'team', children: [] },
    },
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: 'priya', namespace: 'default' },
      spec: { profile: { displayName: 'Priya' }, memberOf: [] },
    },
  ];
}

const workload = (name: string) => `
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop, labels: { backstage.io/kubernetes-id: ${name} } }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, backstage.io/kubernetes-id: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers:
        - { name: app, image: example.test/${name}, ports: [{ name: http, containerPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop, labels: { backstage.io/kubernetes-id: ${name} } }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: 8080, appProtocol: http }]
`;

/** What runs: one cluster, one namespace with sidecars. */
export function smallEstate(
  names = ['orders', 'stock', 'checkout', 'cart'],
): string {
  const namespace = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
`;
  return [namespace, ...names.map(workload)].join('---');
}

export const SMALL_PROFILE = `apiVersion: callgate.dev/v1alpha1
kind: PlatformProfile
metadata: { name: prod }
spec:
  environments: [production]
  mesh:
    mode: sidecar
    istioVersion: 1.30.0
    rootNamespace: istio-system
    trustDomain: cluster.local
    trustDomainAliases: []
    pathNormalization: MERGE_SLASHES
  cni: { name: calico, ipBlockMatchesPods: true, ipBlockMatchesNodes: true, enforcesNetworkPolicy: true }
  network: { podCidrs: [10.0.0.0/14], nodeCidrs: [10.32.0.0/16], serviceCidrs: [10.112.0.0/12] }
  dns: []
  controlPlane: []
  scrapers: []
  telemetry: []
`;
