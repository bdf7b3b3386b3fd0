import type { AccessRequest } from '@callgate/plugin-callgate-common';
import {
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import {
  askOfGrant,
  type GrantAsk,
  grantDraft,
  mergeOf,
  previewOf,
} from '../__testUtils__/grantSteps';
import { approve, git, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(180_000);

const FILE = 'policies/default/inventory.yaml';
const CART = { api: 'api:default/inventory', grant: 'cart-reads-stock' };
const HAS = [{ http: { methods: ['GET', 'HEAD'], paths: ['/stock/{sku}'] } }];
const LIST = { id: 'listStock' };

const change = (more: Partial<GrantAsk>): GrantAsk => ({
  kind: 'change',
  ...CART,
  operations: HAS,
  ...more,
});
const renew = (until?: string): GrantAsk => ({
  kind: 'renew',
  ...CART,
  ...(until !== undefined && { until }),
});

const dayFromNow = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

let shop: ChangedShop;

async function start(changes: ShopChanges = {}): Promise<void> {
  shop = await startChangedShop(changes);
  // Makes the repository.
  await shop.as('omar').get('/apis/default/orders');
}
afterEach(() => shop?.stop());

const file = () => git(shop, 'show', `main:${FILE}`);
const cartGrant = () =>
  / {4}- id: cart-reads-stock[^]*?(?= {4}- id: web)/.exec(file())![0];

async function refusalOf(person: string, ask: GrantAsk) {
  const { body, status } = await shop
    .as(person)
    .post('/previews', grantDraft(ask));
  return [status, body.error?.code, body.error?.message];
}

describe('the change of a grant', () => {
  it('that only takes away needs nobody, asked by the caller’s side', async () => {
    await start();
    const asked = await askOfGrant(shop, 'omar', {
      kind: 'change',
      api: CART.api,
      grant: 'orders-reserves',
      operations: [{ id: 'reserveStock' }, { id: 'getReservation' }],
    });
    expect(asked).toMatchObject({
      kind: 'change',
      state: 'approved',
      change: { grant: 'orders-reserves', side: 'caller' },
      meaning: { gained: [], lost: [{ caller: { name: 'orders' } }] },
    });
    // Its title says what goes, and so does that of its pull request.
    const gone = 'no more DELETE /reservations/{reservation}';
    expect(asked.summary).toBe(
      `Orders asks to cut back its access to Inventory API: ${gone}`,
    );
    expect((await proposalOf(shop, asked)).title).toBe(
      `Access to Inventory API: Orders (${gone})`,
    );
    await mergeOf(shop, asked);
    expect(file()).toContain('- id: getReservation');
    expect(file()).not.toContain('releaseReservation');
  });

  it('that takes nothing from anybody today does not say that it takes away', async () => {
    await start();
    // It had no last day, and gets one.
    const asked = await askOfGrant(
      shop,
      'cora',
      change({ until: dayFromNow(10) }),
    );
    expect(asked).toMatchObject({
      state: 'approved',
      meaning: { gained: [], lost: [] },
      timeline: [
        { event: 'submit' },
        { reason: 'Nobody has to approve it: it opens nothing.' },
      ],
    });
    const { body } = await proposalOf(shop, asked);
    expect(body).toContain('nobody has to approve it: it opens nothing');
    expect(body).not.toContain('takes away');
  });

  it('that says it otherwise is looked at, whatever it opens', async () => {
    await start();
    const other = await previewOf(
      shop,
      'cora',
      change({
        operations: [{ http: { methods: ['GET'], paths: ['/stock/{sku}'] } }],
      }),
    );
    expect(other.needs).toMatchObject([{ kind: 'api-owner' }]);
    expect(other.meaning).toMatchObject({
      gained: [],
      lost: [{ operations: [{ method: 'HEAD' }] }],
    });
  });

  it('tells what files open that the declaration does not, and an owner looks at it', async () => {
    await start({
      files: {
        'repository/policies/default/inventory.yaml': text =>
          text.replace('[GET, HEAD]', '[GET]'),
      },
    });
    const asked = await askOfGrant(shop, 'cora', { kind: 'end', ...CART });
    expect(asked).toMatchObject({
      state: 'submitted',
      meaning: {
        lost: [
          {
            operations: expect.arrayContaining([
              {
                kind: 'http',
                method: 'HEAD',
                // Manifests know no names of parameters.
                path: '/stock/{*}',
                writes: false,
              },
            ]),
          },
        ],
      },
    });
    await approve(shop, 'felix', asked);
    await mergeOf(shop, asked);
    expect(file()).not.toContain('cart-reads-stock');
  });

  it('that adds something is decided by the owners of the API for what it adds', async () => {
    await start();
    const asked = await askOfGrant(
      shop,
      'cora',
      change({ operations: [...HAS, LIST], reason: 'The list as well' }),
    );
    expect(asked).toMatchObject({
      state: 'submitted',
      meaning: {
        lost: [],
        gained: [{ operations: [{ id: 'listStock' }] }],
      },
      needs: [{ kind: 'api-owner', count: 1 }],
    });
    await approve(shop, 'felix', asked);
    const merged = await mergeOf(shop, asked);
    const text = cartGrant();
    expect(text).toContain('listStock');
    // Whoever approved what it had stays named beside who approved what came in.
    expect(text).toMatch(/fatima[^]*felix|felix[^]*fatima/);
    expect(text).toContain(`request: ${merged.id}`);
    expect(text).toContain('requestedBy: user:default/cora');
    expect(text).toContain('prod-eu:storefront/sa/cart');
  });

  it('of nothing is not sent', async () => {
    await start();
    const preview = await previewOf(shop, 'cora', change({ reason: '' }));
    expect(preview.send).toEqual({
      allowed: false,
      reason: 'The grant says all of this already.',
    });
  });

  it('is refused while an end of it is open, and the other way round', async () => {
    await start();
    const first: AccessRequest = await askOfGrant(
      shop,
      'cora',
      change({ operations: [...HAS, LIST] }),
    );
    const end: GrantAsk = { kind: 'end', ...CART };
    const { digest } = await previewOf(shop, 'felix', end);
    const second = await shop
      .as('felix')
      .post('/requests', { ...grantDraft(end), digest });
    expect(second.status).toBe(409);
    expect(second.body.error.message).toBe(
      `This grant is to be changed already, in request ${first.number}.`,
    );
  });
});

describe('the last day of a grant', () => {
  it('is asked for with it, and is part of what is approved', async () => {
    await start();
    const until = dayFromNow(90);
    const draft = {
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      operations: [{ id: 'listOrders' }],
      in: ['prod-eu'],
      reason: 'For a while',
    };
    const without = await shop.as('priya').post('/previews', draft);
    const dated = await shop.as('priya').post('/previews', { ...draft, until });
    expect(dated.body.digest).not.toBe(without.body.digest);
    const asked = await send(shop, 'priya', { ...draft, until });
    await approve(shop, 'omar', asked);
    await mergeOf(shop, asked);
    expect(git(shop, 'show', 'main:policies/default/orders.yaml')).toContain(
      `until: ${until}`,
    );
  });

  it('is put off by a request that owners of the API decide', async () => {
    await start();
    const until = dayFromNow(30);
    const day = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'long',
      timeZone: 'UTC',
    }).format(new Date(until));
    const text = `Keeps what is granted until ${day}, and changes nobody’s access.`;
    const { meaning } = await previewOf(shop, 'cora', renew(until));
    expect(meaning).toMatchObject({ until, text });
    const asked = await askOfGrant(shop, 'cora', renew(until));
    expect(asked).toMatchObject({
      kind: 'renew',
      state: 'submitted',
      change: { until },
      meaning: { gained: [], lost: [], until, text },
      needs: [{ kind: 'api-owner', count: 1 }],
    });
    await approve(shop, 'felix', asked);
    await mergeOf(shop, asked);
    expect(cartGrant()).toContain(`until: ${until}`);
    // Sooner is less, and later is more.
    const sooner = await previewOf(
      shop,
      'cora',
      change({ until: dayFromNow(10) }),
    );
    expect(sooner.needs).toEqual([]);
    const later = await previewOf(
      shop,
      'cora',
      change({ until: dayFromNow(40) }),
    );
    expect(later.needs).toHaveLength(1);
    const never = await previewOf(shop, 'cora', change({ until: '' }));
    expect(never.needs).toHaveLength(1);
  });

  it.each([
    ['2027-02-29', 'until is not a day: February 2027 has 28 days.'],
    [
      '2020-01-01',
      expect.stringContaining('until is 2020-01-01, which is over'),
    ],
    [
      '2027-03-01T00:00:00+02:00',
      expect.stringContaining('is a moment, not a day'),
    ],
    ['soon', 'until is not a day: write it such as 2027-03-01.'],
    ['', 'until is missing: say the last day, such as 2027-03-01.'],
  ])('is refused where it is %j', async (until, message) => {
    await start();
    expect(await refusalOf('cora', renew(until))).toEqual([
      400,
      'bad-until',
      message,
    ]);
  });

  it('is limited, and given where nobody says it', async () => {
    await start({
      config: { lifecycle: { maxDays: 90, defaultDays: 30 } },
    });
    expect(await refusalOf('cora', renew(dayFromNow(91)))).toMatchObject([
      400,
      'bad-until',
      expect.stringContaining('access lasts at most 90 days here'),
    ]);
    expect(await refusalOf('cora', change({ until: '' }))).toEqual([
      200,
      undefined,
      undefined,
    ]);
    const asked = await send(shop, 'priya', {
      api: 'api:default/orders',
      caller: 'component:default/checkout',
      operations: [{ id: 'listOrders' }],
      in: ['prod-eu'],
      reason: 'For a while',
    });
    const declared = asked.files.find(({ path }) =>
      path.includes('orders.yaml'),
    );
    expect(declared?.after).toContain(`until: ${dayFromNow(30)}`);
  });
});
