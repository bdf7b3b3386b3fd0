import { policyText, shopCatalog, shopState } from '../__fixtures__/shop';
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
});
