import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
} from '../__fixtures__/shop';
import { readInForce } from '../compile/inForce';
import { clustersOf } from '../meaning/worldOf';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity } from '../model/types';
import { describeRequests } from '../verify/describeRequests';
import { EffectiveAccessIndex } from '../verify/EffectiveAccessIndex';
import { cascadeOf, toRememberOf } from './cascadeOf';
import type { RememberedEntity } from './types';

const API = 'api:default/orders';
const CART = 'component:default/cart';
const TEAM = 'group:default/shop-team';
const ORIGIN = 'backstage.io/managed-by-origin-location';
const BEFORE = ['checkout: listOrders, getOrder', 'cart: getOrder'];
const PINNED = `      ends: { caller: ['prod:shop/sa/cart'], provider: ['prod:shop/sa/orders'] }\n`;

const named = (catalog: CatalogEntity[], kind: string, name: string) =>
  catalog.find(
    each => each.kind === kind && each.metadata.name === name,
  ) as CatalogEntity & { spec: Record<string, unknown> };

function edited(change: (catalog: CatalogEntity[]) => void): CatalogEntity[] {
  const catalog = shopCatalog();
  change(catalog);
  return catalog;
}

const without = (kind: string, name: string) =>
  shopCatalog().filter(
    each => each.kind !== kind || each.metadata.name !== name,
  );

const redefined = (from: string | RegExp, to: string) =>
  edited(catalog => {
    const { spec } = named(catalog, 'API', 'orders');
    spec.definition = String(spec.definition).replace(from, to);
  });

/** What is flagged once the catalog is another one, and the files in force are those of before. */
function flagsOf(
  catalog: CatalogEntity[],
  options: {
    text?: string;
    remembered?: RememberedEntity[];
    before?: readonly string[];
  } = {},
) {
  const cluster = shopCluster();
  const text = options.text ?? policyText('orders', BEFORE);
  const files = compileShop([
    policyText('orders', options.before ?? BEFORE),
  ]).files;
  const { policy } = parseAccessPolicy({ path: 'orders.yaml', text });
  return cascadeOf({
    catalog,
    policies: [{ policy: policy! }],
    clusters: [cluster],
    compilation: compileShop([text], cluster, [...files], catalog),
    inForce: readInForce(files),
    remembered: options.remembered ?? [],
  });
}

describe('what becomes of the things that grants name', () => {
  it('says nothing while nothing has changed', () => {
    expect(flagsOf(shopCatalog())).toEqual([]);
  });

  it('flags the grant of a caller that is gone, and no other one', () => {
    expect(flagsOf(without('Component', 'cart'))).toEqual([
      {
        kind: 'caller-gone',
        api: API,
        grantId: 'cart-orders',
        caller: CART,
        owners: [],
      },
    ]);
  });

  it('remembers of callers whose they were and where they came from', () => {
    const catalog = edited(all => {
      named(all, 'Component', 'cart').metadata.annotations![ORIGIN] = 'url:a';
    });
    const { policy } = parseAccessPolicy({
      path: 'orders.yaml',
      text: policyText('orders', BEFORE),
    });
    expect(toRememberOf({ catalog, policies: [{ policy: policy! }] })).toEqual([
      { ref: CART, owners: [TEAM], origin: 'url:a' },
      { ref: 'component:default/checkout', owners: [TEAM] },
    ]);
  });

  it('flags a provider that is gone once for the API', () => {
    expect(flagsOf(without('Component', 'orders'))).toEqual([
      { kind: 'provider-gone', api: API },
    ]);
  });

  it('flags an API that is deprecated, and one that is another owner’s than its declaration says', () => {
    const deprecated = edited(all => {
      named(all, 'API', 'orders').spec.lifecycle = 'Deprecated ';
    });
    expect(flagsOf(deprecated)).toEqual([{ kind: 'api-deprecated', api: API }]);
    const moved = edited(all => {
      named(all, 'API', 'orders').spec.owner = 'group:default/others';
    });
    expect(flagsOf(moved)).toContainEqual({
      kind: 'api-moved',
      api: API,
      from: TEAM,
      to: ['group:default/others'],
    });
  });

  it('flags a caller that belongs to others than it did', () => {
    const moved = edited(all => {
      named(all, 'Component', 'cart').spec.owner = 'group:default/others';
    });
    const remembered = [{ ref: CART, owners: [TEAM] }];
    expect(flagsOf(moved, { remembered })).toEqual([
      {
        kind: 'caller-moved',
        api: API,
        grantId: 'cart-orders',
        caller: CART,
        from: [TEAM],
        to: ['group:default/others'],
      },
    ]);
    // Nobody knows whose it was.
    expect(flagsOf(moved)).toEqual([]);
  });
});

it('lets what has a form that is not known take nobody else’s flags down', () => {
  const catalog = without('Component', 'cart').filter(
    each => each.metadata.name !== 'stock' || each.kind === 'API',
  );
  const texts = [
    policyText('orders', ['checkout: dropOrders']),
    policyText('stock', ['cart: listOrders']),
  ];
  const cluster = shopCluster();
  const [liar] = readInForce(compileShop([texts[1]]).files);
  const flags = cascadeOf({
    catalog,
    policies: texts.map(text => ({
      policy: parseAccessPolicy({ path: 'a.yaml', text }).policy!,
    })),
    clusters: [cluster],
    compilation: compileShop(texts, cluster, [], catalog),
    inForce: [
      {
        ...liar,
        api: API,
        grants: new Set(['checkout-orders']),
        object: {
          ...liar.object,
          kind: 'AuthorizationPolicy',
          metadata: { ...liar.object.metadata, annotations: {} },
          spec: { rules: [null] },
        },
      },
    ],
    remembered: [],
  });
  expect(flags.map(({ api, kind }) => `${api} ${kind}`)).toContain(
    'api:default/stock caller-gone',
  );
});

describe('operations that a definition has no more', () => {
  it('are named as the grant writes them, with what is left without them', () => {
    // GET /orders/{id} goes, and nothing else has its method and path.
    const catalog = redefined(/ {2}\/orders\/\{id\}:\n.*\n/, '');
    expect(flagsOf(catalog)).toEqual([
      {
        kind: 'operations-gone',
        api: API,
        grantId: 'checkout-orders',
        caller: 'component:default/checkout',
        gone: [{ id: 'getOrder' }],
        left: [{ id: 'listOrders' }],
      },
      {
        kind: 'operations-gone',
        api: API,
        grantId: 'cart-orders',
        caller: CART,
        gone: [{ id: 'getOrder' }],
        left: [],
      },
    ]);
  });

  it('are known by another id where exactly one operation has the method and path that are in force', () => {
    const flags = flagsOf(redefined('getOrder', 'readOrder'));
    expect(flags).toMatchObject([
      { gone: [{ id: 'getOrder' }], renamed: [{ id: 'readOrder' }] },
      { gone: [{ id: 'getOrder' }], renamed: [{ id: 'readOrder' }] },
    ]);
  });

  it('are not renamed where the new id has another method or path', () => {
    const other = redefined(
      /\/orders\/\{id\}:\n(.*)getOrder/,
      '/orders/{id}/all:\n$1readOrder',
    );
    for (const flag of flagsOf(other))
      expect(flag).not.toHaveProperty('renamed');
    const writes = redefined(
      'get: { operationId: getOrder',
      'put: { operationId: readOrder',
    );
    for (const flag of flagsOf(writes))
      expect(flag).not.toHaveProperty('renamed');
  });

  it('are not renamed by what was never in force', () => {
    const catalog = redefined('getOrder', 'readOrder');
    const [flag] = flagsOf(catalog, {
      before: ['checkout: listOrders'],
      text: policyText('orders', ['checkout: listOrders, getOrder']),
    });
    expect(flag).toMatchObject({ gone: [{ id: 'getOrder' }] });
    expect(flag).not.toHaveProperty('renamed');
  });

  it('are not renamed where the files say that more was open than one operation has now', () => {
    // What was open are GET /orders and GET /orders/{id}: which of them getOrder was, the files do not say.
    const catalog = edited(all => {
      const { spec } = named(all, 'API', 'orders');
      spec.definition = String(spec.definition)
        .replace(/ {2}\/orders\/\{id\}:\n.*\n/, '')
        .replace('listOrders', 'browseOrders');
    });
    const flags = flagsOf(catalog, {
      before: ['cart: listOrders, getOrder'],
      text: policyText('orders', ['cart: getOrder']),
    });
    expect(flags).toMatchObject([{ gone: [{ id: 'getOrder' }], left: [] }]);
    expect(flags[0]).not.toHaveProperty('renamed');
  });

  it('leave the paths and methods of an entry that are still there', () => {
    const http = (paths: string, methods = 'GET') =>
      policyText('orders', ['cart: getOrder']).replace(
        'id: getOrder',
        `http: { methods: [${methods}], paths: [${paths}] }`,
      );
    const catalog = shopCatalog();
    expect(
      flagsOf(catalog, { text: http("'/orders', '/gone'") }),
    ).toMatchObject([
      { left: [{ http: { methods: ['GET'], paths: ['/orders'] } }] },
    ]);
    expect(
      flagsOf(catalog, { text: http("'/orders'", 'GET, DELETE, HEAD') }),
    ).toMatchObject([
      { left: [{ http: { methods: ['GET', 'HEAD'], paths: ['/orders'] } }] },
    ]);
  });

  it('are nobody’s to know of a definition that cannot be read', () => {
    expect(flagsOf(redefined('paths:', 'paths: ]'))).toEqual([]);
  });

  it('open under their new id exactly what they opened under the old one', () => {
    const catalog = redefined('getOrder', 'readOrder');
    const before = compileShop([policyText('orders', BEFORE)]);
    const after = compileShop(
      [
        policyText('orders', [
          'checkout: listOrders, readOrder',
          'cart: readOrder',
        ]),
      ],
      shopCluster(),
      [...before.files],
      catalog,
    );
    for (const caller of ['checkout', 'cart', 'stock']) {
      const [was, is] = [before, after].map(compilation => {
        const [cluster] = clustersOf({
          compilation,
          clusters: [shopCluster()],
        });
        return describeRequests(
          EffectiveAccessIndex.of(cluster).pair(
            `shop/Deployment/${caller}`,
            'shop/Deployment/orders',
          ).possible,
        );
      });
      expect(is).toBe(was);
    }
    expect(after.held).toEqual([]);
  });
});

describe('a caller that is renamed', () => {
  const text = policyText('orders', ['cart: getOrder']) + PINNED;
  const remembered = [{ ref: CART, owners: [TEAM], origin: 'url:a' }];
  const BASKET = 'component:default/basket';
  const renamed = (change: (entity: CatalogEntity) => void = () => {}) =>
    edited(all => {
      const entity = named(all, 'Component', 'cart');
      entity.metadata.name = 'basket';
      entity.metadata.annotations![ORIGIN] = 'url:a';
      change(entity);
    });
  const of = (catalog: CatalogEntity[]) =>
    flagsOf(catalog, { text, remembered, before: ['cart: getOrder'] });

  it('is known by its place, its owners and the ends of the grant', () => {
    expect(of(renamed())).toMatchObject([
      { kind: 'caller-gone', caller: CART, renamedTo: BASKET },
    ]);
  });

  it.each<[string, (entity: CatalogEntity) => void]>([
    [
      'of another place',
      each => {
        each.metadata.annotations![ORIGIN] = 'url:b';
      },
    ],
    [
      'of another owner',
      each => {
        each.spec!.owner = 'group:default/others';
      },
    ],
    [
      'of another kind',
      each => {
        each.kind = 'Resource';
      },
    ],
    [
      'bound to other workloads',
      each => {
        each.metadata.annotations!['backstage.io/kubernetes-id'] = 'stock';
      },
    ],
    [
      'bound to nothing',
      each => {
        delete each.metadata.annotations!['backstage.io/kubernetes-id'];
      },
    ],
    [
      'bound to more than these workloads',
      each => {
        const annotations = each.metadata.annotations!;
        delete annotations['backstage.io/kubernetes-id'];
        annotations['backstage.io/kubernetes-label-selector'] =
          'app in (cart, stock)';
      },
    ],
  ])('is not something %s', (_, change) => {
    const [flag] = of(renamed(change));
    expect(flag).toMatchObject({ kind: 'caller-gone', caller: CART });
    expect(flag).not.toHaveProperty('renamedTo');
  });

  it('is known by the owners that it had last, who are those to be told', () => {
    const others = 'group:default/others';
    const moved = { ...remembered[0], owners: [others], lastOwners: [TEAM] };
    const flags = (each: RememberedEntity) =>
      flagsOf(renamed(), {
        text,
        remembered: [each],
        before: ['cart: getOrder'],
      });
    expect(flags(moved)).toMatchObject([{ owners: [TEAM], renamedTo: BASKET }]);
    const [flag] = flags({ ...moved, owners: [TEAM], lastOwners: [others] });
    expect(flag).toMatchObject({ owners: [others] });
    expect(flag).not.toHaveProperty('renamedTo');
  });

  it('is none of two', () => {
    const two = renamed();
    const twin = structuredClone(named(two, 'Component', 'basket'));
    twin.metadata.name = 'trolley';
    const [flag] = of([...two, twin]);
    expect(flag).not.toHaveProperty('renamedTo');
  });

  it('is nothing where the grant pins no ends', () => {
    const [flag] = flagsOf(renamed(), {
      text: policyText('orders', ['cart: getOrder']),
      remembered,
    });
    expect(flag).not.toHaveProperty('renamedTo');
  });
});
