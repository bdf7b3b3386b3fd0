import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { ordersPolicy, SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

afterEach(removeFolders);

/** The shop with one text replaced, which must be there. */
function shopWith(
  file: string,
  from: string | RegExp,
  to: string,
): Record<string, string> {
  const text = SHOP[file].replace(from, to);
  if (text === SHOP[file]) {
    throw new Error(`${file} has no ${from}`);
  }
  return { ...SHOP, [file]: text };
}

const policy = (operations: string) => ({
  ...SHOP,
  'policies/orders.yaml': ordersPolicy(operations),
});

const checkoutPod =
  /(name: checkout, namespace: shop \}\nspec:[\s\S]*?serviceAccountName: checkout\n)/;

/** Bad input by name; the code that names it, and the file that the message leads to. */
const REFUSED: [string, Record<string, string>, string, string][] = [
  [
    'an unknown field',
    shopWith(
      'policies/orders.yaml',
      '  mode: enforce\n',
      '  mode: enforce\n  expirez: never\n',
    ),
    'unknown-field',
    'policies/orders.yaml:8',
  ],
  [
    'an unknown operation',
    policy('[{ id: dropOrders }]'),
    'unknown-operation',
    'policies/orders.yaml',
  ],
  [
    'a caller that is not in the catalog',
    shopWith(
      'policies/orders.yaml',
      'component:default/checkout',
      'component:default/ghost',
    ),
    'caller-not-found',
    'policies/orders.yaml',
  ],
  [
    'two grants with one id',
    shopWith('policies/orders.yaml', /( {4}- id: checkout[\s\S]*)/, '$1$1'),
    'duplicate-grant',
    'policies/orders.yaml:12',
  ],
  [
    'a path with a regular expression',
    policy("[{ http: { methods: [GET], paths: ['/orders/.*'] } }]"),
    'path-not-expressible',
    'policies/orders.yaml:11',
  ],
  [
    'a definition that does not parse',
    { ...SHOP, 'catalog/orders.openapi.yaml': 'openapi: 3.1.0\npaths: {\n' },
    'contract-unreadable',
    'api:default/orders',
  ],
  [
    'an estate with a syntax error',
    { ...SHOP, 'estate/broken.yaml': 'kind: Pod\nmetadata: {\n' },
    'estate-not-readable',
    'estate/broken.yaml:',
  ],
  [
    'an entity without a binding',
    shopWith(
      'catalog/shop.yaml',
      '  annotations:\n    backstage.io/kubernetes-label-selector: app=checkout\n    backstage.io/kubernetes-namespace: shop\n',
      '',
    ),
    'binding-missing',
    'component:default/checkout',
  ],
  [
    'a caller on the host network',
    shopWith('estate/shop.yaml', checkoutPod, '$1      hostNetwork: true\n'),
    'host-network-caller',
    'shop/Deployment/checkout',
  ],
  [
    'methods on a plain TCP port',
    shopWith(
      'estate/shop.yaml',
      /(selector: \{ app: orders \}\n {2}ports: \[\{ name: )http/,
      '$1tcp',
    ),
    'not-http-port',
    'shop/Deployment/orders',
  ],
];

/** Input that is legal and worth a finding. */
const ACCEPTED: [string, Record<string, string>, string, string][] = [
  [
    'a service account that is shared with a stranger',
    shopWith(
      'estate/shop.yaml',
      'serviceAccountName: cart',
      'serviceAccountName: checkout',
    ),
    'identity-overgrant',
    'shop/Deployment/cart',
  ],
  [
    'an entity with two workloads',
    {
      ...SHOP,
      'estate/canary.yaml': SHOP['estate/shop.yaml']
        .split('---\n')
        .filter(text =>
          text.includes('kind: Deployment\nmetadata: { name: checkout'),
        )
        .join('')
        .replace(
          'name: checkout, namespace',
          'name: checkout-canary, namespace',
        ),
    },
    'several-workloads',
    'shop/Deployment/checkout-canary',
  ],
];

const compileIn = (cwd: string) =>
  runCaptured(['compile', ...SHOP_INPUT, '--out', '.'], { cwd });

describe('callgate compile and bad input', () => {
  it.each(REFUSED)(
    'refuses %s, says where, and writes nothing',
    async (_, files, code, place) => {
      const cwd = folderWith(files);
      const result = await compileIn(cwd);
      expect(result.code).toBe(1);
      expect(existsSync(join(cwd, 'clusters'))).toBe(false);
      const line = result.stderr
        .split('\n')
        .find(text => text.includes(`[${code}]`));
      expect(line).toMatch(/^error: /);
      expect(line).toContain(place);
      expect(result.stderr).toContain('  fix: ');
    },
  );

  it.each(ACCEPTED)(
    'accepts %s with a finding that names it',
    async (_, files, code, place) => {
      const result = await compileIn(folderWith(files));
      expect(result.code).toBe(0);
      const line = result.stderr
        .split('\n')
        .find(text => text.includes(`[${code}]`));
      expect(line).toContain(place);
    },
  );

  it('gives the stranger of a shared service account nothing, because the kernel layer tells them apart', async () => {
    const cwd = folderWith(ACCEPTED[0][1]);
    await compileIn(cwd);
    const { code, json } = await runCaptured(
      ['verify', ...SHOP_INPUT, '--manifests', 'clusters'],
      { cwd },
    );
    expect(json()).toMatchObject({ missing: [], surplusOurs: [] });
    expect(code).toBe(0);
  });
});
