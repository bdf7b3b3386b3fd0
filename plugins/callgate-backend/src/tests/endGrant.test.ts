import { createServiceFactory } from '@backstage/backend-plugin-api';
import { notificationService } from '@backstage/plugin-notifications-node';
import type {
  AccessRequest,
  AccessRequestDraft,
  Edge,
} from '@callgate/plugin-callgate-common';
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
import {
  approve,
  commitElsewhere,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(180_000);

const INVENTORY = 'api:default/inventory';
const FILE = 'policies/default/inventory.yaml';
const CART: GrantAsk = {
  kind: 'end',
  api: INVENTORY,
  grant: 'cart-reads-stock',
};
/** What that grant is about, as notifications name it: they never say who calls. */
const STOCK = 'GET /stock/{sku} and HEAD /stock/{sku} of Inventory API';
const CATALOGUE = 'api:default/catalogue';

/** The first grant of an API that is open to everybody: it closes it. */
const FIRST: AccessRequestDraft = {
  api: CATALOGUE,
  caller: 'component:default/web',
  operations: [{ id: 'listProducts' }],
  in: ['prod-eu'],
  reason: 'The shop window',
};

let shop: ChangedShop;
const notify = jest.fn();

async function start(changes: ShopChanges = {}): Promise<void> {
  notify.mockReset().mockResolvedValue(undefined);
  shop = await startChangedShop({
    ...changes,
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
afterEach(() => shop?.stop());

const file = (path: string) => git(shop, 'show', `main:${path}`);

const read = async (person: string, { id }: { id: string }) =>
  (await shop.as(person).get(`/requests/${id}`)).body as AccessRequest;

const names = (edges: readonly Edge[]) =>
  edges.map(({ caller }) => caller.name);

/** Titles of the notifications that a group or a person got. */
const toldTo = (ref: string): string[] =>
  notify.mock.calls
    .filter(([{ recipients }]) => recipients.entityRef.includes(ref))
    .map(([{ payload }]) => payload.title);

const timelineOf = ({ timeline }: AccessRequest) =>
  timeline.map(({ event, to }) => `${event} ${to}`);

/** What goes by itself once the target branch has moved. */
async function rebuild(): Promise<void> {
  await shop.run('follow-grants');
  await shop.run('sync-proposals');
  await shop.run('build-proposals');
}

describe('the end of a grant', () => {
  it('takes effect without anybody’s approval where the caller’s owner asks, and tells the API’s owners', async () => {
    await start();
    const preview = await previewOf(shop, 'cora', CART);
    expect(preview.send).toEqual({ allowed: true });
    expect(preview.needs).toEqual([]);
    expect(names(preview.meaning.lost)).toEqual(['cart']);
    expect(preview.meaning).toMatchObject({
      gained: [],
      flips: [],
      kept: [],
      opened: [],
    });
    expect(preview.meaning).not.toHaveProperty('left');
    const { digest } = preview;
    const sent = await shop
      .as('cora')
      .post('/grants/cart-reads-stock/revoke', { digest, reason: 'Gone' });
    expect(sent.status).toBe(201);
    const asked: AccessRequest = sent.body;
    expect(asked).toMatchObject({
      kind: 'end',
      state: 'approved',
      change: {
        grant: 'cart-reads-stock',
        side: 'caller',
        whenLast: 'keep-closed',
      },
      summary: expect.stringMatching(
        /^Cart asks to end its access to .*: GET /,
      ),
    });
    expect(toldTo('group:default/fulfilment-team')).toEqual([
      `A grant ends: ${STOCK}`,
    ]);
    expect(toldTo('group:default/storefront-team')).toEqual([]);

    const merged = await mergeOf(shop, asked);
    expect(timelineOf(merged)).toEqual([
      'submit submitted',
      'approve approved',
      'propose proposed',
      'merge merged',
    ]);
    expect(merged.timeline[1]).toMatchObject({
      reason: 'Nobody has to approve it: it opens nothing.',
    });
    expect(merged.timeline[1]).not.toHaveProperty('actor');
    expect(file(FILE)).not.toContain('cart-reads-stock');
    expect(file(FILE)).toContain('web-shows-availability');
    expect(toldTo('group:default/storefront-team')).toContain(
      `A grant has ended: ${STOCK}`,
    );
    const { proposal } = merged;
    const page = (await shop.as('petra').get(`/proposals/${proposal!.id}`))
      .body;
    expect(page.checks).toContainEqual({
      name: 'Taken away = said',
      outcome: 'passed',
      text: 'What is taken away is what was said, and nobody else loses anything.',
    });
  });

  it('takes effect where the API’s owner asks, and the caller’s owners cannot stop it', async () => {
    await start();
    const asked = await askOfGrant(shop, 'felix', CART);
    expect(asked).toMatchObject({ state: 'approved', change: { side: 'api' } });
    expect(toldTo('group:default/storefront-team')).toEqual([
      `Your access ends: ${STOCK}`,
    ]);
    const { status, body } = await shop
      .as('cora')
      .post(`/requests/${asked.id}/withdraw`);
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ code: 'not-requester' });
    // A colleague of who asked may.
    const withdrawn = await shop
      .as('fatima')
      .post(`/requests/${asked.id}/withdraw`);
    expect(withdrawn.body.state).toBe('withdrawn');
  });

  it('is nobody else’s to ask, but the security team’s where it is configured', async () => {
    await start();
    const refused = await previewOf(shop, 'stan', CART);
    expect(refused.send.allowed).toBe(false);
    const { digest } = refused;
    const body = { ...grantDraft(CART), digest };
    expect((await shop.as('stan').post('/requests', body)).status).toBe(403);
    expect((await shop.as('sam').post('/requests', body)).status).toBe(403);
    await shop.stop();
    await start({ config: { securityTeam: 'group:default/security' } });
    const asked = await askOfGrant(shop, 'sam', CART);
    expect(asked).toMatchObject({
      state: 'approved',
      change: { side: 'security' },
    });
    expect(toldTo('group:default/storefront-team')).toHaveLength(1);
    expect(toldTo('group:default/fulfilment-team')).toHaveLength(1);
  });

  it('needs a reason, a grant that is there, and the digest that was shown', async () => {
    await start();
    const { digest } = await previewOf(shop, 'cora', CART);
    const revoke = (id: string, body: object) =>
      shop.as('cora').post(`/grants/${id}/revoke`, body);
    const codes = [
      await revoke('cart-reads-stock', { digest }),
      await revoke('nothing', { digest, reason: 'x' }),
      await revoke('cart-reads-stock', { digest: 'sha256:0', reason: 'x' }),
      await revoke('cart-reads-stock', {
        digest,
        reason: 'x',
        api: 'api:default/orders',
      }),
    ].map(({ status, body }) => [status, body.error.code]);
    expect(codes).toEqual([
      [400, 'reason-missing'],
      [404, 'no-such-grant'],
      [409, 'meaning-changed'],
      [404, 'no-such-grant'],
    ]);
  });

  it('is not there for who may not see the caller', async () => {
    await start({
      hides: (person, ref) =>
        person === 'user:default/felix' && ref === 'component:default/cart',
    });
    const { status, body } = await shop
      .as('felix')
      .post('/previews', grantDraft(CART));
    expect([status, body.error.code]).toEqual([404, 'no-such-grant']);
    const none = await shop
      .as('felix')
      .post('/previews', grantDraft({ ...CART, grant: 'nothing' }));
    expect(none.body.error.message).toBe(body.error.message);
  });

  it('is asked once: the second hears which request asks already', async () => {
    await start();
    const asked = await askOfGrant(shop, 'cora', CART);
    const preview = await previewOf(shop, 'felix', CART);
    const message = `This grant is to end already, in request ${asked.number}.`;
    // The preview says it before anybody has written a reason.
    expect(preview.send).toEqual({ allowed: false, reason: message });
    expect(preview.asked).toEqual({ id: asked.id, number: asked.number });
    const { digest } = preview;
    const second = await shop
      .as('felix')
      .post('/requests', { ...grantDraft(CART), digest });
    expect(second.status).toBe(409);
    expect(second.body.error).toMatchObject({ code: 'already-asked', message });
    expect(asked.acceptedGaps).toEqual([]);
  });

  it('keeps an API closed of which the last grant ends', async () => {
    await start();
    const first = await send(shop, 'cora', FIRST);
    await approve(shop, 'carl', first);
    await mergeOf(shop, first);
    const grant = /id: (web-\w+)/.exec(
      file('policies/default/catalogue.yaml'),
    )![1];
    const ask: GrantAsk = { kind: 'end', api: CATALOGUE, grant };

    const open = await previewOf(shop, 'cora', { ...ask, whenLast: 'open' });
    expect(open.meaning.left).toBe('open');
    expect(open.meaning.opened).not.toEqual([]);
    expect(open.meaning.text).toBe('Opens Catalogue API to everyone.');
    expect(open.needs).toMatchObject([{ kind: 'api-owner', count: 1 }]);

    const closed = await previewOf(shop, 'cora', ask);
    expect(closed.meaning).toMatchObject({ left: 'closed', opened: [] });
    expect(closed.needs).toEqual([]);
    expect(closed.digest).not.toBe(open.digest);
    const asked = await askOfGrant(shop, 'cora', ask);
    await mergeOf(shop, asked);
    expect(file('policies/default/catalogue.yaml')).toContain('grants: []');
  });

  it('closes no API that is open to everybody for want of a word: who ends its last grant, which is not in force, has to choose', async () => {
    await start();
    const ask: GrantAsk = {
      kind: 'end',
      api: 'api:default/warehouse',
      grant: 'picking-starts-waves',
    };
    const tried = [
      await shop.as('fatima').post('/previews', grantDraft(ask)),
      await shop.as('fatima').post('/requests', {
        ...grantDraft(ask),
        digest: '0',
      }),
      await shop
        .as('fatima')
        .post('/grants/picking-starts-waves/revoke', { digest: '0' }),
    ];
    for (const { status, body } of tried) {
      expect([status, body.error.code]).toEqual([400, 'when-last-missing']);
      expect(body.error.message).toMatch(/keep-closed.*\bopen\b/);
    }
    // Each choice says what it does: everybody is cut, or nothing changes for anybody.
    const choose = (whenLast: 'keep-closed' | 'open') =>
      previewOf(shop, 'fatima', { ...ask, whenLast });
    const closed = await choose('keep-closed');
    expect(closed.meaning.left).toBe('closed');
    expect(closed.meaning.flips).not.toEqual([]);
    const open = await choose('open');
    expect(open.meaning).toMatchObject({ flips: [], lost: [], opened: [] });
  });

  it('opens an API to everybody where that was chosen, and its owners approve it', async () => {
    await start();
    const first = await send(shop, 'cora', FIRST);
    await approve(shop, 'carl', first);
    await mergeOf(shop, first);
    const before = git(shop, 'ls-tree', '-r', '--name-only', 'main');
    expect(before).toContain('callgate-catalogue.yaml');
    const grant = /id: (web-\w+)/.exec(
      file('policies/default/catalogue.yaml'),
    )![1];
    const asked = await askOfGrant(shop, 'carl', {
      kind: 'end',
      api: CATALOGUE,
      grant,
      whenLast: 'open',
    });
    expect(asked.state).toBe('submitted');
    // Nobody decides on their own request, also not as an owner.
    expect((await read('carl', asked)).approve.allowed).toBe(false);
    expect((await read('cora', asked)).approve.allowed).toBe(false);
    await approve(shop, 'chloe', asked);
    await mergeOf(shop, asked);
    const after = git(shop, 'ls-tree', '-r', '--name-only', 'main');
    // Its receipts stay: they say who let it go.
    expect(
      after.split('\n').filter(path => !path.includes('/.receipts/')),
    ).not.toContainEqual(expect.stringContaining('catalogue'));
  });

  it('ends with the grant where somebody takes that out by hand', async () => {
    await start();
    const asked = await askOfGrant(shop, 'cora', CART);
    await proposalOf(shop, asked);
    commitElsewhere(shop, {
      [FILE]: text =>
        text.replace(/ {4}- id: cart-reads-stock[^]*?(?= {4}- id: web)/, ''),
    });
    await rebuild();
    const ended = await reaches(shop, asked, 'superseded');
    expect(ended.timeline.at(-1)).toMatchObject({
      reason:
        'The grant is not there any more, or another one has its id by now.',
    });
  });

  it('does not end another grant that got the id meanwhile', async () => {
    await start();
    const asked = await askOfGrant(shop, 'cora', CART);
    await proposalOf(shop, asked);
    commitElsewhere(shop, {
      [FILE]: text =>
        text.replace(
          /(id: cart-reads-stock\n +caller: component:default\/)cart/,
          '$1checkout',
        ),
    });
    await rebuild();
    await reaches(shop, asked, 'superseded');
    expect(file(FILE)).toContain('cart-reads-stock');
  });

  it('asks the API’s owners where it takes away more than it said', async () => {
    await start();
    const asked = await askOfGrant(shop, 'cora', CART);
    await proposalOf(shop, asked);
    commitElsewhere(shop, {
      [FILE]: text =>
        text.replace(
          "paths: ['/stock/{sku}']",
          "paths: ['/stock/{sku}', '/stock']",
        ),
    });
    // Merging looks once more at what it does.
    const { proposal } = await read('petra', asked);
    const merged = await mergeShown(shop, 'petra', proposal!);
    expect(merged.status).toBe(409);
    await rebuild();
    const again = await reaches(shop, asked, 'submitted');
    expect(again.needs).toMatchObject([{ kind: 'api-owner', count: 1 }]);
    expect(again.timeline.at(-1)).toMatchObject({ event: 'ask-again' });
    expect((await read('felix', asked)).approve.allowed).toBe(true);
    await approve(shop, 'felix', asked);
    await mergeOf(shop, asked);
    expect(file(FILE)).not.toContain('cart-reads-stock');
  });

  it('of two grants at once is one pull request', async () => {
    await start();
    const one = await askOfGrant(shop, 'cora', CART);
    const two = await askOfGrant(shop, 'cora', {
      ...CART,
      grant: 'web-shows-availability',
    });
    await proposalOf(shop, one);
    const { requests } = await proposalOf(
      shop,
      two,
      each => each.requests.length === 2,
    );
    expect(requests.map(({ summary }) => summary.slice(0, 4))).toEqual([
      'End:',
      'End:',
    ]);
    await mergeOf(shop, two);
    await reaches(shop, one, 'merged');
    expect(file(FILE)).not.toMatch(/cart-reads-stock|web-shows-availability/);
  });
});
