import { resolve } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

const ALLOW_CART = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: cart } } }] }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow-cart, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  action: ALLOW
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }]
`;

const MANIFESTS = ['--manifests', 'clusters', 'more'];

/** The shop with its manifests generated, and one of somebody else. */
async function shopWithCart(): Promise<string> {
  const cwd = folderWith({ ...SHOP, 'more/allow-cart.yaml': ALLOW_CART });
  await runCaptured(['compile', ...SHOP_INPUT, '--out', '.'], { cwd });
  return cwd;
}

afterEach(removeFolders);

describe('callgate access', () => {
  it.each([
    ['as a word', ['orders']],
    ['as an option', ['--api', 'api:default/orders']],
  ])('says who can call an API that is named %s', async (_, named) => {
    const { code, json } = await runCaptured(
      ['access', ...named, ...SHOP_INPUT, ...MANIFESTS],
      { cwd: await shopWithCart() },
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      schemaVersion: 1,
      api: 'api:default/orders',
      state: 'closed',
      counts: { callers: 2, withoutGrant: 1, moreThanGranted: 0 },
      rows: [
        {
          caller: { ref: 'component:default/cart', class: 'entity' },
          compared: 'none',
          grants: [],
          places: [
            {
              certainty: 'sure',
              access: [{ protocol: 'TCP', ports: '8080' }],
              openedBy: [
                { kind: 'NetworkPolicy', name: 'allow-cart', generated: false },
                { kind: 'AuthorizationPolicy', name: 'allow-cart' },
              ],
            },
          ],
        },
        {
          caller: { ref: 'component:default/checkout' },
          compared: 'granted',
          grants: [{ id: 'checkout-reads-orders', standing: 'effective' }],
          places: [{ operations: [{ id: 'listOrders' }], beyond: [] }],
        },
      ],
      guesses: [],
    });
  });

  it('says what an entity may call, from the same rows', async () => {
    const cwd = await shopWithCart();
    const input = [...SHOP_INPUT, ...MANIFESTS];
    const ofApi = await runCaptured(['access', 'orders', ...input], { cwd });
    const ofCaller = await runCaptured(
      ['access', '--caller', 'cart', ...input],
      { cwd },
    );
    const [cart] = ofApi.json().rows as object[];
    expect(ofCaller.json()).toMatchObject({
      caller: 'component:default/cart',
      rows: [cart],
      openToEveryone: [],
    });
  });

  it.each([
    [
      'table',
      /^api:default\/orders: Closed to everyone but 2 callers, 1 of them without a grant\n/,
    ],
    [
      'markdown',
      /^### api:default\/orders: Closed to everyone but 2 callers, 1 of them without a grant\n/,
    ],
    ['csv', /^caller,granted,can,layers,because\n/],
    ['yaml', /^schemaVersion: 1\n/],
  ])('writes %s', async (format, start) => {
    const { code, stdout } = await runCaptured(
      ['access', 'orders', ...SHOP_INPUT, ...MANIFESTS, '-o', format],
      { cwd: await shopWithCart() },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(start);
    expect(stdout).toContain('allow-cart');
    expect(stdout).toContain('component:default/checkout');
  });

  it('tells a caller that can do more than it was granted from one without a grant', async () => {
    const shop = resolve(__dirname, '../../../examples/shop');
    const { stdout, json } = await runCaptured(
      [
        ...['access', 'orders', '--catalog', 'catalog'],
        ...['--policies', 'repository/policies'],
        ...['--estate', 'estate/prod-eu', 'repository/clusters/prod-eu'],
        ...['--profile', 'repository/profiles/prod-eu.yaml'],
      ],
      { cwd: shop },
    );
    expect(stdout).not.toBe('');
    const { rows } = json() as {
      rows: { caller: { ref: string }; compared: string }[];
    };
    const compared = new Map(rows.map(row => [row.caller.ref, row.compared]));
    expect(compared.get('component:default/ops-console')).toBe('more');
    expect(compared.get('component:default/legacy-batch')).toBe('none');
    expect(compared.get('component:default/cart')).toBe('granted');
  });

  it('says where an API is served that no cluster has, as the portal does, and not that nothing was found', async () => {
    const { stdout } = await runCaptured(
      [
        ...['access', 'sorting', '-o', 'table', '--catalog', 'catalog'],
        ...['--policies', 'repository/policies'],
        ...['--estate', 'estate/prod-eu', 'repository/clusters/prod-eu'],
        ...['--profile', 'repository/profiles/prod-eu.yaml'],
      ],
      { cwd: resolve(__dirname, '../../../examples/shop') },
    );
    expect(stdout).toMatch(
      /^api:default\/sorting: Not known: this API runs outside the clusters, where Callgate can only limit what callers send. Others than those listed may be able to call it\n/,
    );
    expect(stdout).not.toContain('was found');
  });

  it.each([
    [
      'an API that is not there',
      ['ordes'],
      /ordes is no API.*api:default\/orders/,
    ],
    [
      'a caller that is not there',
      ['--caller', 'kart'],
      /kart is no component/,
    ],
    ['both', ['orders', '--caller', 'cart'], /one API, or one caller/],
    ['neither', [], /one API, or one caller/],
  ])('ends with 2 for %s and says what to write', async (_, named, says) => {
    const { code, stderr } = await runCaptured(
      ['access', ...named, ...SHOP_INPUT],
      { cwd: folderWith(SHOP) },
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });
});
