/** Short ways to write what tests are about; everything is in the namespace `shop` unless it says otherwise. */

export const OPENAPI = `
openapi: 3.0.3
info: { title: Orders, version: '1' }
paths:
  /orders:
    get: { operationId: listOrders, responses: {} }
    post: { operationId: createOrder, responses: {} }
  /orders/{id}:
    get: { operationId: getOrder, responses: {} }
`;

export const PROTO = `
syntax = "proto3";
package shop;
service Orders {
  rpc Get(Id) returns (Order);
  rpc List(Id) returns (Order);
}
message Id { string id = 1; }
message Order { string id = 1; }
`;

export function api(
  options: {
    name?: string;
    type?: string;
    definition?: string;
    annotations?: Record<string, string>;
    owner?: string;
  } = {},
): string {
  return JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: {
      name: options.name ?? 'orders',
      annotations: options.annotations,
    },
    spec: {
      type: options.type ?? 'openapi',
      lifecycle: 'production',
      owner: options.owner ?? 'orders-team',
      definition: options.definition ?? OPENAPI,
    },
  });
}

export function component(
  name: string,
  spec: Record<string, unknown> = {},
  annotations: Record<string, string> = { 'backstage.io/kubernetes-id': name },
): string {
  return JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, annotations },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: `${name}-team`,
      ...spec,
    },
  });
}

export interface WorkloadOptions {
  kind?: string;
  namespace?: string;
  labels?: Record<string, string>;
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  serviceAccount?: string;
  replicas?: number;
  hostNetwork?: boolean;
  annotations?: Record<string, string>;
}

export function workload(name: string, options: WorkloadOptions = {}): string {
  const labels = options.labels ?? {
    app: name,
    'backstage.io/kubernetes-id': name,
  };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: options.kind ?? 'Deployment',
    metadata: { name, namespace: options.namespace ?? 'shop' },
    spec: {
      replicas: options.replicas,
      selector: { matchLabels: { app: labels.app ?? name } },
      template: {
        metadata: { labels, annotations: options.annotations },
        spec: {
          serviceAccountName: options.serviceAccount ?? name,
          hostNetwork: options.hostNetwork,
          containers: [{ name: 'app', image: name, ports: options.ports }],
        },
      },
    },
  });
}

export function service(
  name: string,
  ports: Record<string, unknown>[] = [{ name: 'http', port: 8080 }],
  spec: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { app: name }, ports, ...spec },
  });
}

export function namespace(
  name: string,
  labels: Record<string, string> = {},
  annotations: Record<string, string> = {},
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels, annotations },
  });
}

export function group(
  name: string,
  spec: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', ...spec },
  });
}

export function grant(
  caller = 'component:default/checkout',
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: 'g1',
    caller,
    operations: [{ id: 'createOrder' }],
    ...more,
  };
}

export function policy(
  grants: Record<string, unknown>[] = [grant()],
  spec: Record<string, unknown> = {},
  name = 'orders',
): string {
  return JSON.stringify({
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: { name },
    spec: {
      owner: 'group:default/orders-team',
      api: `api:default/${name}`,
      mode: 'enforce',
      grants,
      ...spec,
    },
  });
}

/** `checkout` calls `orders`. */
export const CATALOG = [
  api(),
  component('orders', { owner: 'orders-team', providesApis: ['orders'] }),
  component('checkout', { consumesApis: ['orders'] }),
];

export const ESTATE = [
  workload('orders', { ports: [{ containerPort: 8080 }] }),
  service('orders'),
  workload('checkout'),
];
