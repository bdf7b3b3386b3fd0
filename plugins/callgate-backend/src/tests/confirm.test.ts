import { createServiceFactory } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { notificationService } from '@backstage/plugin-notifications-node';
import type {
  AccessRequest,
  AccessRow,
  AccessRequestSummary,
  ApiAccess,
} from '@callgate/plugin-callgate-common';
import { parseAllDocuments } from 'yaml';
import {
  editFile,
  replaced,
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import { NIGHTJAR, startWithNightjar, TRACES } from '../__testUtils__/nightjar';
import { eventually } from '../__testUtils__/startShop';
import {
  approve,
  commitElsewhere,
  DRAFT,
  git,
  mergeShown,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(180_000);

/** The parts of rules that tests look at. */
interface Rule {
  operation: { methods?: string[]; paths?: string[] };
  source: { principals?: string[] };
}

const ORDERS = 'policies/default/orders.yaml';
const MANIFESTS = 'clusters/prod-eu/ordering/callgate-orders.yaml';
const MORE = 'app in (cart, web)';
const MOST = 'app in (cart, web, checkout)';

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

const entityOf = (name: string): Entity =>
  shop.entities.find(
    ({ kind, metadata }) => kind !== 'API' && metadata.name === name,
  )!;

function annotate(name: string, annotations: Record<string, string>) {
  entityOf(name).metadata.annotations = annotations;
}

const widenCart = (selector: string) =>
  annotate('cart', {
    'backstage.io/kubernetes-label-selector': selector,
    'backstage.io/kubernetes-namespace': 'storefront',
  });

const file = (path: string) => git(shop, 'show', `main:${path}`);

/** Whom the mesh lets place orders, by the manifests on the target branch. */
const placingOrders = (): string[] =>
  parseAllDocuments(file(MANIFESTS))
    .map(each => each.toJS())
    .filter(({ kind }) => kind === 'AuthorizationPolicy')
    .flatMap(({ spec }) => spec.rules ?? [])
    .filter(rule =>
      rule.to?.some(
        ({ operation }: Rule) =>
          operation.methods?.includes('POST') &&
          operation.paths?.includes('/orders'),
      ),
    )
    .flatMap(rule =>
      rule.from.flatMap(({ source }: Rule) => source.principals ?? []),
    )
    .map((principal: string) => principal.split('/ns/')[1])
    .sort();

const confirms = async (person = 'omar'): Promise<AccessRequestSummary[]> =>
  (
    await shop
      .as(person)
      .get('/requests?tab=all&api=api:default/orders&sort=-createdAt')
  ).body.items.filter(({ kind }: AccessRequestSummary) => kind === 'confirm');

const read = async (person: string, { id }: { id: string }) =>
  (await shop.as(person).get(`/requests/${id}`)).body as AccessRequest;

const rowsOf = async (person: string, caller: string): Promise<AccessRow[]> =>
  (
    (await shop.as(person).get('/apis/default/orders')).body as ApiAccess
  ).callers.filter(each => each.caller.name === caller);

const PROVIDER = `provider: ['prod-eu:ordering/sa/orders']`;

/** A grant that somebody wrote by hand, with the ends that were approved for it. */
const byHand =
  (caller: string, ends: string, more = '') =>
  (text: string) =>
    `${text}    - id: by-hand
      caller: ${caller}
      in: [prod-eu]
      operations: [{ id: getOrder }]
      acknowledges: [method-not-enforced, identity-not-enforced, shared-service-account]
      ends: { caller: [${ends}], ${PROVIDER} }
${more}`;

/** Priya asks, Omar approves, Petra merges: with it the grants of orders say which ends were approved. */
async function mergedGrant(draft = DRAFT): Promise<void> {
  const asked = await send(shop, 'priya', draft);
  await approve(shop, 'omar', asked);
  const { id } = await proposalOf(shop, asked);
  expect((await mergeShown(shop, 'petra', { id })).status).toBe(200);
  await reaches(shop, asked, 'merged');
}

async function approveAndMerge(person: string, request: { id: string }) {
  await approve(shop, person, request);
  const proposal = await proposalOf(shop, request);
  const merged = await mergeShown(shop, 'petra', proposal);
  expect([merged.status, merged.body.error]).toEqual([200, undefined]);
  await reaches(shop, request, 'merged');
  return proposal;
}

describe('a grant that stands for more than it was approved for', () => {
  it('the owner of cart widens its selector; the next, unrelated approval opens nothing for the new workloads; a confirm request reaches the orders team by itself; approved and merged, the new workloads may call', async () => {
    await start();
    await mergedGrant();
    expect(file(ORDERS)).toContain('prod-eu:storefront/sa/cart');
    widenCart(MOST);

    const unrelated = {
      ...DRAFT,
      caller: 'component:default/web',
      operations: [{ id: 'getOrder' }],
    };
    await mergedGrant(unrelated);
    expect(placingOrders()).toEqual(['storefront/sa/cart']);
    const own = file(ORDERS).split('- id: cart-places-orders')[1];
    expect(own.split('- id: orders-worker')[0]).not.toContain('sa/web');

    await shop.run('ask-to-confirm');
    const [asked, ...others] = await confirms();
    expect(others).toEqual([]);
    expect(asked).toMatchObject({
      state: 'submitted',
      byCallgate: true,
      requestedBy: { title: 'Callgate' },
      summary:
        'Cart runs as 2 more workloads now: does its access to POST /orders of Orders API stand?',
      waitsForMe: true,
      mine: false,
    });
    expect(
      notify.mock.calls
        .map(([{ recipients, payload }]) => [recipients, payload.title])
        .filter(([, title]) =>
          /runs as something else now.* of Orders API$/.test(title),
        ),
    ).toEqual([
      [
        { type: 'entity', entityRef: ['group:default/orders-team'] },
        'Somebody with access runs as something else now, does it stand? POST /orders of Orders API',
      ],
    ]);
    // Whose access it is hears of it as well, and of nobody who calls.
    const ofCallers = notify.mock.calls
      .map(([{ recipients, payload }]) => [recipients, payload])
      .filter(([, { title }]) =>
        /^Your access has to be confirmed: POST \/orders of Orders API/.test(
          title,
        ),
      );
    expect(ofCallers).toEqual([
      [
        { type: 'entity', entityRef: ['group:default/storefront-team'] },
        expect.objectContaining({ link: `/access/requests/${asked.id}` }),
      ],
    ]);
    expect(JSON.stringify(ofCallers)).not.toMatch(/cart|web/i);
    const page = await read('omar', asked);
    expect(page.approve).toEqual({ allowed: true });
    expect((await read('priya', asked)).approve.allowed).toBe(false);
    expect(page.reason).toBe(
      'Cart runs as checkout in storefront in prod-eu now, which the grant was not approved for.\nCart runs as web in storefront in prod-eu now, which the grant was not approved for.\nNothing is opened for it until this is confirmed.',
    );
    expect(page.confirms).toMatchObject({
      grant: 'cart-places-orders',
      approved: ['prod-eu:storefront/sa/cart', 'prod-eu:ordering/sa/orders'],
      added: [
        { side: 'caller', end: 'storefront/Deployment/checkout' },
        { side: 'caller', end: 'storefront/Deployment/web' },
      ],
    });
    expect(page.meaning.gained.length).toBeGreaterThan(0);
    expect(
      page.meaning.gained.flatMap(({ clusters }) =>
        clusters.flatMap(({ from }) => from),
      ),
    ).toEqual(['storefront/Deployment/checkout', 'storefront/Deployment/web']);
    const [row] = await rowsOf('omar', 'cart');
    expect(row.grants[0].unconfirmed).toEqual({ count: 2, request: asked.id });

    const { body } = await approveAndMerge('omar', asked);
    expect(body).toMatch(/to be confirmed, asked by Callgate/);
    expect(body).toMatch(/new: Cart stands for web in storefront in prod/);
    const [, grant] = file(ORDERS).split('- id: cart-places-orders');
    expect(grant.split('- id: orders-worker')[0]).toMatch(
      /reason: A basket becomes an order when the visitor pays\n\s+requestedBy: user:default\/cora\n\s+approvedBy:\s+- user:default\/lena\n\s+- user:default\/omar\n\s+ends:\n\s+caller:\n\s+- prod-eu:storefront\/sa\/cart\n\s+- prod-eu:storefront\/sa\/checkout\n\s+- prod-eu:storefront\/sa\/web/,
    );
    const [after] = await rowsOf('omar', 'cart');
    expect(after.grants[0].status).toBe('granted');
    expect(after.grants[0].unconfirmed).toBeUndefined();
    expect(after.clusters[0].from).toContain('storefront/Deployment/web');
    expect(placingOrders()).toEqual(
      ['cart', 'checkout', 'web'].map(name => `storefront/sa/${name}`),
    );
    await shop.run('ask-to-confirm');
    expect(await confirms()).toHaveLength(1);
  });

  it('rejected, it is not asked again for the same or fewer ends, and is for more', async () => {
    await start();
    await mergedGrant();
    widenCart(MORE);
    await shop.run('ask-to-confirm');
    const [asked] = await confirms();
    expect(asked.summary).toMatch(/ 1 more workload now: /);
    const rejected = await shop
      .as('lena')
      .post(`/requests/${asked.id}/reject`, { reason: 'Web shall not' });
    expect(rejected.status).toBe(200);
    await shop.run('ask-to-confirm');
    expect(await confirms()).toHaveLength(1);
    // Something else changes, so that it is looked at again.
    annotate('web', { ...entityOf('web').metadata.annotations, a: 'b' });
    await shop.run('ask-to-confirm');
    expect(await confirms()).toHaveLength(1);
    const [row] = await rowsOf('omar', 'cart');
    expect(row.grants[0].unconfirmed).toEqual({ count: 1 });

    // Its owner may ask all the same, once.
    const again = {
      kind: 'confirm' as const,
      api: 'api:default/orders',
      grant: 'cart-places-orders',
      caller: 'component:default/cart',
      operations: [],
      reason: 'Web shows the basket now',
    };
    expect(
      (await shop.as('felix').post('/previews', again)).body.send.allowed,
    ).toBe(false);
    const own = await send(shop, 'priya', again);
    expect(own).toMatchObject({
      kind: 'confirm',
      requestedBy: { name: 'priya' },
      reason: 'Web shows the basket now',
      approve: { allowed: false },
    });
    expect(own.byCallgate).toBeUndefined();
    expect((await read('omar', own)).approve.allowed).toBe(true);
    await shop.as('priya').post(`/requests/${own.id}/withdraw`, {});

    widenCart(MOST);
    await shop.run('ask-to-confirm');
    expect(await confirms()).toHaveLength(3);
    expect(placingOrders()).toEqual(['storefront/sa/cart']);
  });

  it('means what it stands for now while the request is open, and ends by itself when nothing is left to confirm', async () => {
    await start();
    await mergedGrant();
    widenCart(MORE);
    await shop.run('ask-to-confirm');
    const [asked] = await confirms();
    widenCart(MOST);
    await shop.run('ask-to-confirm');
    const more = await read('omar', asked);
    expect(more.summary).toMatch(/ 2 more workloads now: /);
    expect(more.meaningChanged).toBe(true);
    const old = await shop
      .as('omar')
      .post(`/requests/${asked.id}/approve`, { digest: asked.id });
    expect(old.status).toBe(409);

    annotate('cart', {
      'backstage.io/kubernetes-id': 'cart',
      'backstage.io/kubernetes-namespace': 'storefront',
    });
    await shop.run('ask-to-confirm');
    const ended = await read('omar', asked);
    expect(ended.state).toBe('superseded');
    expect(ended.timeline[1]).toMatchObject({
      event: 'supersede',
      reason: expect.stringMatching(/^Nothing is left to confirm/),
    });
    expect(ended.timeline[1].actor).toBeUndefined();
    // So it is asked again when it comes back.
    widenCart(MORE);
    await shop.run('ask-to-confirm');
    expect((await confirms()).map(({ state }) => state)).toEqual([
      'submitted',
      'superseded',
    ]);
  });

  it('approved, and then narrowed before it is merged, it is not taken for merged', async () => {
    await start();
    await mergedGrant();
    widenCart(MORE);
    await shop.run('ask-to-confirm');
    const [asked] = await confirms();
    await approve(shop, 'omar', asked);
    await proposalOf(shop, asked);
    annotate('cart', {
      'backstage.io/kubernetes-id': 'cart',
      'backstage.io/kubernetes-namespace': 'storefront',
    });
    await shop.run('ask-to-confirm');
    await eventually(
      async () => {
        await shop.run('build-proposals');
        return read('omar', asked);
      },
      ({ state }) => state === 'superseded',
    );
    expect(file(ORDERS)).not.toContain('sa/web');
  });

  it('makes one request when the task runs twice at once, and none while something cannot be read', async () => {
    await start();
    await mergedGrant();
    widenCart(MOST);
    await Promise.all([
      shop.run('ask-to-confirm'),
      shop.run('ask-to-confirm'),
      shop.run('ask-to-confirm'),
    ]);
    expect(await confirms()).toHaveLength(1);
  });

  it('confirms what the request lists, and nothing that came after it', async () => {
    await start();
    await mergedGrant();
    widenCart(MORE);
    await shop.run('ask-to-confirm');
    const [asked] = await confirms();
    widenCart(MOST);
    await approveAndMerge('omar', asked);
    expect(placingOrders()).toEqual([
      'storefront/sa/cart',
      'storefront/sa/web',
    ]);
    await shop.run('ask-to-confirm');
    const [next] = await confirms();
    expect((await read('omar', next)).confirms!.added).toMatchObject([
      { end: 'storefront/Deployment/checkout' },
    ]);
  });

  it('names nothing hidden in any text of it', async () => {
    shop = await startWithNightjar();
    await shop.as('omar').get('/apis/default/orders');
    commitElsewhere(shop, {
      [ORDERS]: byHand(NIGHTJAR, "'prod-eu:roost/sa/another'"),
    });
    await shop.run('ask-to-confirm');
    const [asked] = await confirms('stan');
    const page = await shop.as('stan').get(`/requests/${asked.id}`);
    const access = await shop.as('stan').get('/apis/default/orders');
    expect(page.body.confirms.added).toEqual([
      expect.objectContaining({ end: 'a workload you may not see' }),
    ]);
    expect(`${page.text} ${access.text} ${JSON.stringify(asked)}`).not.toMatch(
      TRACES,
    );
    const probe = (grant: string) =>
      shop.as('stan').post('/previews', {
        kind: 'confirm',
        api: 'api:default/orders',
        grant,
        caller: 'self',
        operations: [],
      });
    const [hidden, none] = [await probe('by-hand'), await probe('no-such')];
    expect([hidden.status, hidden.body.error]).toEqual([404, none.body.error]);
    expect((await read('omar', asked)).confirms!.added).toMatchObject([
      { end: 'roost/Deployment/nightjar-engine' },
    ]);
  });

  it('asks about nothing in the demo company as it is', async () => {
    await start();
    await shop.run('ask-to-confirm');
    const { items } = (await shop.as('petra').get('/requests?tab=all')).body;
    expect(items).toEqual([]);
  });

  it('tells a reader who may not see the caller that something is asked, and not what', async () => {
    await start({
      hides: (person, ref) =>
        ref === 'component:default/cart' && person === 'user:default/stan',
    });
    await mergedGrant();
    widenCart(MORE);
    await shop.run('ask-to-confirm');
    const [asked] = await confirms('stan');
    expect(asked.summary).toBe(
      'a caller you may not see runs as 1 more workload now: does its access to POST /orders of Orders API stand?',
    );
    const page = await read('stan', asked);
    expect(page.reason).toBe('');
    expect(page.confirms!.grant).toBeUndefined();
    expect(JSON.stringify([asked, page.confirms, page.timeline])).not.toMatch(
      /cart|storefront/i,
    );
  });
});

describe('ends of other kinds', () => {
  it('an address that became half of all is asked about, and opened for nobody before', async () => {
    await start({
      files: {
        'repository/profiles/prod-eu.yaml': replaced(
          / {2}addresses:\n(?: {4}.*\n)+/,
          '',
        ),
      },
      entities: {
        'resource:handheld-scanners': entity => ({
          ...entity,
          metadata: {
            ...entity.metadata,
            annotations: { 'callgate.dev/addresses': '128.0.0.0/1' },
          },
        }),
      },
    });
    commitElsewhere(shop, {
      [ORDERS]: byHand(
        'resource:default/handheld-scanners',
        "'cidr:203.0.113.7/32'",
      ),
    });
    await mergedGrant();
    expect(file(MANIFESTS)).not.toContain('128.0.0.0');
    await shop.run('ask-to-confirm');
    const [asked] = await confirms();
    expect(asked.summary).toMatch(/ has other addresses now: does its access /);
    const page = await read('omar', asked);
    expect(page.confirms!.approved[0]).toBe('cidr:203.0.113.7/32');
    await approveAndMerge('omar', asked);
    expect(file(MANIFESTS)).toContain('128.0.0.0/1');
    expect(file(ORDERS)).toContain('cidr:128.0.0.0/1');
  });

  it('a new member of a system is asked about, and one of a grant whose members follow is not', async () => {
    const joined = (entity: Entity): Entity => ({
      ...entity,
      spec: { ...entity.spec, system: 'basket' },
    });
    await start({ entities: { 'component:cart': joined } });
    shop.entities.push({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'System',
      metadata: { name: 'basket', namespace: 'default' },
      spec: { owner: 'group:default/storefront-team' },
      relations: [
        { type: 'ownedBy', targetRef: 'group:default/storefront-team' },
      ],
    });
    const pinned = "'prod-eu:storefront/sa/cart'";
    commitElsewhere(shop, {
      [ORDERS]: byHand('system:default/basket', pinned),
    });
    await shop.run('ask-to-confirm');
    expect(await confirms()).toEqual([]);
    entityOf('checkout').spec!.system = 'basket';
    await mergedGrant();
    expect(file(MANIFESTS)).not.toMatch(/sa\/checkout[^-]*GET[^-]*\{\*\}/);

    await shop.run('ask-to-confirm');
    const [asked] = await confirms();
    expect(asked.summary).toMatch(
      /^basket runs as 1 more workload now: does its access to .* stand\?$/,
    );
    expect((await read('omar', asked)).confirms!.added).toMatchObject([
      {
        entity: { name: 'checkout' },
        end: 'storefront/Deployment/checkout',
      },
    ]);
    commitElsewhere(shop, {
      [ORDERS]: text =>
        text.replace(
          `      ends: { caller: [${pinned}], ${PROVIDER} }`,
          `      members: follow\n      ends: { caller: [], ${PROVIDER} }`,
        ),
    });
    await shop.run('ask-to-confirm');
    expect((await confirms()).map(({ state }) => state)).toEqual([
      'superseded',
    ]);
  });

  it('a provider that runs under another account is asked about, and its callers keep what they have until then', async () => {
    await start();
    await mergedGrant();
    editFile(`${shop.folder}/estate/prod-eu/ordering.yaml`, text =>
      text.replace(
        /(?<=name: orders\n[\s\S]*?)serviceAccountName: orders\n/,
        'serviceAccountName: orders-two\n',
      ),
    );
    await shop.run('refresh-estate');
    await shop.run('ask-to-confirm');
    const asked = await confirms();
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.map(({ summary }) => summary)).toContain(
      'Orders API is served by 1 more workload now: does the access of Cart to POST /orders of Orders API stand?',
    );
  });
});

describe('a component that says it provides an API of others', () => {
  /** A component of the fulfilment team says that it serves orders. */
  const CLAIM: ShopChanges = {
    entities: {
      'component:shipping': entity => ({
        ...entity,
        spec: { ...entity.spec, providesApis: ['orders'] },
      }),
    },
  };
  const PROVIDER_REF = 'component:default/shipping';
  const ASK = {
    kind: 'confirm' as const,
    api: 'api:default/orders',
    provider: PROVIDER_REF,
    caller: PROVIDER_REF,
    operations: [],
  };

  it('is confirmed by the owners of the API when its owner asks, and serves the grants of the API from then on', async () => {
    await start(CLAIM);
    await mergedGrant();
    const person = 'felix';
    const page = (await shop.as(person).get('/apis/default/orders')).body;
    const found = page.findings.find(
      ({ code }: { code: string }) => code === 'provider-not-confirmed',
    );
    expect(found.ask).toEqual({
      api: 'api:default/orders',
      provider: PROVIDER_REF,
    });
    const own = await shop
      .as(person)
      .get('/callers/component/default/shipping');
    expect(
      own.body.findings.flatMap(({ ask }: { ask?: object }) => ask ?? []),
    ).toEqual([found.ask]);
    const others = (await shop.as('priya').get('/apis/default/orders')).body;
    expect(
      others.findings.some(({ ask }: { ask?: object }) => ask !== undefined),
    ).toBe(false);
    expect(
      (await shop.as('priya').post('/previews', ASK)).body.send,
    ).toMatchObject({ allowed: false });
    const asked = await send(shop, person, ASK);
    expect(asked).toMatchObject({
      kind: 'confirm',
      summary: expect.stringMatching(
        / asks to be confirmed as a provider of Orders API$/,
      ),
      confirms: { provider: { ref: PROVIDER_REF } },
    });
    expect(asked.approve.allowed).toBe(false);
    const again = await shop.as(person).post('/requests', {
      ...ASK,
      digest: asked.digest,
    });
    expect([again.status, again.body.error.code]).toEqual([
      409,
      'already-asked',
    ]);
    const shown = await read('omar', asked);
    expect(shown.meaning.gained.length).toBeGreaterThan(0);
    expect(
      new Set(
        shown.meaning.gained.flatMap(({ clusters }) =>
          clusters.flatMap(({ to }) => to),
        ),
      ),
    ).toEqual(new Set(['fulfilment/Deployment/shipping']));
    await approve(shop, 'omar', asked);
    await approve(shop, 'fatima', asked);
    const proposal = await proposalOf(shop, asked);
    expect((await mergeShown(shop, 'petra', proposal)).status).toBe(200);
    await reaches(shop, asked, 'merged');
    expect(file(ORDERS)).toMatch(
      /providers:\n\s+- component:default\/shipping\n\s+grants:/,
    );
    expect(file(ORDERS)).toContain('prod-eu:fulfilment/sa/shipping');
    const done = (await shop.as(person).get('/apis/default/orders')).body;
    expect(
      done.findings.map(({ code }: { code: string }) => code),
    ).not.toContain('provider-not-confirmed');
    await shop.run('ask-to-confirm');
    expect(await confirms()).toHaveLength(1);
  });
});
