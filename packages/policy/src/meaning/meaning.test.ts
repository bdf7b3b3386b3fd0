import { crossedPolicy } from '../__fixtures__/crossedPaths';
import { policyText, shopCatalog, shopState } from '../__fixtures__/shop';
import type { CatalogEntity } from '../model/types';
import { compareMeaning } from './compareMeaning';
import { meaning } from './meaning';
import type { PolicyState } from './types';

const API = 'api:default/orders';
const READ = policyText('orders', ['checkout: listOrders']);
const READ_MORE = policyText('orders', ['checkout: listOrders, getOrder']);
const WITH_CART = policyText('orders', [
  'checkout: listOrders',
  'cart: createOrder',
]);

const change = (before: PolicyState, after: PolicyState) =>
  meaning({
    before,
    after,
    api: API,
    catalog: shopCatalog(),
    scope: ['prod'],
  });

describe('meaning', () => {
  it('tells what a grant opens, in the words of its operations', () => {
    const result = change(shopState([READ]), shopState([WITH_CART]));
    expect(result.gained).toEqual([
      {
        caller: 'component:default/cart',
        api: API,
        grantIds: ['cart-orders'],
        operations: ['createOrder'],
        calls: [
          {
            id: 'createOrder',
            kind: 'http',
            method: 'POST',
            path: '/orders',
            writes: true,
          },
        ],
        clusters: [
          {
            cluster: 'prod',
            from: ['shop/Deployment/cart'],
            to: ['shop/Deployment/orders'],
            protocol: 'TCP',
            ports: [8080],
            layers: {
              kernel: 'enforced',
              identity: 'enforced',
              method: 'enforced',
            },
          },
        ],
        text: 'cart → createOrder of orders',
      },
    ]);
    expect(result.lost).toEqual([]);
    expect(result.flips).toEqual([]);
    expect(result.unchangedCount).toBe(1);
    expect(result.text).toBe('Opens cart → createOrder of orders.');
  });

  it('tells of a grant that grows only what is added', () => {
    const { gained, lost } = change(shopState([READ]), shopState([READ_MORE]));
    expect(gained.map(({ operations }) => operations)).toEqual([
      ['GET /orders/{*}'],
    ]);
    expect(lost).toEqual([]);
  });

  it('tells what a withdrawn grant closes', () => {
    const { gained, lost } = change(shopState([WITH_CART]), shopState([READ]));
    expect(gained).toEqual([]);
    expect(lost.map(({ text }) => text)).toEqual([
      'cart → createOrder of orders',
    ]);
  });

  it('names everyone whom the first grant cuts, and who says that they use it', () => {
    const { flips, text } = change(
      shopState([]),
      shopState([policyText('orders', ['cart: listOrders'])]),
    );
    expect(flips.map(({ layer, workload }) => [workload, layer])).toEqual([
      ['shop/Deployment/orders', 'kernel'],
      ['shop/Deployment/orders', 'identity'],
    ]);
    const cut = new Map(
      flips[0].cut.map(({ workload, entities, reasons }) => [
        workload,
        { entities, reasons },
      ]),
    );
    expect(cut.get('shop/Deployment/checkout')).toEqual({
      entities: ['component:default/checkout'],
      reasons: ['consumes-api', 'allowed-today'],
    });
    expect(cut.get('shop/Deployment/stock')?.reasons).toEqual([
      'allowed-today',
    ]);
    // cart keeps listOrders, and loses everything else that it could do.
    expect(cut.has('shop/Deployment/cart')).toBe(true);
    expect(text).toContain('closes orders to everyone else');
  });

  it('does not name whoever only claims what is cut', () => {
    const owned =
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled }, annotations: { callgate.dev/owner: shop-team } }\n';
    const thief: CatalogEntity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'thief',
        annotations: { 'backstage.io/kubernetes-id': 'checkout' },
      },
      spec: { owner: 'thieves', consumesApis: ['orders'] },
    };
    const { flips } = meaning({
      before: shopState([], owned),
      after: shopState([policyText('orders', ['cart: listOrders'])], owned),
      api: 'api:default/orders',
      catalog: [...shopCatalog(), thief],
    });
    const checkout = flips[0].cut.find(
      ({ workload }) => workload === 'shop/Deployment/checkout',
    );
    expect(checkout?.entities).toEqual(['component:default/checkout']);
  });

  it('names the flip where the declaration is there and its generated files are not', () => {
    const tip = { ...shopState([READ]), files: [] };
    const { flips, gained } = change(tip, shopState([WITH_CART]));
    expect(gained.map(({ text }) => text)).toEqual([
      'cart → createOrder of orders',
    ]);
    expect(flips.map(({ layer }) => layer)).toEqual(['kernel', 'identity']);
    // Without any policy everybody could call; afterwards only what is granted.
    expect(flips[0].cut.map(({ workload }) => workload)).toEqual(
      expect.arrayContaining([
        'shop/Deployment/cart',
        'shop/Deployment/checkout',
        'shop/Deployment/stock',
      ]),
    );
  });

  it('names whom it cuts where somebody opened a generated policy by hand', () => {
    const state = shopState([READ]);
    const opened = {
      ...state,
      // Every caller of the mesh, at the kernel and by its identity.
      files: state.compilation.files.map(file => ({
        ...file,
        text: file.text
          .replace(/ingress:\n(?: .*\n)+/, 'ingress:\n    - {}\n')
          .replace(/rules:\n(?: .*\n)+/, 'rules:\n    - {}\n'),
      })),
    };
    const { flips } = change(opened, shopState([WITH_CART]));
    expect(flips.map(({ layer }) => layer)).toEqual(['kernel', 'identity']);
    expect(flips[0].cut.map(({ workload }) => workload)).toContain(
      'shop/Deployment/stock',
    );
  });

  it('names the layer that closes again alone, and what the other one refused is not lost', () => {
    const state = shopState([READ]);
    const without = {
      ...state,
      files: state.compilation.files.map(file => ({
        ...file,
        text: file.text
          .split('---\n')
          .filter(text => !text.includes('kind: NetworkPolicy'))
          .join('---\n'),
      })),
    };
    const { flips } = change(without, shopState([WITH_CART]));
    expect(flips.map(({ layer }) => layer)).toEqual(['kernel']);
    // The mesh refused its TCP on 8080 all along; other protocols it never sees.
    const stock = flips[0].cut.find(
      ({ workload }) => workload === 'shop/Deployment/stock',
    );
    expect(stock?.example).toContain('UDP');
    expect(stock?.example).not.toContain('8080');
  });

  it('names the flip where the whole mesh is STRICT, so that only identities could call', () => {
    const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`;
    const { flips } = change(shopState([], strict), shopState([READ], strict));
    expect(flips.map(({ layer }) => layer)).toEqual(['kernel', 'identity']);
  });

  it('names no flip where a hand-written policy closes the workload already', () => {
    const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;
    const { flips } = change(shopState([], closed), shopState([READ], closed));
    expect(flips.map(({ layer }) => layer)).toEqual(['identity']);
  });

  it('does not call it a cut what a withdrawn grant takes away', () => {
    const { flips, lost } = change(shopState([WITH_CART]), shopState([READ]));
    expect(lost).toHaveLength(1);
    expect(flips).toEqual([]);
  });

  it('shows the errors and no access for a request that does not compile', () => {
    const broken = policyText('orders', ['checkout: listOrders', 'cart: nope']);
    const result = change(shopState([READ]), shopState([broken]));
    expect(result.gained).toEqual([]);
    expect(result.lost).toEqual([]);
    expect(result.findings.map(({ code }) => code)).toContain(
      'unknown-operation',
    );
    expect(result.text).toContain('has errors');
  });

  it('headlines the layers and the isolation of each cluster', () => {
    const { layersByCluster } = change(shopState([]), shopState([WITH_CART]));
    expect(layersByCluster).toEqual([
      {
        cluster: 'prod',
        layers: {
          kernel: 'enforced',
          identity: 'enforced',
          method: 'enforced',
        },
        isolation: 'isolated',
        callers: 2,
      },
    ]);
  });
});

describe('the digest of a request', () => {
  const request = (texts: readonly string[]) =>
    change(shopState([READ, ...texts]), shopState([WITH_CART, ...texts]));

  it('is the same whatever other requests and commits do', () => {
    expect(request([policyText('stock', ['cart: listOrders'])]).digest).toBe(
      request([]).digest,
    );
  });

  it('does not depend on ids, reasons and order of grants', () => {
    const rewritten = policyText('orders', [
      'cart: createOrder',
      'checkout: listOrders',
    ]).replace('id: cart-orders', 'id: other\n      reason: because');
    expect(change(shopState([READ]), shopState([rewritten])).digest).toBe(
      request([]).digest,
    );
  });

  it('is the same for one of two requests that are in one proposal', () => {
    const both = policyText('orders', [
      'checkout: listOrders',
      'cart: createOrder',
      'stock: listOrders',
    ]);
    const withStock = policyText('orders', [
      'checkout: listOrders',
      'stock: listOrders',
    ]);
    expect(change(shopState([withStock]), shopState([both])).digest).toBe(
      request([]).digest,
    );
  });

  it('changes with the operations, and the comparison says in which direction', () => {
    const wide = change(
      shopState([READ]),
      shopState([
        policyText('orders', [
          'checkout: listOrders',
          'cart: createOrder, getOrder',
        ]),
      ]),
    );
    expect(wide.digest).not.toBe(request([]).digest);
    expect(compareMeaning(request([]), wide).result).toBe('wider');
    expect(compareMeaning(wide, request([])).result).toBe('narrower');
  });

  it('changes with a caller that is cut and was not shown', () => {
    const shown = change(shopState([]), shopState([READ]));
    const extra = `apiVersion: v1
kind: Pod
metadata: { name: job, namespace: shop, labels: { app: job } }
spec: { serviceAccountName: job, containers: [{ name: app }] }
`;
    const now = change(shopState([], extra), shopState([READ], extra));
    expect(compareMeaning(shown, now)).toMatchObject({ result: 'wider' });
    expect(compareMeaning(now, shown)).toMatchObject({ result: 'narrower' });
  });

  it('counts a caller as cut where what it loses cannot be told', () => {
    const { flips } = change(
      shopState([], crossedPolicy(11, 'a')),
      shopState([READ], crossedPolicy(11, 'b')),
    );
    const examples = flips.map(({ cut }) =>
      cut
        .filter(({ workload }) => workload === 'shop/Deployment/checkout')
        .map(({ example }) => example),
    );
    expect(examples.length).toBeGreaterThan(0);
    for (const each of examples)
      expect(each).toEqual(['more patterns than can be compared exactly']);
  });
});
