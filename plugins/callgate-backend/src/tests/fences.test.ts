import type { AccessRow } from '@callgate/plugin-callgate-common';
import type { Entity } from '@backstage/catalog-model';
import {
  replaced,
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import { eventually } from '../__testUtils__/startShop';
import {
  approve,
  DRAFT,
  mergeShown,
  proposalOf,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(120_000);

const INVENTORY = '/apis/default/inventory';

/** What one team may write about the API Inventory. */
const inventory = (change: (entity: Entity) => object): ShopChanges => ({
  entities: {
    'api:inventory': entity => ({ ...entity, ...change(entity) } as Entity),
  },
});
const defined = (definition: unknown) =>
  inventory(({ spec }) => ({ spec: { ...spec, definition } }));

interface Damage {
  changes: ShopChanges;
  /** A finding on the page of Inventory. */
  code: string;
}

const DAMAGED: Record<string, Damage> = {
  "a definition with $ref: '#/%zz'": {
    changes: defined("openapi: 3.1.0\npaths:\n  /stock: { $ref: '#/%zz' }\n"),
    code: 'contract-ref-not-followed',
  },
  'a definition with openapi: { toString: 1 }': {
    changes: defined('openapi: { toString: 1 }\npaths: {}\n'),
    code: 'contract-unreadable',
  },
  'a definition that is an object': {
    changes: defined({ toString: 1 }),
    code: 'contract-unreadable',
  },
  'an AccessPolicy that is no YAML at all': {
    changes: {
      files: { 'repository/policies/default/inventory.yaml': () => '{{"\n' },
    },
    code: 'policy-syntax',
  },
  'an AccessPolicy in which everything is something else': {
    changes: {
      files: {
        'repository/policies/default/inventory.yaml': () =>
          'spec: { api: { toString: 1 }, grants: { length: 1 } }\nmetadata: []\n',
      },
    },
    code: 'policy-invalid',
  },
  'names, annotations and relations that are objects': {
    changes: inventory(({ metadata, spec }) => ({
      metadata: {
        ...metadata,
        title: { toString: 1 },
        annotations: { 'callgate.dev/port': { toString: 1 } },
        labels: [{ toString: 1 }],
      },
      spec: { ...spec, profile: { displayName: { toString: 1 } } },
    })),
    code: 'input-unreadable',
  },
};

describe('what one team writes about its API', () => {
  let shop: ChangedShop;
  afterEach(() => shop?.stop());

  it.each(Object.entries(DAMAGED))(
    '%s is a finding on its own page, and no route of another API knows of it',
    async (_, { changes, code }) => {
      shop = await startChangedShop(changes);
      const priya = shop.as('priya');

      const page = await priya.get('/apis/default/orders');
      expect([page.status, page.body.source.stale]).toEqual([200, false]);
      expect(JSON.stringify(page.body.findings)).not.toContain('inventory');
      const operations = await priya.get('/apis/default/orders/operations');
      expect(operations.body.operations).toContainEqual(
        expect.objectContaining({ id: 'listOrders' }),
      );
      const caller = await priya.get('/callers/component/default/checkout');
      expect(caller.status).toBe(200);
      const explained = await priya.post('/explanations', {
        api: DRAFT.api,
        caller: DRAFT.caller,
        cluster: 'prod-eu',
        method: 'GET',
        path: '/orders',
      });
      expect(explained.status).toBe(200);

      const preview = await priya.post('/previews', DRAFT);
      expect([preview.status, preview.body.send]).toEqual([
        200,
        { allowed: true },
      ]);
      const request = await send(shop, 'priya');
      expect((await priya.get('/requests')).body.total).toBe(1);
      await approve(shop, 'omar', request);
      const proposal = await proposalOf(shop, request);
      const merged = await mergeShown(shop, 'petra', proposal);
      expect(merged.status).toBe(200);
      await eventually(
        async () => (await priya.get('/apis/default/orders')).body.callers,
        callers =>
          callers.some(
            (row: AccessRow) =>
              row.caller.name === 'checkout' &&
              row.grants.some(({ status }) => status === 'granted'),
          ),
      );

      const own = await shop.as('petra').get(INVENTORY);
      expect(own.status).toBe(200);
      expect(own.body.findings).toContainEqual(
        expect.objectContaining({ code, severity: 'error' }),
      );
      expect(JSON.stringify(own.body.findings)).not.toMatch(
        /TypeError|URIError|at .*\.ts/,
      );
      expect(
        (await shop.as('petra').get(`${INVENTORY}/operations`)).status,
      ).toBe(200);
      const asked = await priya.post('/previews', {
        ...DRAFT,
        api: 'api:default/inventory',
        operations: [{ id: 'listStock' }],
      });
      expect([asked.status, asked.body.send.allowed]).toEqual([200, false]);
    },
  );

  it('an object of the estate with a number that is an object takes no page down', async () => {
    shop = await startChangedShop({
      files: {
        'estate/prod-eu/insight.yaml': replaced(
          /replicas: \d+/,
          'replicas: { toString: 1, valueOf: 1 }',
        ),
      },
    });
    const page = await shop.as('omar').get('/apis/default/orders');
    expect([page.status, page.body.source.stale]).toEqual([200, false]);
    const preview = await shop.as('priya').post('/previews', DRAFT);
    expect(preview.body.send).toEqual({ allowed: true });
  });
});
