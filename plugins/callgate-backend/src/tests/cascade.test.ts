import { createServiceFactory } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { notificationService } from '@backstage/plugin-notifications-node';
import type {
  AccessRequest,
  AccessRequestSummary,
  ApiAccess,
  CallerAccess,
  CascadeFlag,
  GrantPage,
  PreparedAsk,
} from '@callgate/plugin-callgate-common';
import {
  replaced,
  startChangedShop,
  type ChangedShop,
  type ShopChanges,
} from '../__testUtils__/changedShop';
import {
  askOfGrant,
  grantDraft,
  mergeOf,
  previewOf,
} from '../__testUtils__/grantSteps';
import {
  approve,
  git,
  proposalOf,
  reaches,
  send,
} from '../__testUtils__/steps';

jest.setTimeout(300_000);

const INVENTORY = 'api:default/inventory';
const FILE = 'policies/default/inventory.yaml';
const CART_GRANT = 'cart-reads-stock';

let shop: ChangedShop;
const notify = jest.fn();

async function start(changes: ShopChanges = {}): Promise<void> {
  notify.mockReset().mockResolvedValue(undefined);
  shop = await startChangedShop({
    ...changes,
    files: {
      // The demo's own mistake would be told on the same day.
      'repository/policies/default/shipping.yaml': replaced(
        'id: createShipment',
        'id: bookParcel',
      ),
      ...changes.files,
    },
    // What is so counts at once.
    config: { lifecycle: { goneAfterHours: 0 }, ...changes.config },
    features: [
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: notify }),
      }),
    ],
  });
  await shop.as('omar').get('/apis/default/orders');
  await shop.run('follow-catalog');
}
afterEach(() => shop?.stop());

const indexOf = (ref: string) => {
  const [kind, name] = ref.split(':');
  return shop.entities.findIndex(
    each => each.kind.toLowerCase() === kind && each.metadata.name === name,
  );
};
const remove = (ref: string) => shop.entities.splice(indexOf(ref), 1)[0];
function edit(ref: string, change: (entity: Entity) => void): void {
  const index = indexOf(ref);
  const copy = structuredClone(shop.entities[index]);
  change(copy);
  shop.entities[index] = copy;
}
const ownedBy = (owner: string) => (entity: Entity) => {
  entity.spec!.owner = owner;
  entity.relations = [
    ...(entity.relations ?? []).filter(({ type }) => type !== 'ownedBy'),
    { type: 'ownedBy', targetRef: owner },
  ];
};
const redefined = (from: string | RegExp, to: string) =>
  edit('api:inventory', ({ spec }) => {
    const next = String(spec!.definition).replace(from, to);
    if (next === spec!.definition) throw new Error(`There is no ${from}`);
    spec!.definition = next;
  });

const follow = () => shop.run('follow-catalog');

/** Pages may be some seconds old; this reads everything now. */
const reread = () => shop.run('follow-grants');

async function pageOf(person: string, grant = CART_GRANT): Promise<GrantPage> {
  await reread();
  const { status, body } = await shop
    .as(person)
    .get(`/grants/${grant}?api=${INVENTORY}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}
async function apiOf(person: string): Promise<ApiAccess> {
  await reread();
  return (await shop.as(person).get('/apis/default/inventory')).body;
}
const callerOf = async (person: string, name: string) =>
  (await shop.as(person).get(`/callers/component/default/${name}`))
    .body as CallerAccess;

/** Flags in the rows of the API's page, by grant. */
const flagsOnApi = async (
  person: string,
): Promise<Record<string, CascadeFlag[]>> =>
  Object.fromEntries(
    (await apiOf(person)).callers.flatMap(({ grants }) =>
      grants.flatMap(({ id, flags }) => (flags ? [[id, flags]] : [])),
    ),
  );
const texts = (flags: readonly CascadeFlag[] = []) =>
  flags.map(({ text }) => text);

const asked = async (person = 'felix') =>
  ((await shop.as(person).get('/requests')).body
    .items as AccessRequestSummary[]) ?? [];

/** What each person was told of what went or changed. */
const told = (): Record<string, string[]> => {
  const found: Record<string, string[]> = {};
  for (const [{ recipients, payload }] of notify.mock.calls)
    if (payload.topic === 'grants-cascade')
      for (const person of recipients.entityRef)
        found[person] = [...(found[person] ?? []), payload.title];
  return found;
};

/** Asks what was prepared, as it is. */
async function askPrepared(
  person: string,
  { kind, api, grant, operations }: PreparedAsk,
): Promise<AccessRequest> {
  if (kind === 'new') throw new Error('That is another caller');
  return askOfGrant(shop, person, {
    kind,
    api,
    grant,
    ...(operations && { operations }),
  });
}

describe('a caller that is gone from the catalog', () => {
  const GONE =
    'Cart is not in the catalog any more: register it again if it still runs, or end this grant.';

  it('is said of its grant alone, told to both sides, and its end is a pull request that closes nothing by itself', async () => {
    await start();
    const cart = remove('component:cart');
    const page = await pageOf('felix');
    // The title went with the entity.
    expect(texts(page.flags)).toEqual([GONE.replace('Cart', 'cart')]);
    expect(page.flags![0].next).toEqual({
      kind: 'end',
      api: INVENTORY,
      grant: CART_GRANT,
    });
    expect(Object.keys(await flagsOnApi('felix'))).toEqual([CART_GRANT]);
    // Whoever owns nothing of it is offered nothing.
    expect((await pageOf('stan')).flags![0]).not.toHaveProperty('next');

    await follow();
    const message = (api: string) =>
      `${api}: a caller is not in the catalog any more, and the end of its grant is proposed`;
    expect(told()['user:default/felix']).toEqual([message('Inventory API')]);
    expect(told()['user:default/fatima']).toEqual([message('Inventory API')]);
    expect(told()['user:default/omar']).toEqual([message('Orders API')]);
    // Cart has three grants, and who owned it hears of all of them at once.
    expect(told()['user:default/cora']).toEqual([
      '3 things that grants of yours name went or changed',
    ]);
    const requests = await asked();
    expect(requests.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'end approved',
      'end approved',
      'end approved',
    ]);
    const own = requests.find(({ api }) => api.ref === INVENTORY)!;
    expect(own.summary).toBe(
      'cart is not in the catalog any more, and its access to Inventory API is to end: GET /stock/{sku} and HEAD /stock/{sku}',
    );
    expect((await pageOf('felix')).flags![0]).toMatchObject({
      text: 'cart is not in the catalog any more and the end of this grant is asked for: register it again if it still runs.',
      next: { kind: 'end', request: own.id },
    });
    await shop.run('build-proposals');
    await proposalOf(shop, own);
    expect(git(shop, 'show', `main:${FILE}`)).toContain(CART_GRANT);
    // Nobody asks or tells twice.
    await follow();
    expect(await asked()).toHaveLength(3);
    expect(told()['user:default/felix']).toHaveLength(1);

    // It was a mistake.
    shop.entities.push(cart);
    await follow();
    const ended = await reaches(shop, own, 'superseded');
    expect(ended.timeline.at(-1)).toMatchObject({
      reason: 'The caller is in the catalog again.',
    });
    expect(await pageOf('felix')).not.toHaveProperty('flags');
  });

  it('loses what it had when somebody merges its end, and nobody else anything', async () => {
    await start();
    remove('component:cart');
    await follow();
    const own = (await asked()).find(({ api }) => api.ref === INVENTORY)!;
    await shop.run('build-proposals');
    const merged = await mergeOf(shop, own);
    expect(
      merged.meaning.lost.flatMap(({ operations }) =>
        operations.map(({ method }) => method),
      ),
    ).toEqual(['GET', 'HEAD']);
    const file = git(shop, 'show', `main:${FILE}`);
    expect(file).not.toContain(CART_GRANT);
    expect(file).toContain('web-shows-availability');
  });

  it('can be kept by an owner of the API', async () => {
    await start();
    remove('component:cart');
    await follow();
    const own = (await asked()).find(({ api }) => api.ref === INVENTORY)!;
    const { status } = await shop
      .as('felix')
      .post(`/requests/${own.id}/withdraw`, { reason: 'It runs' });
    expect(status).toBe(200);
    await follow();
    expect(
      (await asked()).filter(({ api }) => api.ref === INVENTORY),
    ).toHaveLength(1);
  });
});

describe('an operation that is gone from the definition', () => {
  it('is named as the grant writes it, and the change that takes it out is prepared', async () => {
    await start({
      files: {
        [`repository/${FILE}`]: text =>
          text.replace(
            'id: getAvailability',
            'id: getAvailability\n        - id: listStock',
          ),
      },
    });
    redefined('operationId: listStock', 'operationId: browseStock');
    redefined(/^ {2}\/stock:$/m, '  /all-stock:');
    const page = await pageOf('cora', 'web-shows-availability');
    expect(texts(page.flags)).toEqual([
      'The definition does not have listStock any more: take it out of this grant.',
    ]);
    const { next } = page.flags![0];
    expect(next).toMatchObject({
      kind: 'change',
      operations: [{ id: 'getAvailability' }],
    });
    const calls = (await callerOf('cora', 'web')).calls.flatMap(
      ({ grants }) => grants,
    );
    expect(
      calls.find(({ id }) => id === 'web-shows-availability')?.flags,
    ).toEqual(page.flags);
    await follow();
    const message =
      'Inventory API: the definition does not have an operation any more that a grant names';
    expect(told()['user:default/cora']).toEqual([message]);
    // Felix’s own grant names it as well, and he owns the API.
    expect(told()['user:default/felix']).toEqual([message]);
    expect(await asked()).toEqual([]);

    const change = await askPrepared('cora', next!);
    // While it is held nobody counts what it has, so its owner approves what is left of it.
    await approve(shop, 'felix', change);
    await mergeOf(shop, change);
    expect(await pageOf('cora', 'web-shows-availability')).not.toHaveProperty(
      'flags',
    );
  });

  it('that was the only one leaves an end to ask for', async () => {
    await start();
    redefined('/availability/{sku}:', '/available/{sku}:');
    redefined('operationId: getAvailability', 'operationId: readAvailability');
    const grant = 'web-shows-availability';
    const page = await pageOf('felix', grant);
    expect(texts(page.flags)).toEqual([
      'The definition does not have getAvailability any more: nothing else is left of this grant, so end it.',
    ]);
    const end = await askPrepared('cora', page.flags![0].next!);
    expect(end).toMatchObject({ kind: 'end', state: 'approved' });
    // Now it leads there.
    expect((await pageOf('felix', grant)).flags![0].next).toMatchObject({
      request: end.id,
    });
  });

  it('is named as people write it where the grant names methods and paths', async () => {
    await start();
    redefined('/stock/{sku}:', '/stocks/{sku}:');
    expect(texts((await pageOf('felix')).flags)).toEqual([
      'The definition does not have GET /stock/{sku} and HEAD /stock/{sku} any more: nothing else is left of this grant, so end it.',
    ]);
  });

  it('that has another id only is the same access under that one', async () => {
    await start();
    redefined('operationId: getAvailability', 'operationId: readAvailability');
    const grant = 'web-shows-availability';
    const [flag] = (await pageOf('cora', grant)).flags!;
    expect(flag.text).toBe(
      'getAvailability has another id in the definition now, readAvailability, with the same method and path: write that into this grant, and what enforces it stays as it is.',
    );
    const { next } = flag;
    expect(next).toMatchObject({
      kind: 'change',
      operations: [{ id: 'readAvailability' }],
    });
    const { kind, api, operations } = next!;
    if (kind === 'new') throw new Error('Not a change');
    const preview = await previewOf(shop, 'cora', {
      kind,
      api,
      grant,
      operations,
    });
    expect(preview.meaning).toMatchObject({ lost: [], flips: [] });
    const path = 'clusters/prod-eu/fulfilment/callgate-inventory.yaml';
    const before = git(shop, 'show', `main:${path}`);
    const change = await askPrepared('cora', next!);
    await approve(shop, 'felix', change);
    await mergeOf(shop, change);
    expect(git(shop, 'show', `main:${FILE}`)).toContain('readAvailability');
    // Not a byte of what enforces it.
    expect(git(shop, 'show', `main:${path}`)).toBe(before);
    expect(await pageOf('cora', grant)).not.toHaveProperty('flags');
  });
});

describe('an API', () => {
  it('whose provider is gone says so, and keeps what is open', async () => {
    await start();
    const path = 'clusters/prod-eu/fulfilment/callgate-inventory.yaml';
    const before = git(shop, 'show', `main:${path}`);
    remove('component:inventory');
    const said =
      'No component of its owners provides Inventory API any more: what is open stays as it is, and nothing new can be opened until one is registered, or an owner confirms another one.';
    expect(texts((await apiOf('felix')).flags)).toEqual([said]);
    expect(texts((await pageOf('cora')).flags)).toEqual([said]);
    // Once for the API, not in each row.
    expect(await flagsOnApi('felix')).toEqual({});
    await follow();
    for (const person of ['felix', 'petra'])
      expect(told()[`user:default/${person}`]).toEqual([
        'Inventory API: no component of its owners provides it any more; what is open stays as it is',
      ]);
    expect(await asked()).toEqual([]);
    await shop.run('build-proposals');
    expect(git(shop, 'show', `main:${path}`)).toBe(before);
  });

  it('that is deprecated says so to whoever has it and whoever asks for it', async () => {
    await start();
    edit('api:inventory', ({ spec }) => {
      spec!.lifecycle = 'deprecated';
    });
    const said =
      'Inventory API is deprecated: what is open stays, so ask its owners what takes its place before you ask for more.';
    expect(texts((await apiOf('cora')).flags)).toEqual([said]);
    const operations = await shop
      .as('priya')
      .get('/apis/default/inventory/operations');
    expect(texts(operations.body.flags)).toEqual([said]);
    await follow();
    expect(told()['user:default/cora']).toEqual([
      'Inventory API: it is deprecated; your access stays',
    ]);
    expect(await asked()).toEqual([]);
  });

  it('that belongs to another owner keeps its access, and all sides are told', async () => {
    await start();
    edit('api:inventory', ownedBy('group:default/orders-team'));
    expect(texts((await apiOf('felix')).flags)).toContain(
      'Inventory API belongs to Orders team in the catalog and to Fulfilment team in its declaration: what is open stays as it is, and nothing new can be opened until the declaration in the policy repository names the owner.',
    );
    await follow();
    // Its old owner, its new one, and an owner of callers.
    for (const person of ['felix', 'omar', 'cora'])
      expect(Object.keys(told())).toContain(`user:default/${person}`);
    expect(await asked()).toEqual([]);
  });
});

describe('a caller that belongs to another owner', () => {
  it('keeps its access as far as the new owner holds its workloads, and all sides are told', async () => {
    await start();
    edit('component:returns', ownedBy('group:default/storefront-team'));
    const page = await pageOf('cora', 'returns-restocks');
    const said =
      'Returns belongs to Storefront team now and belonged to Orders team: its access stays, so end it if that is not meant.';
    expect(texts(page.flags)).toEqual([said]);
    expect(page.flags![0].next).toMatchObject({ kind: 'end' });
    // Deciders follow the catalog: who owned it asks for nothing of it any more.
    expect((await pageOf('omar', 'returns-restocks')).end.allowed).toBe(false);
    await follow();
    for (const person of ['cora', 'omar', 'felix'])
      expect(Object.keys(told())).toContain(`user:default/${person}`);
    expect(await asked()).toEqual([]);
  });
});

describe('a caller that has another name in the catalog', () => {
  const ORIGIN = 'backstage.io/managed-by-origin-location';

  it('is asked for anew by who owns it, and the old grant ends only after that', async () => {
    await start({
      entities: {
        'component:cart': entity => ({
          ...entity,
          metadata: {
            ...entity.metadata,
            annotations: { ...entity.metadata.annotations, [ORIGIN]: 'url:a' },
          },
        }),
      },
    });
    edit('component:cart', ({ metadata }) => {
      metadata.name = 'basket';
      metadata.title = 'Basket';
    });
    const [flag] = (await pageOf('cora')).flags!;
    expect(flag.text).toBe(
      'cart is not in the catalog any more and seems to be Basket now: ask for the same access under that name, and this grant ends after that.',
    );
    expect(flag.next).toEqual({
      kind: 'new',
      api: INVENTORY,
      grant: CART_GRANT,
      caller: 'component:default/basket',
      operations: [
        { http: { methods: ['GET', 'HEAD'], paths: ['/stock/{sku}'] } },
      ],
      in: ['prod-eu'],
    });
    await follow();
    expect(await asked()).toEqual([]);
    const { caller = '', operations = [], in: clusters } = flag.next!;
    const request = await send(shop, 'cora', {
      api: INVENTORY,
      caller,
      operations,
      in: clusters,
      reason: 'It is called Basket now',
    });
    await approve(shop, 'felix', request);
    await mergeOf(shop, request);
    await follow();
    const end = (await asked()).find(
      ({ kind, api }) => kind === 'end' && api.ref === INVENTORY,
    )!;
    await shop.run('build-proposals');
    const merged = await mergeOf(shop, end);
    // What ran goes on running.
    expect(merged.meaning.lost).toEqual([]);
    expect(git(shop, 'show', `main:${FILE}`)).not.toContain(CART_GRANT);
  });
});

describe('who may not see a caller', () => {
  it('reads nothing of what became of it', async () => {
    await start({
      hides: (person, ref) =>
        person === 'user:default/stan' && ref === 'component:default/web',
    });
    redefined('operationId: getAvailability', 'operationId: readAvailability');
    expect(Object.keys(await flagsOnApi('felix'))).toEqual([
      'web-shows-availability',
    ]);
    const seen = JSON.stringify(await apiOf('stan'));
    expect(await flagsOnApi('stan')).toEqual({});
    expect(seen).not.toContain('readAvailability, with');
    const { body } = await shop.as('stan').post(
      '/previews',
      grantDraft({
        kind: 'end',
        api: INVENTORY,
        grant: 'web-shows-availability',
      }),
    );
    expect(body.error.code).toBe('no-such-grant');
  });
});
