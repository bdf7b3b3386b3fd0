import type { Entity } from '@backstage/catalog-model';

const DEFINITION = `openapi: 3.0.3
info: { title: Orders, version: '1' }
paths:
  /orders:
    get: { operationId: listOrders, responses: { '200': { description: ok } } }
  /orders/{id}:
    get: { operationId: getOrder, responses: { '200': { description: ok } } }
`;

function entity(
  kind: string,
  name: string,
  owner: string,
  spec: Record<string, string | string[]>,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'backstage.io/kubernetes-id': name },
    },
    spec: { lifecycle: 'production', owner, ...spec },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

/** Priya has the caller, Omar the API. */
export const CATALOG: Entity[] = [
  entity('API', 'orders', 'user:default/omar', {
    type: 'openapi',
    definition: DEFINITION,
  }),
  entity('Component', 'orders', 'user:default/omar', {
    type: 'service',
    providesApis: ['orders'],
  }),
  entity('Component', 'checkout', 'user:default/priya', { type: 'service' }),
  ...['priya', 'omar'].map(name => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: { memberOf: [] },
  })),
];

const workload = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop, labels: { backstage.io/kubernetes-id: ${name} } }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, backstage.io/kubernetes-id: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: app, image: example.test/${name}, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop, labels: { backstage.io/kubernetes-id: ${name} } }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
`;

/** Manifests of one namespace with sidecars. */
export const ESTATE = [
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n',
  workload('orders'),
  workload('checkout'),
].join('---\n');

export const PROFILE = `apiVersion: callgate.dev/v1alpha1
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
