import { parseAllDocuments } from 'yaml';
import { compile } from '../compile/compile';
import { readInForce } from '../compile/inForce';
import { declaredApiOf } from '../compile/declaredApiOf';
import type { Compilation } from '../compile/types';
import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import type { Cluster } from '../estate/types';
import type { PolicyState } from '../meaning/types';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity } from '../model/types';
import { parsePlatformProfile } from '../profile/parsePlatformProfile';

/*
 * A small shop for tests: one cluster, everything with a sidecar. `orders`
 * provides two APIs on one port; `checkout`, `cart` and `stock` call.
 */

const DEFINITION = `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /orders:
    get: { operationId: listOrders, responses: { '200': { description: ok } } }
    post: { operationId: createOrder, responses: { '201': { description: ok } } }
  /orders/{id}:
    get: { operationId: getOrder, responses: { '200': { description: ok } } }
`;

const ADMIN_DEFINITION = `openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /admin/refunds:
    post: { operationId: refund, responses: { '200': { description: ok } } }
`;

const component = (name: string, more = '') => `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  annotations: { backstage.io/kubernetes-id: ${name} }
spec: { type: service, owner: group:default/shop-team${more} }
`;

const api = (name: string, definition: string) => `
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: ${name} }
spec:
  type: openapi
  owner: group:default/shop-team
  definition: ${JSON.stringify(definition)}
`;

/** Entities of the shop. */
export function shopCatalog(): CatalogEntity[] {
  return parseAllDocuments(
    [
      'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: shop-team }\nspec: { type: team, children: [] }\n',
      component('orders', ', providesApis: [orders, orders-admin]'),
      component('checkout', ', consumesApis: [orders]'),
      component('cart'),
      component('stock', ', providesApis: [stock]'),
      api('orders', DEFINITION),
      api('orders-admin', ADMIN_DEFINITION),
      api('stock', DEFINITION),
    ].join('---\n'),
  ).map((document): CatalogEntity => document.toJS());
}

const workload = (name: string) => `
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, backstage.io/kubernetes-id: ${name} } }
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

const PROFILE = `apiVersion: callgate.dev/v1alpha1
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
`;

/**
 * The cluster of the shop.
 *
 * @param more - further manifests as YAML
 * @param name - another one than `prod`
 */
export function shopCluster(more = '', name = 'prod'): Cluster {
  const estate = [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n',
    ...['orders', 'checkout', 'cart', 'stock'].map(workload),
    more,
  ].join('---\n');
  return buildCluster({
    name,
    objects: loadManifests([{ path: 'estate.yaml', text: estate }]).objects,
    profile: parsePlatformProfile({ path: 'profile.yaml', text: PROFILE })
      .profile,
  }).cluster;
}

/**
 * The text of an AccessPolicy.
 *
 * @param grants - `caller: operation, operation`; several callers on lines
 */
export function policyText(name: string, grants: readonly string[]): string {
  const lines = grants.map(grant => {
    const [caller, operations] = grant.split(': ');
    return `    - id: ${caller}-${name}
      caller: component:default/${caller}
      operations:
${operations
  .split(', ')
  .map(id => `        - id: ${id}\n`)
  .join('')}`;
  });
  return `apiVersion: callgate.dev/v1alpha1
kind: AccessPolicy
metadata: { name: ${name} }
spec:
  owner: group:default/shop-team
  api: api:default/${name}
  mode: enforce
  grants:${grants.length > 0 ? `\n${lines.join('')}` : ' []\n'}`;
}

/** Compiles AccessPolicies, given as texts, for the shop. */
export function compileShop(
  texts: readonly string[],
  cluster: Cluster = shopCluster(),
  existing: Compilation['files'] = [],
  catalog: CatalogEntity[] = shopCatalog(),
  more: readonly Cluster[] = [],
): Compilation {
  const files = texts.map((text, index) => ({
    path: `policies/${index}.yaml`,
    text,
  }));
  const parsed = files.map(file => ({ file, ...parseAccessPolicy(file) }));
  return compile({
    policies: parsed.flatMap(({ policy, file }) =>
      policy ? [{ policy, file: file.path }] : [],
    ),
    unreadable: parsed.flatMap(({ policy, file, findings }) =>
      policy ? [] : [{ file: file.path, api: declaredApiOf(file), findings }],
    ),
    catalog,
    clusters: [cluster, ...more],
    inForce: readInForce(existing),
  });
}

/** The state of a repository with these AccessPolicies. */
export function shopState(texts: readonly string[], more = ''): PolicyState {
  const cluster = shopCluster(more);
  return { compilation: compileShop(texts, cluster), clusters: [cluster] };
}
