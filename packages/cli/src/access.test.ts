import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { SHOP, SHOP_INPUT } from './__fixtures__/shopFiles';

/** The shop with its manifests generated. */
async function compiledShop(): Promise<string> {
  const cwd = folderWith(SHOP);
  await runCaptured(['compile', ...SHOP_INPUT, '--out', '.'], { cwd });
  return cwd;
}

const WORLD = ['--world', 'estate', 'clusters', '--profile', 'profile.yaml'];
const CHECKOUT = 'shop/Deployment/checkout';
const CART = 'shop/Deployment/cart';
const ORDERS = 'shop/Deployment/orders';
const LIST = ['--port', '8080', '--method', 'GET', '--path', '/orders'];

const OPEN_TO_CART = `apiVersion: networking.k8s.io/v1
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

afterEach(removeFolders);

describe('callgate explain', () => {
  it('ends with 0 for a call that is allowed and says by what', async () => {
    const { code, json } = await runCaptured(
      ['explain', ...WORLD, '--from', CHECKOUT, '--to', ORDERS, ...LIST],
      { cwd: await compiledShop() },
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      schemaVersion: 1,
      verdict: 'allow',
      changes: [],
      findings: [],
      guesses: [],
    });
  });

  it('ends with 1 for a refused call and says what would allow it', async () => {
    const { code, stdout } = await runCaptured(
      ['explain', ...WORLD, '--from', CART, '--to', ORDERS, ...LIST],
      { cwd: await compiledShop(), isTerminal: true },
    );
    expect(code).toBe(1);
    expect(stdout).toContain('refused');
    expect(stdout).toContain('NetworkPolicy shop/callgate-orders.orders');
    expect(stdout).toContain('All of these together would allow it');
  });

  it('ends with 3 for a call that is allowed under a condition only', async () => {
    const cwd = folderWith({
      'world.yaml': `${SHOP['estate/shop.yaml']}---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: somebody, namespace: shop }
spec: { endpointSelector: {} }
`,
    });
    const { code, json } = await runCaptured(
      [
        ...['explain', '--world', 'world.yaml'],
        ...['--from', CART, '--to', ORDERS, '--port', '8080'],
      ],
      { cwd },
    );
    expect(code).toBe(3);
    expect(json()).toMatchObject({ verdict: 'conditional' });
  });
});

describe('callgate eval', () => {
  it('answers one line for a line, in order and with its id', async () => {
    const cwd = await compiledShop();
    const calls = folderWith({
      'calls.jsonl': [CART, CHECKOUT]
        .map((from, index) =>
          JSON.stringify({
            id: `${index}`,
            from,
            to: ORDERS,
            port: 8080,
            http: { method: 'GET', path: '/orders' },
          }),
        )
        .join('\n'),
    });
    const { code, stdout } = await runCaptured(
      ['eval', ...WORLD, '--calls', `${calls}/calls.jsonl`],
      { cwd },
    );
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
        .map(({ id, verdict }) => [id, verdict]),
    ).toEqual([
      ['0', 'deny'],
      ['1', 'allow'],
    ]);
  });
});

describe('callgate reach', () => {
  it('lists who can call whom, as JSON for programs', async () => {
    const { code, json } = await runCaptured(['reach', ...WORLD], {
      cwd: await compiledShop(),
    });
    expect(code).toBe(0);
    const { edges, workloads } = json() as {
      workloads: string[];
      edges: { from: unknown; to: unknown; access: unknown[] }[];
    };
    expect(workloads).toEqual([CART, CHECKOUT, ORDERS]);
    expect(edges.filter(({ to }) => to === ORDERS)).toMatchObject([
      {
        from: CHECKOUT,
        access: [
          {
            protocol: 'TCP',
            ports: '8080',
            http: [{ methods: ['GET'], paths: ['/orders'], exact: true }],
          },
        ],
      },
    ]);
  });

  it.each([
    ['table', /^from +to +access/],
    ['markdown', /^\| from \| to \|/],
    ['csv', /^from,to,access/],
    ['dot', /^digraph access \{/],
    ['yaml', /^schemaVersion: 1/],
  ])('writes %s', async (format, start) => {
    const { code, stdout } = await runCaptured(
      ['reach', ...WORLD, '-o', format],
      { cwd: await compiledShop() },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(start);
    expect(stdout).toContain(ORDERS);
  });

  it('writes workloads with their cluster when there are several', async () => {
    const { json } = await runCaptured(
      ['reach', '--world', 'eu=estate', 'us=estate', '--mesh', 'sidecar'],
      { cwd: folderWith(SHOP) },
    );
    expect((json() as { workloads: string[] }).workloads).toContain(
      `us:${ORDERS}`,
    );
  });

  it('folds what no policy can tell apart into classes', async () => {
    const { json } = await runCaptured(
      ['reach', '--world', 'estate', '--classes'],
      { cwd: folderWith(SHOP) },
    );
    expect(json().classes).toEqual({ [CART]: [CART, CHECKOUT, ORDERS] });
    const closed = await runCaptured(['reach', ...WORLD, '--classes'], {
      cwd: await compiledShop(),
    });
    expect(Object.keys(closed.json().classes as object)).toHaveLength(3);
  });

  it('tells what one layer alone would admit', async () => {
    const { json } = await runCaptured(
      ['reach', ...WORLD, '--layer', 'kernel'],
      { cwd: await compiledShop() },
    );
    const edges = (
      json() as { edges: { from: string; to: string; access: object[] }[] }
    ).edges;
    expect(
      edges.find(({ from, to }) => from === CHECKOUT && to === ORDERS)?.access,
    ).toMatchObject([{ protocol: 'TCP', ports: '8080' }]);
  });
});

describe('callgate diff', () => {
  it('ends with 0 for two worlds that mean the same', async () => {
    const { code } = await runCaptured(
      ['diff', '--before', 'estate', '--after', 'estate'],
      { cwd: folderWith(SHOP) },
    );
    expect(code).toBe(0);
  });

  it('ends with 1 and says who gains', async () => {
    const cwd = await compiledShop();
    const more = folderWith({ 'allow.yaml': OPEN_TO_CART });
    const { code, stdout } = await runCaptured(
      [
        'diff',
        ...['--before', 'estate', 'clusters'],
        ...['--after', 'estate', 'clusters', more],
        ...['--profile', 'profile.yaml', '-o', 'table'],
      ],
      { cwd },
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`\\+ +${CART} +${ORDERS}`));
  });
});

describe('callgate verify', () => {
  const verifyIn = (cwd: string, ...manifests: string[]) =>
    runCaptured(['verify', ...SHOP_INPUT, '--manifests', ...manifests], {
      cwd,
    });

  it('ends with 0 for what compile wrote', async () => {
    const { code, json } = await verifyIn(await compiledShop(), 'clusters');
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      equal: true,
      missing: [],
      surplusOurs: [],
      surplusForeign: [],
    });
  });

  it('ends with 1 when the granted access is not there, with an example', async () => {
    const wall =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: wall, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n';
    const cwd = folderWith({ ...SHOP, 'walls/wall.yaml': wall });
    const { code, json } = await verifyIn(cwd, 'walls');
    expect(code).toBe(1);
    expect(json().missing).toMatchObject([
      {
        from: CHECKOUT,
        to: ORDERS,
        call: { http: { method: 'GET', path: '/orders' } },
        access: [{ ports: '8080' }],
      },
    ]);
  });

  it('ends with 0 and lists what hand-written policies open', async () => {
    const cwd = await compiledShop();
    const more = folderWith({ 'allow.yaml': OPEN_TO_CART });
    const { code, json } = await verifyIn(cwd, 'clusters', more);
    expect(code).toBe(0);
    expect(json().surplusForeign).toMatchObject([{ from: CART, to: ORDERS }]);
  });

  it('ends with 0 where declarations cannot be judged, and names them on stderr', async () => {
    const cwd = folderWith({
      ...SHOP,
      'policies/broken.yaml': '{{{',
      'policies/orders.yaml': SHOP['policies/orders.yaml'].replace(
        'listOrders',
        'dropOrders',
      ),
    });
    const { code, json, stderr } = await verifyIn(cwd, 'estate');
    expect(json()).toMatchObject({
      equal: true,
      failedApis: [],
      held: [{ api: 'api:default/orders', inForce: false }],
    });
    expect(stderr).toBe(
      'Not judged, because the grant has an error: checkout-reads-orders of api:default/orders\n' +
        'Not judged, because no declaration can be read from it: policies/broken.yaml\n',
    );
    expect(code).toBe(0);
  });

  it('ends with 1 for a manifest that it cannot read: it could open anything', async () => {
    const cwd = await compiledShop();
    const more = folderWith({ 'a.yaml': 'kind: [\n' });
    const { code, json, stderr } = await verifyIn(cwd, 'clusters', more);
    expect(json()).toMatchObject({ missing: [], surplusOurs: [] });
    expect(stderr).toBe(
      'Not equal, because a manifest could not be read and may open anything\n',
    );
    expect(code).toBe(1);
  });

  it('finds the manifests of each cluster in the folder that compile wrote to', async () => {
    const several = [
      ...['--catalog', 'catalog', '--policies', 'policies'],
      ...['--estate', 'eu=estate', 'us=estate'],
      ...['--profile', 'eu=profile.yaml', 'us=profile.yaml'],
    ];
    const cwd = folderWith({
      ...SHOP,
      'policies/orders.yaml': SHOP['policies/orders.yaml'].replace(
        '      operations:',
        '      in: [eu, us]\n      operations:',
      ),
    });
    const compiled = await runCaptured(
      ['compile', ...several, '--out', 'out'],
      { cwd },
    );
    expect(compiled.code).toBe(0);
    const { code, json } = await runCaptured(
      ['verify', ...several, '--manifests', 'out'],
      { cwd },
    );
    expect(json()).toMatchObject({ missing: [], surplusOurs: [] });
    expect(code).toBe(0);
  });
});

describe('callgate lint', () => {
  it('ends with 0 for manifests without an error', async () => {
    const { code, json } = await runCaptured(['lint', ...WORLD], {
      cwd: await compiledShop(),
    });
    expect(code).toBe(0);
    expect(json()).toEqual({
      schemaVersion: 1,
      findings: [],
      guesses: [],
      found: [],
    });
  });

  it('names the field of a policy that says something else than it seems to, with a change that is ready', async () => {
    const { code, json } = await runCaptured(
      ['lint', '--world', 'estate', 'more.yaml', '--profile', 'profile.yaml'],
      {
        cwd: folderWith({
          ...SHOP,
          'more.yaml': OPEN_TO_CART.replace(
            'rules: [{',
            'rules: [{ to: [{ operation: { methods: [get] } }],',
          ),
        }),
      },
    );
    expect(code).toBe(1);
    expect(json().findings).toMatchObject([
      { code: 'all-ports', at: { file: 'more.yaml', line: 7 } },
      {
        code: 'method-case',
        severity: 'error',
        at: {
          file: 'more.yaml',
          field: 'spec.rules[0].to[0].operation.methods[0]',
        },
        objects: ['AuthorizationPolicy shop/allow-cart'],
        data: {
          change: {
            object: 'AuthorizationPolicy shop/allow-cart',
            patch: [
              {
                op: 'replace',
                path: '/spec/rules/0/to/0/operation/methods/0',
                value: 'GET',
              },
            ],
          },
        },
      },
    ]);
  });

  it('ends with 1 for a document that is not YAML, and says where', async () => {
    const { code, json } = await runCaptured(['lint', '--world', '.'], {
      cwd: folderWith({ 'a.yaml': 'kind: [\n' }),
    });
    expect(code).toBe(1);
    expect(json().findings).toMatchObject([
      { code: 'estate-not-readable', at: { file: 'a.yaml' } },
    ]);
  });
});

describe('callgate bench', () => {
  const small = [
    'bench',
    '--large',
    '100',
    '--only',
    'index-100',
    'compile-100',
  ];

  it('measures what is asked for, and compares it with an earlier run', async () => {
    const first = await runCaptured([...small, '-o', 'json']);
    expect(first.code).toBe(0);
    expect(first.json().measurements).toMatchObject([
      { id: 'compile-100', units: { name: 'workload', count: 100 } },
      { id: 'index-100', units: { name: 'workload', count: 100 } },
    ]);
    const cwd = folderWith({ 'before.json': first.stdout });
    const second = await runCaptured(
      [...small, '--compare', 'before.json', '-o', 'csv'],
      { cwd },
    );
    expect(second.code).toBe(0);
    expect(second.stdout.split('\n')[0]).toContain('before,ratio');
  });

  it('refuses an earlier run that is none, before it measures anything', async () => {
    const { code, stdout, stderr } = await runCaptured(
      [...small, '--compare', 'before.json'],
      { cwd: folderWith({ 'before.json': '[]' }) },
    );
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('before.json is no earlier run');
  });
});
