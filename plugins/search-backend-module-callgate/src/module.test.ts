import path from 'node:path';
import {
  coreServices,
  createServiceFactory,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  type AuthorizePermissionRequest,
} from '@backstage/plugin-permission-common';
import search from '@backstage/plugin-search-backend';
import callgate from '@callgate/plugin-callgate-backend';
import localForge from '@callgate/plugin-callgate-backend-module-local';
import module from './index';

jest.setTimeout(60_000);

const SHOP = resolvePackagePath(
  '@callgate/plugin-callgate-backend',
  '../../examples/shop',
);

const entity = (kind: string, name: string, title?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default', ...(title && { title }) },
  spec: {},
});

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const directory = createMockDirectory();
const scheduler = mockServices.scheduler();
/** What everybody but Petra may not see. */
const HIDDEN = ['api:default/payments', 'component:default/returns'];
let port: number;
let stop: () => Promise<void>;

beforeAll(async () => {
  const seen = (credentials: unknown, ref: string) =>
    JSON.stringify(credentials).includes('petra') || !HIDDEN.includes(ref);
  const backend = await startTestBackend({
    features: [
      search,
      module,
      callgate,
      localForge,
      mockServices.database.factory({ knex: await databases.init('SQLITE_3') }),
      createServiceFactory({
        service: coreServices.scheduler,
        deps: {},
        factory: () => scheduler,
      }),
      // The catalog decides entity by entity, as a policy with conditions has it.
      mockServices.permissions.mock({
        authorizeConditional: async requests =>
          requests.map(({ permission }) => ({
            result: AuthorizeResult.CONDITIONAL,
            pluginId: 'catalog',
            resourceType: 'catalog-entity',
            conditions: {
              rule: permission.name,
              resourceType: 'catalog-entity',
            },
          })),
        authorize: async (requests, options) =>
          (requests as AuthorizePermissionRequest[]).map(
            ({ permission, resourceRef }) => ({
              result:
                permission.name !== 'catalog.entity.read' ||
                (resourceRef && seen(options, resourceRef))
                  ? AuthorizeResult.ALLOW
                  : AuthorizeResult.DENY,
            }),
          ),
      }).factory,
      catalogServiceMock.factory({
        entities: [
          entity('API', 'orders', 'Orders'),
          entity('API', 'payments', 'Payments'),
          entity('API', 'orders-db'),
          entity('Component', 'checkout', 'Checkout'),
          entity('Component', 'returns', 'Returns desk'),
        ],
      }),
      mockServices.rootConfig.factory({
        data: {
          permission: { enabled: true },
          callgate: {
            dataDirectory: directory.resolve('data'),
            policyRepository: {
              forge: 'local',
              url: 'local://policies',
              seed: path.join(SHOP, 'repository'),
            },
          },
        },
      }),
    ],
  });
  port = backend.server.port();
  stop = () => backend.stop();
  await scheduler.triggerTask('search_index_callgate_access');
});
afterAll(async () => stop?.());

async function find(person: string, term = '') {
  const response = await fetch(
    `http://localhost:${port}/api/search/query?term=${encodeURIComponent(
      term,
    )}&types[0]=callgate-access&pageLimit=100`,
    {
      headers: {
        Authorization: mockCredentials.user.header(`user:default/${person}`),
      },
    },
  );
  expect(response.status).toBe(200);
  const { results } = await response.json();
  return results.map(({ document }: { document: object }) => document);
}

const titles = (documents: { title: string }[]) =>
  documents.map(({ title }) => title).sort();

it('finds what is declared, for APIs and callers that the catalog has', async () => {
  expect(titles(await find('petra'))).toEqual([
    'Access to Orders',
    'Access to Payments',
    'Access to orders-db',
    'What Checkout may call',
    'What Returns desk may call',
  ]);
  // As orders.yaml of the demo company has it: six callers with a grant each.
  const [orders] = await find('petra', 'listStuckOrders');
  expect(orders).toMatchObject({
    title: 'Access to Orders',
    text: expect.stringMatching(
      /^6 callers have 6 grants for Orders: createOrder, .*listStuckOrders/,
    ),
    location: '/catalog/default/api/orders/access',
  });
  const [checkout] = await find('petra', 'Checkout');
  // Shipping, pricing and payments.
  expect(checkout).toMatchObject({
    text: 'Checkout has 3 grants for 3 APIs.',
    location: '/catalog/default/component/checkout/calls',
  });
});

it('shows nothing of what a reader may not see, and finds nothing by its name', async () => {
  expect(titles(await find('omar'))).toEqual([
    'Access to Orders',
    'Access to orders-db',
    'What Checkout may call',
  ]);
  // Orders has a grant to Returns desk, and Checkout one to Payments.
  for (const term of ['Payments', 'Returns', 'refundPayment', 'settles']) {
    expect([term, await find('omar', term)]).toEqual([term, []]);
  }
  expect(JSON.stringify(await find('omar'))).not.toMatch(
    /payments|returns[^"]*desk|default\/returns|settles/i,
  );
});
