import {
  compileShop,
  policyText,
  shopCatalog,
  shopCluster,
  shopState,
} from '../__fixtures__/shop';
import { prove } from '../proof/prove';
import { compareMeaning } from './compareMeaning';
import { meaning } from './meaning';
import type { Meaning, PolicyState } from './types';

const ORDERS = 'api:default/orders';
const CHECKOUT = 'shop/Deployment/checkout';
const CART = 'shop/Deployment/cart';

/** A grant of its own for the same caller, under another id. */
const more = (text: string, id: string, caller: string, operation: string) =>
  `${text.replace('grants: []\n', 'grants:\n')}    - id: ${id}
      caller: component:default/${caller}
      operations: [{ id: ${operation} }]
`;

const BOTH = policyText('orders', [
  'checkout: listOrders, getOrder',
  'cart: createOrder',
]);
const CART_ALONE = policyText('orders', ['cart: createOrder']);
const CHECKOUT_ALONE = policyText('orders', ['checkout: listOrders, getOrder']);
const NONE = policyText('orders', []);
const ADMIN = policyText('orders-admin', ['cart: refund']);

const OPEN_BY_HAND = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-all, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{}] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow-all, namespace: shop }
spec: { action: ALLOW, rules: [{}] }
`;

const ended = (
  before: PolicyState,
  after: PolicyState,
  ...grants: string[]
): Meaning =>
  meaning({ before, after, api: ORDERS, catalog: shopCatalog(), grants });

const proof = (
  before: PolicyState,
  after: PolicyState,
  ...approved: Meaning[]
) => prove({ before, after, approved: approved.map(({ content }) => content) });

describe('what the end of a grant means', () => {
  it('takes from its caller what it opened, and nothing from anybody else', () => {
    const [before, after] = [shopState([BOTH]), shopState([CART_ALONE])];
    const meant = ended(before, after, 'checkout-orders');
    expect(meant).toMatchObject({
      gained: [],
      kept: [],
      opened: [],
      flips: [],
      lost: [
        {
          caller: 'component:default/checkout',
          grantIds: ['checkout-orders'],
          operations: ['getOrder', 'listOrders'],
        },
      ],
      text: 'Closes checkout → getOrder, listOrders of orders.',
    });
    expect(meant).not.toHaveProperty('left');
    expect(meant.content).toMatchObject({
      grants: ['checkout-orders'],
      removed: [
        {
          from: CHECKOUT,
          to: 'shop/Deployment/orders',
          port: 8080,
          requests: ['GET /orders', 'GET /orders/{*}'],
        },
      ],
    });
    const proved = proof(before, after, meant);
    expect(proved).toMatchObject({ holds: true, untold: [], unapproved: [] });
    expect(proved.points).toContainEqual({
      point: 'lost-is-told',
      outcome: 'passed',
      text: 'What is taken away is what was said, and nobody else loses anything.',
    });
  });

  describe('with consumers in the catalog', () => {
    const consuming = shopCatalog().map(entity =>
      ['checkout', 'cart', 'stock'].includes(entity.metadata.name)
        ? {
            ...entity,
            spec: { ...entity.spec, consumesApis: ['orders', 'orders-admin'] },
          }
        : entity,
    );
    const cluster = shopCluster();
    const state = (...texts: string[]): PolicyState => ({
      compilation: compileShop(texts, cluster, [], consuming),
      clusters: [cluster],
    });
    const meant = (
      before: PolicyState,
      after: PolicyState,
      grants?: readonly string[],
    ) =>
      meaning({
        ...{ before, after, api: ORDERS, catalog: consuming },
        ...(grants && { grants }),
      });
    const codes = ({ findings }: Meaning) => findings.map(({ code }) => code);

    it('advises nobody to grant what just ends: what closed it is long past', () => {
      const { findings, lost } = meant(state(BOTH), state(CART_ALONE), [
        'checkout-orders',
      ]);
      expect(lost).toHaveLength(1);
      expect(findings).toEqual([]);
    });

    it('warns of what becomes closed with the first grant, and not with any that follows', () => {
      expect(codes(meant(state(), state(CART_ALONE)))).toContain(
        'isolation-flip',
      );
      expect(codes(meant(state(CART_ALONE), state(BOTH)))).not.toContain(
        'isolation-flip',
      );
    });
  });

  it('never says of an API at addresses that it stays closed: nothing ever closed it', () => {
    const outside = shopCatalog().map(entity =>
      entity.metadata.name === 'orders' && entity.kind === 'Component'
        ? {
            ...entity,
            metadata: {
              ...entity.metadata,
              annotations: { 'callgate.dev/addresses': '192.0.2.16/28' },
            },
          }
        : entity,
    );
    const cluster = shopCluster();
    const state = (text: string): PolicyState => ({
      compilation: compileShop([text], cluster, [], outside),
      clusters: [cluster],
    });
    const granted = `${NONE.replace(' []', '').trimEnd()}
    - { id: sorts, caller: component:default/checkout, operations: [{ tcp: { port: 9100 } }] }
`;
    const before = state(granted);
    // Its caller may call everything outside: the grant holds nothing.
    expect(before.compilation.findings.map(({ code }) => code)).toContain(
      'egress-open',
    );
    const meant = meaning({
      before,
      after: state(NONE),
      api: ORDERS,
      catalog: outside,
      grants: ['sorts'],
    });
    expect(meant).not.toHaveProperty('left');
    expect(meant.text).toBe('Changes nobody’s access.');
  });

  it('of one that is renewed is its new day, which is all that changes', () => {
    const state = shopState([BOTH]);
    const renewed = (until: string) =>
      meaning({
        ...{ before: state, after: state, api: ORDERS, until },
        ...{ catalog: shopCatalog(), grants: ['checkout-orders'] },
      }).text;
    expect(renewed('2027-03-01')).toBe(
      'Keeps what is granted until 2027-03-01, and changes nobody’s access.',
    );
    expect(renewed('')).toBe(
      'Keeps what is granted without a last day, and changes nobody’s access.',
    );
  });

  it('says what another grant of the same caller keeps', () => {
    const second = more(BOTH, 'again', 'checkout', 'listOrders');
    const after = more(CART_ALONE, 'again', 'checkout', 'listOrders');
    const states = [shopState([second]), shopState([after])] as const;
    const meant = ended(...states, 'checkout-orders');
    expect(meant.lost).toMatchObject([{ operations: ['GET /orders/{*}'] }]);
    expect(meant.kept).toMatchObject([
      {
        access: [{ operations: ['GET /orders'] }],
        by: [{ api: ORDERS, grantId: 'again' }],
        otherwise: false,
      },
    ]);
    expect(meant.content.kept).toMatchObject([
      { from: CHECKOUT, requests: ['GET /orders'], by: [`${ORDERS} again`] },
    ]);
    expect(proof(...states, meant).holds).toBe(true);
  });

  it('says that a policy of somebody else leaves it open', () => {
    const before = shopState([BOTH], OPEN_BY_HAND);
    const after = shopState([CART_ALONE], OPEN_BY_HAND);
    const meant = ended(before, after, 'checkout-orders');
    expect(meant.lost).toEqual([]);
    expect(meant.kept).toMatchObject([{ by: [], otherwise: true }]);
    expect(proof(before, after, meant).holds).toBe(true);
  });

  it('keeps an API closed of which the last grant ends', () => {
    const states = [shopState([CHECKOUT_ALONE]), shopState([NONE])] as const;
    const meant = ended(...states, 'checkout-orders');
    expect(meant).toMatchObject({ left: 'closed', opened: [], flips: [] });
    expect(meant.content.left).toBe('closed');
    expect(meant.text).toBe(
      'Closes checkout → getOrder, listOrders of orders; orders stays closed to everyone.',
    );
    expect(proof(...states, meant).holds).toBe(true);
  });

  it('opens an API to everybody of which the policy ends, and only if that was said', () => {
    const states = [shopState([CHECKOUT_ALONE]), shopState([])] as const;
    const meant = ended(...states, 'checkout-orders');
    const workload = 'shop/Deployment/orders';
    const opened = [
      { cluster: 'prod', workload, layer: 'identity' },
      { cluster: 'prod', workload, layer: 'kernel' },
    ];
    expect(meant.left).toBe('open');
    expect(meant.content).toMatchObject({ left: 'open', opened });
    // Who had it by the grant has it as everybody has.
    expect(meant.lost).toEqual([]);
    expect(meant.kept).toMatchObject([{ by: [], otherwise: true }]);
    expect(meant.text).toBe('Opens orders to everyone.');
    expect(proof(...states, meant)).toMatchObject({ holds: true });

    const closed = ended(states[0], shopState([NONE]), 'checkout-orders');
    const wrong = proof(...states, closed);
    expect(wrong.holds).toBe(false);
    expect(wrong.unapproved.map(({ from }) => from)).toContain(CART);
    expect(compareMeaning(closed, meant)).toMatchObject({
      result: 'wider',
      differences: expect.arrayContaining([
        { code: 'opened-to-everyone', ...opened[0] },
      ]),
    });
    expect(compareMeaning(meant, closed).result).toBe('wider');
  });

  it('stays closed where another API on the workload closes it', () => {
    const states = [
      shopState([CHECKOUT_ALONE, ADMIN]),
      shopState([ADMIN]),
    ] as const;
    const meant = ended(...states, 'checkout-orders');
    expect(meant).toMatchObject({ left: 'closed', opened: [] });
    expect(meant.lost).toMatchObject([
      { operations: ['getOrder', 'listOrders'] },
    ]);
    expect(proof(...states, meant).holds).toBe(true);
  });

  it('does not let two ends take together what each left to the other', () => {
    const second = more(BOTH, 'again', 'checkout', 'listOrders');
    const third = more(second, 'once-more', 'checkout', 'listOrders');
    const before = shopState([third]);
    const one = ended(
      before,
      shopState([second.replace('id: again', 'id: once-more')]),
      'again',
    );
    const other = ended(before, shopState([second]), 'once-more');
    expect([one.lost, other.lost]).toEqual([[], []]);
    const without = CART_ALONE;
    const proved = proof(before, shopState([without]), one, other);
    expect(proved.holds).toBe(false);
    expect(proved.untold).toMatchObject([{ from: CHECKOUT }]);
    expect(proved.findings.map(({ code }) => code)).toContain('lost-not-told');
  });

  it('is not proved where somebody else loses something', () => {
    const [before, after] = [shopState([BOTH]), shopState([NONE])];
    const meant = ended(before, shopState([CART_ALONE]), 'checkout-orders');
    expect(proof(before, after, meant).untold).toMatchObject([{ from: CART }]);
  });

  it('tells what files open that nobody grants any more, where they are written again', () => {
    const all = shopState([BOTH]);
    const declared = shopState([
      policyText('orders', ['checkout: listOrders', 'cart: createOrder']),
    ]);
    // Somebody took getOrder out of the declaration, and left the files.
    const before = { ...declared, files: all.compilation.files };
    const after = shopState([CART_ALONE]);
    const meant = ended(before, after, 'checkout-orders');
    expect(meant.lost).toMatchObject([
      {
        caller: 'component:default/checkout',
        grantIds: ['', 'checkout-orders'],
        operations: ['GET /orders/{*}', 'listOrders'],
      },
    ]);
    expect(proof(before, after, meant)).toMatchObject({
      holds: true,
      untold: [],
    });
  });

  it('of a change is what is taken from the grant that stays', () => {
    const less = policyText('orders', [
      'checkout: listOrders',
      'cart: createOrder',
    ]);
    const states = [shopState([BOTH]), shopState([less])] as const;
    const meant = ended(...states, 'checkout-orders');
    expect(meant).toMatchObject({
      gained: [],
      lost: [{ operations: ['GET /orders/{*}'] }],
      kept: [],
    });
    expect(proof(...states, meant).holds).toBe(true);
  });
});
