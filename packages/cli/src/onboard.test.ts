import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { findRealEstates } from './__fixtures__/realEstates';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { SHOP } from './__fixtures__/shopFiles';

afterEach(removeFolders);

const NOTHING = { gained: [], lost: [], changed: [] };

interface Report {
  unchanged: boolean;
  apis: {
    api: string;
    state: string;
    leftOut?: { reason: string; changes?: Change[]; entities?: string[] };
    grants: { grant: { caller: string; operations: object[] } }[];
    kept: { caller: { ref: string }; reason: string }[];
    proposed: { caller: string; canCall: boolean }[];
  }[];
  changes: Change[];
  files: { path: string; state: string }[];
  handWritten: { kind: string; name: string; canGo: boolean }[];
}

interface Change {
  change: string;
  from: string;
  to: string;
  plumbing?: boolean;
  undeclaredPorts?: boolean;
}

const networkPolicy = (app: string, from: string[], port = 8080) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${app}, namespace: shop }
spec:
  podSelector: { matchLabels: { app: ${app} } }
  policyTypes: [Ingress]
  ingress:
    - from: [${from
      .map(each => `{ podSelector: { matchLabels: { app: ${each} } } }`)
      .join(', ')}]
      ports: [{ port: ${port} }]
`;

const ONBOARD = [
  'onboard',
  ...['--catalog', 'catalog', '--estate', 'estate'],
  ...['--profile', 'profile.yaml', '--out', 'out'],
];

/** The shop with these manifests beside it, and nothing declared. */
const shopWith = (files: Record<string, string>) => {
  const { 'policies/orders.yaml': _, ...rest } = SHOP;
  return folderWith({ ...rest, ...files });
};

describe('callgate onboard', () => {
  it('writes what compile takes, and diff finds no difference', async () => {
    const cwd = shopWith({
      'estate/policies.yaml': networkPolicy('orders', ['checkout', 'cart']),
    });
    const { code, json, stderr } = await runCaptured(ONBOARD, { cwd });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      schemaVersion: 1,
      unchanged: true,
      files: [{ path: 'policies/default/orders.yaml', state: 'added' }],
      guesses: [],
    });
    const compiled = await runCaptured(
      [
        'compile',
        ...['--catalog', 'catalog', '--policies', 'out/policies'],
        ...['--estate', 'estate', '--profile', 'profile.yaml', '--out', 'out'],
      ],
      { cwd },
    );
    expect(compiled.code).toBe(0);
    const changes = await runCaptured(
      [
        ...['diff', '--before', 'estate', '--after', 'estate', 'out/clusters'],
        ...['--profile', 'profile.yaml'],
      ],
      { cwd },
    );
    expect(changes.json()).toMatchObject(NOTHING);
  });

  it('says in a table where each grant comes from, and what can go', async () => {
    const cwd = shopWith({
      'estate/policies.yaml': networkPolicy('orders', ['checkout']),
    });
    const { stdout } = await runCaptured([...ONBOARD, '-o', 'markdown'], {
      cwd,
    });
    expect(stdout).toContain(
      '| api:default/orders | component:default/checkout | TCP 80 |',
    );
    expect(stdout).toContain(
      'NetworkPolicy shop/orders (estate/policies.yaml:2)',
    );
    expect(stdout).toContain('can go');
  });

  it('takes the same files for what they are, and never replaces a declaration', async () => {
    const cwd = shopWith({
      'estate/policies.yaml': networkPolicy('orders', ['checkout']),
    });
    await runCaptured(ONBOARD, { cwd });
    const again = await runCaptured(ONBOARD, { cwd });
    expect(again.code).toBe(0);
    expect(again.json().files).toEqual([
      { path: 'policies/default/orders.yaml', state: 'unchanged' },
    ]);
    const declared = SHOP['policies/orders.yaml'];
    const other = shopWith({
      'estate/policies.yaml': networkPolicy('orders', ['checkout']),
      'out/policies/default/orders.yaml': declared,
    });
    const kept = await runCaptured(ONBOARD, { cwd: other });
    expect(kept.code).toBe(1);
    expect(kept.json().files).toEqual([
      { path: 'policies/default/orders.yaml', state: 'kept' },
    ]);
    expect(
      readFileSync(join(other, 'out/policies/default/orders.yaml'), 'utf8'),
    ).toBe(declared);
  });

  it('writes nothing while a manifest cannot be read, because it may allow anything', async () => {
    const cwd = shopWith({
      'estate/policies.yaml': networkPolicy('orders', ['checkout']),
      'estate/broken.yaml': 'kind: NetworkPolicy\nspec: [',
    });
    const { code, json, stderr } = await runCaptured(ONBOARD, { cwd });
    expect(code).toBe(1);
    expect(json()).toMatchObject({ unchanged: false, files: [] });
    expect(existsSync(join(cwd, 'out'))).toBe(false);
    expect(stderr).toContain('Nothing was written');
  });

  it('leaves out an API whose policy is invalid, and goes on', async () => {
    const cwd = shopWith({
      'estate/policies.yaml': networkPolicy('orders', ['checkout'], 99999),
    });
    const { code, json } = await runCaptured(ONBOARD, { cwd });
    expect(json()).toMatchObject({
      apis: [
        {
          state: 'left-out',
          leftOut: {
            reason: 'not-known',
            conditions: [{ object: 'NetworkPolicy shop/orders' }],
          },
        },
      ],
    });
    expect(code).toBe(0);
    const named = await runCaptured([...ONBOARD, '--api', 'orders'], { cwd });
    expect(named.code).toBe(1);
  });

  it('ends with 2 for an API that is not there, with those that are', async () => {
    const { code, stderr } = await runCaptured([...ONBOARD, '--api', 'order'], {
      cwd: shopWith({}),
    });
    expect(code).toBe(2);
    expect(stderr).toContain('order is no API of the catalog');
    expect(stderr).toContain('api:default/orders');
  });

  it('ends with 1 where access would change, with whom and what', async () => {
    const legacy = SHOP['estate/shop.yaml'].replace(/checkout/g, 'legacy');
    const cwd = shopWith({
      'estate/legacy.yaml': legacy
        .split('---\n')
        .filter(each => each.includes('legacy'))
        .join('---\n'),
      'estate/policies.yaml': networkPolicy('orders', ['checkout', 'legacy']),
    });
    const table = await runCaptured([...ONBOARD, '-o', 'table'], { cwd });
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(
      /shop\/Deployment\/legacy +shop\/Deployment\/orders +TCP 8080/,
    );
    expect(existsSync(join(cwd, 'out/policies'))).toBe(false);
    const accepted = await runCaptured([...ONBOARD, '--accept', 'orders'], {
      cwd,
    });
    expect(accepted.code).toBe(1);
    expect(accepted.json()).toMatchObject({
      unchanged: false,
      changes: [{ change: 'lost', from: 'shop/Deployment/legacy' }],
      files: [{ state: 'added' }],
    });
  });
});

/** Declared against what was there before: nobody gains or loses anything. */
async function compared(
  cwd: string,
  estate: readonly string[],
  profile: string,
): Promise<Record<string, unknown>> {
  const compiled = await runCaptured(
    [
      'compile',
      ...['--catalog', 'catalog', '--policies', 'out/policies'],
      ...['--estate', ...estate, '--profile', profile, '--out', 'out'],
    ],
    { cwd },
  );
  expect(compiled.code).toBe(0);
  const changes = await runCaptured(
    [
      ...['diff', '--before', ...estate],
      ...['--after', ...estate, 'out/clusters', '--profile', profile],
    ],
    { cwd },
  );
  return changes.json();
}

describe('importing the demo company', () => {
  const shop = resolve(__dirname, '../../../examples/shop');
  const args = (cwd: string) => [
    'onboard',
    ...['--catalog', 'catalog', '--exclude', 'callgate-*'],
    ...['--estate', 'prod-eu=estate/prod-eu'],
    ...['prod-eu=repository/clusters/prod-eu'],
    ...['staging=estate/staging', 'staging=repository/clusters/staging'],
    ...['--profile', 'prod-eu=repository/profiles/prod-eu.yaml'],
    ...['staging=repository/profiles/staging.yaml', '--out', join(cwd, 'out')],
  ];

  it('declares payments, which a default deny closes to everybody, and leaves what everyone can call', async () => {
    const cwd = folderWith({});
    const { code, json } = await runCaptured(args(cwd), { cwd: shop });
    const report = json() as unknown as Report;
    expect(
      report.apis.map(({ api, state, leftOut }) => [
        api.replace('api:default/', ''),
        leftOut?.reason ?? state,
      ]),
    ).toEqual([
      // Known by name, outside every cluster.
      ['card-acquirer', 'outside'],
      ['catalogue', 'open'],
      ['customers', 'open'],
      ['inventory', 'open'],
      // allow-ops lets in two workloads, and no scraper, which the profile of prod-eu has: closing orders would let that in.
      ['orders', 'would-change'],
      ['orders-db', 'open'],
      ['payments', 'written'],
      ['pricing', 'open'],
      ['recommendations', 'open'],
      ['shipping', 'open'],
      ['sorting', 'outside'],
      ['warehouse', 'open'],
    ]);
    expect(code).toBe(1);
    expect(report.changes).toEqual([]);
    const orders = report.apis.find(({ api }) => api === 'api:default/orders');
    expect(orders?.leftOut?.changes).toMatchObject([
      {
        change: 'gained',
        from: 'prod-eu:monitoring/StatefulSet/prometheus',
        to: 'prod-eu:ordering/Deployment/orders',
        plumbing: true,
      },
    ]);
    // STRICT and the door for Prometheus are about the ledger as well; the mesh takes plaintext by default.
    expect(
      report.handWritten.map(({ kind, name, canGo }) => [kind, name, canGo]),
    ).toEqual([
      ['PeerAuthentication', 'default', true],
      ['NetworkPolicy', 'allow-prometheus', false],
      ['NetworkPolicy', 'default-deny', true],
      ['PeerAuthentication', 'default', false],
    ]);
  });

  it('grants the console and the batch job what allow-ops lets them do, once the scraper is accepted', async () => {
    const cwd = folderWith({});
    const { code, json } = await runCaptured(
      [...args(cwd), '--api', 'orders', '--accept', 'orders'],
      { cwd: shop },
    );
    const report = json() as unknown as Report;
    expect(code).toBe(1);
    expect(report.changes).toHaveLength(1);
    expect(
      report.apis[0].grants.map(({ grant }) => [
        grant.caller,
        grant.operations,
      ]),
    ).toEqual([
      ['component:default/legacy-batch', [{ tcp: { port: 80 } }]],
      ['component:default/ops-console', [{ tcp: { port: 80 } }]],
    ]);
  });
});

const estates = findRealEstates();
const describeHere = estates ? describe : describe.skip;
if (!estates)
  it.todo(
    'imports Online Boutique and Bookinfo: their manifests are not here, set CALLGATE_ESTATES to the folder that has them',
  );

describeHere(
  'importing Online Boutique with the network policies of its authors',
  () => {
    const ours = resolve(__dirname, '../testdata/online-boutique');
    const upstream = join(estates ?? '', 'online-boutique');
    const estate = [
      join(upstream, 'kubernetes-manifests.yaml'),
      join(upstream, 'upstream-network-policies'),
    ];

    /** Caller, API and Service port, by the upstream policies: each names the callers of one workload and a port. */
    const CALLS: [string, string, number][] = [
      ['frontend', 'ads', 9555],
      ['cartservice', 'cart-store', 6379],
      ['checkoutservice', 'carts', 7070],
      ['frontend', 'carts', 7070],
      ['frontend', 'checkout', 5050],
      ['checkoutservice', 'currencies', 7000],
      ['frontend', 'currencies', 7000],
      // The policy names 8080 of the pods; the Service has 5000.
      ['checkoutservice', 'emails', 5000],
      ['checkoutservice', 'payments', 50051],
      ['checkoutservice', 'product-catalog', 3550],
      ['frontend', 'product-catalog', 3550],
      ['recommendationservice', 'product-catalog', 3550],
      ['frontend', 'recommendations', 8080],
      ['checkoutservice', 'shipping', 50051],
      ['frontend', 'shipping', 50051],
    ];

    it('grants every call of them, leaves the door open, and changes nothing', async () => {
      const cwd = folderWith({});
      cpSync(ours, join(cwd, 'catalog'), { recursive: true });
      rmSync(join(cwd, 'catalog/policies'), { recursive: true });
      rmSync(join(cwd, 'catalog/profile.yaml'));
      copyFileSync(
        join(upstream, 'demo.proto'),
        join(cwd, 'catalog/demo.proto'),
      );
      const profile = join(ours, 'profile.yaml');
      const { code, json } = await runCaptured(
        [
          ...['onboard', '--catalog', 'catalog', '--estate', ...estate],
          ...['--profile', profile, '--out', 'out'],
        ],
        { cwd },
      );
      const report = json() as unknown as Report;
      expect(code).toBe(0);
      expect(report.unchanged).toBe(true);
      expect(
        report.apis.flatMap(({ api, grants }) =>
          grants.map(({ grant: { caller, operations } }) => [
            caller.replace('component:default/', ''),
            api.replace('api:default/', ''),
            operations,
          ]),
        ),
      ).toEqual(
        CALLS.map(([caller, api, port]) => [caller, api, [{ tcp: { port } }]]),
      );
      expect(
        report.apis
          .filter(({ state }) => state !== 'written')
          .map(({ api, state }) => [api, state]),
      ).toEqual([['api:default/storefront', 'open']]);
      // Each of them also opens the way out of its workload, which deny-all closes: none can go without the others.
      expect(report.handWritten.map(({ canGo }) => canGo)).not.toContain(true);
      expect(await compared(cwd, estate, profile)).toMatchObject(NOTHING);
    });
  },
);

describeHere('importing Bookinfo with policies of its mesh', () => {
  const bookinfo = join(estates ?? '', 'bookinfo/bookinfo.yaml');

  const component = (name: string, more = '') => `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  annotations:
    backstage.io/kubernetes-label-selector: app=${name}
    backstage.io/kubernetes-namespace: bookinfo
spec: { type: service, owner: group:default/books${more} }
`;
  const api = (name: string, operations: string) => `
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: ${name} }
spec:
  type: openapi
  owner: group:default/books
  definition: |
    openapi: 3.0.3
    info: { title: ${name}, version: '1' }
    paths:
      /${name}/{id}:
${operations}
`;
  const files = (more: string) => ({
    'catalog/books.yaml': [
      component('productpage'),
      component('reviews', ', providesApis: [reviews]'),
      component('ratings', ', providesApis: [ratings]'),
      api('reviews', '        get: { operationId: getReviews, responses: {} }'),
      api(
        'ratings',
        '        get: { operationId: getRatings, responses: {} }\n        post: { operationId: addRating, responses: {} }',
      ),
    ].join('---'),
    'istio.yaml': `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ratings, namespace: bookinfo }
spec:
  selector: { matchLabels: { app: ratings } }
  rules:
    - from: [{ source: { principals: [cluster.local/ns/bookinfo/sa/bookinfo-reviews] } }]
      to: [{ operation: { methods: [GET], paths: ['/ratings/{*}'], ports: ['9080'] } }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews, namespace: bookinfo }
spec:
  selector: { matchLabels: { app: reviews } }
  rules:
    - from: [{ source: { principals: [cluster.local/ns/bookinfo/sa/bookinfo-productpage] } }]
      to: [{ operation: { methods: [GET], paths: ['/reviews/{*}'], ports: ['9080'] } }]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: bookinfo }
spec: { mtls: { mode: STRICT } }
${more}`,
    'profile.yaml': SHOP['profile.yaml'].replace(
      'spec:',
      'spec:\n  namespace: bookinfo',
    ),
  });
  const args = [
    ...['onboard', '--catalog', 'catalog', '--estate', bookinfo, 'istio.yaml'],
    ...['--profile', 'profile.yaml', '--out', 'out'],
  ];
  const GRANTS = [
    [
      'api:default/ratings',
      'component:default/reviews',
      [{ id: 'getRatings' }],
    ],
    [
      'api:default/reviews',
      'component:default/productpage',
      [{ id: 'getReviews' }],
    ],
  ];
  const grantsOf = (report: Report) =>
    report.apis.flatMap(({ api: ref, grants }) =>
      grants.map(({ grant }) => [ref, grant.caller, grant.operations]),
    );

  it('says that the kernel would close ports on which the mesh decides nothing', async () => {
    const cwd = folderWith(files(''));
    const { code, json } = await runCaptured(args, { cwd });
    const report = json() as unknown as Report;
    expect(code).toBe(1);
    expect(report.files).toEqual([]);
    for (const { leftOut } of report.apis) {
      expect(leftOut?.reason).toBe('would-change');
      for (const each of leftOut?.changes ?? [])
        expect(each).toMatchObject({ change: 'lost', undeclaredPorts: true });
    }
    const accepted = await runCaptured([...args, '--accept-undeclared-ports'], {
      cwd,
    });
    expect(accepted.code).toBe(1);
    expect(grantsOf(accepted.json() as unknown as Report)).toEqual(GRANTS);
  });

  it('grants the methods that the mesh allows where network policies close the rest', async () => {
    const closed = ['ratings', 'reviews']
      .map(
        (app, index) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${app}, namespace: bookinfo }
spec:
  podSelector: { matchLabels: { app: ${app} } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: ${
      ['reviews', 'productpage'][index]
    } } } }]
      ports: [{ port: 9080 }]
`,
      )
      .join('');
    const cwd = folderWith(files(closed));
    const { code, json } = await runCaptured(args, { cwd });
    const report = json() as unknown as Report;
    expect(code).toBe(0);
    expect(grantsOf(report)).toEqual(GRANTS);
    expect(
      report.handWritten.map(({ kind, name, canGo }) => [kind, name, canGo]),
    ).toEqual([
      ['AuthorizationPolicy', 'ratings', true],
      ['AuthorizationPolicy', 'reviews', true],
      ['NetworkPolicy', 'ratings', true],
      ['NetworkPolicy', 'reviews', true],
      // It is about details and productpage as well.
      ['PeerAuthentication', 'default', false],
    ]);
    expect(
      await compared(cwd, [bookinfo, 'istio.yaml'], 'profile.yaml'),
    ).toMatchObject(NOTHING);
  });
});
