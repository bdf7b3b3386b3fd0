import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import callgate from '@callgate/plugin-callgate-backend';
import localForge from '@callgate/plugin-callgate-backend-module-local';

const DEFINITION = `openapi: 3.0.3
info: { title: Orders, version: '1' }
paths:
  /orders:
    get: { operationId: listOrders, responses: { '200': { description: ok } } }
    post: { operationId: createOrder, responses: { '200': { description: ok } } }
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
      title: name[0].toUpperCase() + name.slice(1),
      annotations: { 'backstage.io/kubernetes-id': name },
    },
    spec: { lifecycle: 'production', owner, ...spec },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

/** Priya has the callers, of which one does not run yet, Omar the API; Wanda has what calls it today. */
const CATALOG: Entity[] = [
  entity('API', 'orders', 'user:default/omar', {
    type: 'openapi',
    definition: DEFINITION,
  }),
  entity('Component', 'orders', 'user:default/omar', {
    type: 'service',
    providesApis: ['orders'],
  }),
  entity('Component', 'checkout', 'user:default/priya', { type: 'service' }),
  entity('Component', 'newcomer', 'user:default/priya', { type: 'service' }),
  entity('Component', 'warehouse', 'user:default/wanda', { type: 'service' }),
  ...['priya', 'omar', 'wanda'].map(name => ({
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
const ESTATE = [
  'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n',
  ...['orders', 'checkout', 'warehouse'].map(workload),
].join('---\n');

const PROFILE = `apiVersion: callgate.dev/v1alpha1
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

type Options = Parameters<typeof startTestBackend>[0] & {
  features: BackendFeature[];
};

/** Callgate on one API of a small company, with a policy repository of its own. */
export async function startCallgate(
  databases: TestDatabases,
  options: Options,
): Promise<{ port: number; stop(): Promise<void> }> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'callgate-small-'));
  fs.mkdirSync(path.join(root, 'estate'));
  fs.writeFileSync(path.join(root, 'estate/all.yaml'), ESTATE);
  fs.mkdirSync(path.join(root, 'seed/profiles'), { recursive: true });
  fs.writeFileSync(path.join(root, 'seed/profiles/prod.yaml'), PROFILE);
  const backend = await startTestBackend({
    ...options,
    features: [
      callgate,
      localForge,
      catalogServiceMock.factory({ entities: CATALOG }),
      // A database that Backstage opens for SQLite stays open, and with it the process.
      mockServices.database.factory({ knex: await databases.init('SQLITE_3') }),
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'https://portal.example/' },
          callgate: {
            dataDirectory: path.join(root, 'data'),
            policyRepository: {
              forge: 'local',
              url: 'local://policies',
              seed: path.join(root, 'seed'),
            },
            estate: {
              manifests: [{ cluster: 'prod', path: path.join(root, 'estate') }],
            },
          },
        },
      }),
      ...options.features,
    ],
  });
  return {
    port: backend.server.port(),
    stop: async () => {
      await backend.stop();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}
