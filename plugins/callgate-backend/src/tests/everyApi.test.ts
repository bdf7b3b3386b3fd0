import type { AccessRequestDraft } from '@callgate/plugin-callgate-common';
import { startShop, type RunningShop } from '../__testUtils__/startShop';

jest.setTimeout(240_000);

type Asked = Pick<AccessRequestDraft, 'operations'>['operations'];

const offered = (id: string): Asked => [{ id }];
const port = (number: number): Asked => [{ tcp: { port: number } }];
const rpc = (service: string, method: string): Asked => [
  { grpc: { service, methods: [method] } },
];

/** Of each API of the demo company, what one of its people could want: API, person, caller, operations. */
const WISHES: [string, string, string, Asked][] = [
  ['orders', 'priya', 'checkout', offered('listOrders')],
  ['inventory', 'omar', 'invoicing', offered('listStock')],
  ['payments', 'carmen', 'care-desk', offered('getPayment')],
  ['pricing', 'cora', 'web', rpc('shop.pricing.v1.Pricing', 'GetPrice')],
  ['shipping', 'carmen', 'care-desk', offered('getParcel')],
  ['customers', 'priya', 'checkout', port(8080)],
  ['catalogue', 'cora', 'web', offered('listProducts')],
  [
    'recommendations',
    'ivan',
    'trends',
    rpc('shop.recommendations.v1.Recommendations', 'ForProducts'),
  ],
  ['orders-db', 'omar', 'invoicing', port(5432)],
  ['warehouse', 'felix', 'inventory', offered('getWave')],
];

/** What cannot be enforced whoever asks, and the finding that says why. */
const NOT_ENFORCEABLE: [string, string, string, Asked, string][] = [
  // An appliance outside the mesh, and no caller's egress is closed.
  ['sorting', 'felix', 'picking', port(9100), 'egress-open'],
  // Known by its name only, and network policies know addresses.
  [
    'card-acquirer',
    'paula',
    'ledger',
    offered('listPayouts'),
    'name-not-enforceable',
  ],
];

let shop: RunningShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const draftOf = (api: string, caller: string, operations: Asked) => ({
  api: `api:default/${api}`,
  caller: `component:default/${caller}`,
  operations,
  in: ['prod-eu'],
  reason: 'It is wanted',
});

describe('errors of grants beside it', () => {
  it.each(WISHES)(
    'do not keep %s from taking a request',
    async (api, person, caller, operations) => {
      const draft = draftOf(api, caller, operations);
      const preview = await shop.as(person).post('/previews', draft);
      expect(preview.body.send).toEqual({ allowed: true });
      expect(preview.body.meaning.gained).toHaveLength(1);
      const sent = await shop
        .as(person)
        .post('/requests', { ...draft, digest: preview.body.digest });
      expect([sent.status, sent.body.state]).toEqual([201, 'submitted']);
    },
  );

  it.each(NOT_ENFORCEABLE)(
    'are not why %s takes none: nothing would hold what is asked for',
    async (api, person, caller, operations, code) => {
      const preview = await shop
        .as(person)
        .post('/previews', draftOf(api, caller, operations));
      expect(preview.body.send.allowed).toBe(false);
      expect(preview.body.meaning.findings).toEqual([
        expect.objectContaining({ severity: 'error', code }),
      ]);
    },
  );
});
