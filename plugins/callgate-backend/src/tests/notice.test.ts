import { createServiceFactory } from '@backstage/backend-plugin-api';
import { notificationService } from '@backstage/plugin-notifications-node';
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
  previewOf,
} from '../__testUtils__/grantSteps';
import { commitElsewhere, proposalOf, send } from '../__testUtils__/steps';

jest.setTimeout(180_000);

const INVENTORY = 'api:default/inventory';
const FILE = 'policies/default/inventory.yaml';
const DAY = 86_400_000;
const NOTICE = 7;
const CART: GrantAsk = {
  kind: 'end',
  api: INVENTORY,
  grant: 'cart-reads-stock',
};

let shop: ChangedShop;
let ahead = 0;
const notify = jest.fn();
const realNow = Date.now;

async function start(changes: ShopChanges = {}): Promise<void> {
  ahead = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead * DAY);
  notify.mockReset().mockResolvedValue(undefined);
  shop = await startChangedShop({
    ...changes,
    config: {
      lifecycle: { notice: NOTICE },
      securityTeam: 'group:default/security',
      ...changes.config,
    },
    features: [
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: notify }),
      }),
    ],
  });
  // Makes the repository.
  await shop.as('omar').get('/apis/default/orders');
}
afterEach(async () => {
  await shop?.stop();
  jest.restoreAllMocks();
});

const dayIn = (days: number) =>
  new Date(realNow() + days * DAY).toISOString().slice(0, 10);
const said = (days: number) =>
  new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  }).format(new Date(dayIn(days)));

const read = async ({ id }: { id: string }): Promise<AccessRequest> =>
  (await shop.as('felix').get(`/requests/${id}`)).body;

/** What goes by itself so many days after. */
async function after(days: number): Promise<void> {
  ahead = days;
  await shop.run('follow-grants');
  await shop.run('sync-proposals');
  await shop.run('build-proposals');
}

/** Titles and texts of what a group was told. */
const toldTo = (ref: string) =>
  notify.mock.calls
    .filter(([{ recipients }]) => recipients.entityRef.includes(ref))
    .map(([{ payload }]) => payload);

describe('an end with notice', () => {
  it.each([
    ['the API', 'fatima', 'group:default/storefront-team', 'Your access ends'],
    ['the caller', 'cora', 'group:default/fulfilment-team', 'A grant ends'],
  ])(
    'that the side of %s asks for is approved and told at once, and proposed on its day',
    async (_, person, others, title) => {
      await start();
      const preview = await previewOf(shop, person, CART);
      expect(preview.notice).toEqual({
        days: NOTICE,
        proposeOn: dayIn(NOTICE),
        urgent: person === 'fatima',
      });
      const asked = await askOfGrant(shop, person, CART);
      expect(asked).toMatchObject({
        state: 'approved',
        waitsFor: `Will be proposed on ${said(NOTICE)}`,
        change: { proposeOn: dayIn(NOTICE) },
      });
      expect(asked.timeline.map(({ reason }) => reason)).toContainEqual(
        `Nobody has to approve it: it opens nothing. It will be proposed on ${said(
          NOTICE,
        )}, so that the other side can see to it.`,
      );
      expect(toldTo(others)).toEqual([
        expect.objectContaining({
          title: expect.stringContaining(title),
          description: expect.stringContaining(
            `It will be proposed on ${said(NOTICE)}.`,
          ),
        }),
      ]);
      await after(0);
      await after(NOTICE - 1);
      expect(await read(asked)).toMatchObject({ state: 'approved' });
      await after(NOTICE);
      const proposed = await read(asked);
      expect(proposed).toMatchObject({
        state: 'proposed',
        waitsFor: 'Waits for the platform team',
        change: { proposeOn: dayIn(NOTICE) },
      });
      // A clock that jumps back takes nothing out of it.
      await after(-30);
      expect((await read(asked)).state).toBe('proposed');
    },
  );

  it('is proposed once after a time in which nothing ran, and stays out of the pull requests of others until then', async () => {
    await start();
    const end = await askOfGrant(shop, 'fatima', CART);
    const other = await askOfGrant(shop, 'fatima', {
      ...CART,
      grant: 'web-shows-availability',
      urgent: true,
    });
    const first = await proposalOf(shop, other);
    expect(first.requests.map(({ id }) => id)).toEqual([other.id]);
    await after(60);
    await after(61);
    const { requests } = await proposalOf(shop, end);
    expect(requests.map(({ id }) => id).sort()).toEqual(
      [end.id, other.id].sort(),
    );
    const { timeline } = await read(end);
    expect(timeline.filter(({ to }) => to === 'proposed')).toHaveLength(1);
  });

  it('can be withdrawn meanwhile, and then nothing of it is proposed', async () => {
    await start();
    const end = await askOfGrant(shop, 'fatima', CART);
    // What one side asks the other side cannot stop.
    expect(
      (await shop.as('cora').post(`/requests/${end.id}/withdraw`)).status,
    ).toBe(403);
    const { body, status } = await shop
      .as('felix')
      .post(`/requests/${end.id}/withdraw`);
    expect([status, body.state]).toEqual([200, 'withdrawn']);
    await after(NOTICE);
    expect(await read(end)).toMatchObject({ state: 'withdrawn' });
  });

  it('ends when the grant is gone meanwhile', async () => {
    await start();
    const end = await askOfGrant(shop, 'fatima', CART);
    commitElsewhere(shop, {
      [FILE]: text => text.replace('id: cart-reads-stock', 'id: renamed'),
    });
    await after(1);
    expect(await read(end)).toMatchObject({ state: 'superseded' });
  });

  it('waits no longer than the grant lasts', async () => {
    await start({
      files: {
        [`repository/${FILE}`]: text =>
          text.replace(
            '    - id: cart-reads-stock\n',
            `    - id: cart-reads-stock\n      until: ${dayIn(2)}\n`,
          ),
      },
    });
    const { notice } = await previewOf(shop, 'fatima', CART);
    expect(notice?.proposeOn).toBe(dayIn(3));
  });
});

describe('an urgent end', () => {
  it('is proposed at once, for the API’s side and the security team, and is recorded', async () => {
    await start();
    expect(
      (await previewOf(shop, 'fatima', { ...CART, urgent: true })).notice,
    ).toEqual({ days: NOTICE, urgent: true });
    for (const [person, grant] of [
      ['fatima', 'cart-reads-stock'],
      ['sam', 'web-shows-availability'],
    ]) {
      const end = await askOfGrant(shop, person, {
        ...CART,
        grant,
        urgent: true,
      });
      expect(end.change).toMatchObject({ urgent: true });
      expect(end.change).not.toHaveProperty('proposeOn');
      expect(end.timeline.map(({ reason }) => reason)).toContainEqual(
        'Nobody has to approve it: it opens nothing. It is urgent, so it is proposed at once.',
      );
      await proposalOf(shop, end);
    }
  });

  it('is not the caller’s side’s to say, and nothing but an end is urgent', async () => {
    await start();
    const { digest } = await previewOf(shop, 'cora', CART);
    const refused = await shop.as('cora').post('/requests', {
      ...grantDraft({ ...CART, urgent: true }),
      digest,
    });
    expect([refused.status, refused.body.error.code]).toEqual([
      403,
      'not-api-owner',
    ]);
    const odd = await shop
      .as('fatima')
      .post('/previews', grantDraft({ ...CART, kind: 'change', urgent: true }));
    expect([odd.status, odd.body.error.code]).toEqual([400, 'bad-operation']);
  });
});

it('no notice is the default, and nothing is said of it', async () => {
  await start({ config: { lifecycle: {} } });
  expect(await previewOf(shop, 'fatima', CART)).not.toHaveProperty('notice');
  const end = await askOfGrant(shop, 'fatima', CART);
  expect(end.change).not.toHaveProperty('proposeOn');
  await proposalOf(shop, end);
});

it('what has to be approved has no notice: the other side approves it', async () => {
  await start();
  const asked = await send(shop, 'priya', {
    api: INVENTORY,
    caller: 'component:default/checkout',
    operations: [{ id: 'getStock' }],
    in: ['prod-eu'],
    reason: 'x',
  });
  expect(asked.state).toBe('submitted');
  expect(asked).not.toHaveProperty('change');
});
