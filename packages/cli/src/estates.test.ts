import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import {
  folderWith,
  removeFolders,
  runCaptured,
} from './__fixtures__/runCaptured';
import { findRealEstates } from './__fixtures__/realEstates';

/*
 * Bookinfo and Sock Shop as their authors publish them, through every command,
 * with declarations of ours. Who calls whom is in their documentation: the
 * picture of Bookinfo in Istio's, and Sock Shop's `internal-docs/design.md`.
 * (Online Boutique has a test of its own.)
 */
const estates = findRealEstates();
const describeHere = estates ? describe : describe.skip;

afterEach(removeFolders);

interface Application {
  namespace: string;
  /** The label that tells its workloads apart. */
  label: string;
  manifests: string;
  mesh: 'sidecar' | 'none';
  /** Paths of each API in the words of OpenAPI, or its port. */
  apis: Record<string, Record<string, string[]> | number>;
  /** Caller, provider and operations. */
  calls: readonly [string, string, string[]][];
}

const entity = (
  kind: string,
  name: string,
  spec: object,
  annotations?: object,
) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, ...(annotations && { annotations }) },
  spec: { owner: 'team', ...spec },
});

/** `GET /orders` as an operation id. */
const idOf = (method: string, path: string) =>
  `${method}${path.replace(/[^a-zA-Z]+/g, '-')}`;

function filesOf(app: Application): Record<string, string> {
  const names = new Set(app.calls.flatMap(([from, to]) => [from, to]));
  const catalog = [
    ...Object.entries(app.apis).map(([name, api]) =>
      entity('API', name, {
        type: typeof api === 'number' ? 'tcp' : 'openapi',
        definition:
          typeof api === 'number'
            ? 'a port'
            : stringify({
                openapi: '3.0.3',
                info: { title: name, version: '1' },
                paths: Object.fromEntries(
                  Object.entries(api).map(([path, methods]) => [
                    path,
                    Object.fromEntries(
                      methods.map(method => [
                        method.toLowerCase(),
                        { operationId: idOf(method, path), responses: {} },
                      ]),
                    ),
                  ]),
                ),
              }),
      }),
    ),
    ...[...names].map(name =>
      entity(
        'Component',
        name,
        { type: 'service', ...(name in app.apis && { providesApis: [name] }) },
        {
          'backstage.io/kubernetes-label-selector': `${app.label}=${name}`,
          'backstage.io/kubernetes-namespace': app.namespace,
        },
      ),
    ),
  ];
  const policies = Object.keys(app.apis).map(name => ({
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'AccessPolicy',
    metadata: { name },
    spec: {
      owner: 'group:default/team',
      api: `api:default/${name}`,
      mode: 'enforce',
      grants: app.calls
        .filter(([, to]) => to === name)
        .map(([from, , operations]) => ({
          id: from,
          caller: `component:default/${from}`,
          operations: operations.map(text => {
            const [method, path] = text.split(' ');
            return method === 'tcp'
              ? { tcp: { port: Number(path) } }
              : { id: idOf(method, path) };
          }),
        })),
    },
  }));
  const profile = {
    apiVersion: 'callgate.dev/v1alpha1',
    kind: 'PlatformProfile',
    metadata: { name: 'prod' },
    spec: {
      namespace: app.namespace,
      mesh: {
        mode: app.mesh,
        rootNamespace: 'istio-system',
        trustDomain: 'cluster.local',
        pathNormalization: 'DECODE_AND_MERGE_SLASHES',
      },
      dns: [],
      controlPlane: [],
    },
  };
  const documents = (all: readonly object[]) =>
    all.map(each => stringify(each)).join('---\n');
  return {
    'catalog.yaml': documents(catalog),
    ...Object.fromEntries(
      policies.map(policy => [
        `policies/${policy.metadata.name}.yaml`,
        stringify(policy),
      ]),
    ),
    'profile.yaml': stringify(profile),
    'estate/app.yaml': app.manifests,
  };
}

const DECLARED = [
  ...['--catalog', 'catalog.yaml', '--policies', 'policies'],
  ...['--estate', 'prod=estate', '--profile', 'prod=profile.yaml'],
];
const WORLD = ['--world', 'estate', 'clusters', '--profile', 'profile.yaml'];

interface Edge {
  from: unknown;
  to: unknown;
  access: {
    protocol: string;
    ports: string;
    http?: { methods: string[]; paths: string[] }[];
  }[];
}

interface FindingJson {
  code: string;
  objects: string[];
  message: string;
}

/** Concrete objects by code, as often as a finding is about them. */
function objectsByCode(json: Record<string, unknown>) {
  const codes: Record<string, string[]> = {};
  for (const { code, objects } of json.findings as FindingJson[])
    codes[code] = [
      ...(codes[code] ?? []),
      ...objects.map(id => id.replace(/^.*\//, '')),
    ].sort();
  return codes;
}

/** Compiles, and asks every command about what comes out. */
async function through(app: Application) {
  const cwd = folderWith(filesOf(app));
  const run = (argv: readonly string[]) => runCaptured(argv, { cwd });
  const compiled = await run(['compile', ...DECLARED, '--out', '.']);
  const errors = compiled.stderr
    .split('\n')
    .filter(line => /^error/.test(line));
  expect({ errors, code: compiled.code }).toEqual({ errors: [], code: 0 });
  const again = await run(['compile', ...DECLARED, '--out', '.', '--check']);
  expect(again.code).toBe(0);
  const verified = await run([
    'verify',
    ...DECLARED,
    '--manifests',
    'clusters',
  ]);
  expect(verified.json()).toMatchObject({
    equal: true,
    missing: [],
    surplusOurs: [],
  });
  expect(verified.code).toBe(0);
  const linted = await run(['lint', ...WORLD]);
  const reached = (await run(['reach', ...WORLD])).json() as { edges: Edge[] };
  const short = (end: unknown) => String(end).split('/')[2];
  const into = (to: string) =>
    reached.edges
      .filter(edge => typeof edge.from === 'string' && short(edge.to) === to)
      .map(edge => ({
        from: short(edge.from),
        access: edge.access.map(
          ({ protocol, ports, http }) =>
            `${protocol} ${ports}${(http ?? [])
              .map(({ methods, paths }) => ` ${methods} ${paths}`)
              .join()}`,
        ),
      }));
  const explain = (
    from: string,
    to: string,
    port: number,
    http: string[] = [],
  ) =>
    run([
      'explain',
      ...WORLD,
      ...['--from', `${app.namespace}/Deployment/${from}`],
      ...['--to', `${app.namespace}/Deployment/${to}`],
      ...['--port', String(port), ...http],
    ]);
  return { compiled, linted, into, explain };
}

describeHere('Bookinfo', () => {
  it('has the access of its picture, with methods and paths, at both layers', async () => {
    const { compiled, linted, into, explain } = await through({
      namespace: 'default',
      label: 'app',
      mesh: 'sidecar',
      manifests: readFileSync(join(estates!, 'bookinfo/bookinfo.yaml'), 'utf8'),
      apis: {
        details: { '/details/{id}': ['GET'] },
        reviews: { '/reviews/{id}': ['GET'] },
        ratings: { '/ratings/{id}': ['GET', 'POST'] },
      },
      calls: [
        ['productpage', 'details', ['GET /details/{id}']],
        ['productpage', 'reviews', ['GET /reviews/{id}']],
        ['reviews', 'ratings', ['GET /ratings/{id}']],
      ],
    });
    const providers = [
      'details-v1',
      'ratings-v1',
      'reviews-v1',
      'reviews-v2',
      'reviews-v3',
    ];
    expect(objectsByCode(compiled.json())).toEqual({
      // No policy is there before: whoever serves an API closes for the first time.
      'isolation-flip': providers,
      // Each operation is a GET; once for all versions of the reviews.
      'head-not-included': providers,
      // The caller of the ratings. What serves an API in several versions is no news: all of them are closed alike.
      'several-workloads': ['reviews-v1', 'reviews-v2', 'reviews-v3'],
      // Only the product page has scrape annotations, and it serves nothing here: it stays open.
    });
    expect(
      (compiled.json().findings as FindingJson[]).filter(
        ({ code }) => code === 'head-not-included',
      ),
    ).toHaveLength(3);
    expect(into('details-v1')).toEqual([
      { from: 'productpage-v1', access: ['TCP 9080 GET /details/{*}'] },
    ]);
    // Three versions are one component: all of them are granted.
    expect(into('ratings-v1')).toEqual(
      ['reviews-v1', 'reviews-v2', 'reviews-v3'].map(from => ({
        from,
        access: ['TCP 9080 GET /ratings/{*}'],
      })),
    );
    for (const version of ['v1', 'v2', 'v3'])
      expect(into(`reviews-${version}`)).toEqual([
        { from: 'productpage-v1', access: ['TCP 9080 GET /reviews/{*}'] },
      ]);
    const http = (method: string, path: string) => [
      '--method',
      method,
      '--path',
      path,
    ];
    const allowed = await explain(
      'reviews-v2',
      'ratings-v1',
      9080,
      http('GET', '/ratings/0'),
    );
    expect(allowed.code).toBe(0);
    const refused = await explain(
      'reviews-v2',
      'ratings-v1',
      9080,
      http('POST', '/ratings/0'),
    );
    expect(refused.code).toBe(1);
    expect(refused.json()).toMatchObject({
      verdict: 'deny',
      changes: [{ object: { kind: 'AuthorizationPolicy' } }],
    });
    expect((await explain('productpage-v1', 'ratings-v1', 9080)).code).toBe(1);
    expect(linted.code).toBe(0);
    expect(linted.json().findings).toEqual([]);
  });
});

const SOCK_SHOP_CALLS: [string, string, number][] = [
  ['front-end', 'catalogue', 80],
  ['front-end', 'carts', 80],
  ['front-end', 'orders', 80],
  ['front-end', 'user', 80],
  ['front-end', 'session-db', 6379],
  ['catalogue', 'catalogue-db', 3306],
  ['carts', 'carts-db', 27017],
  ['orders', 'orders-db', 27017],
  ['orders', 'carts', 80],
  ['orders', 'payment', 80],
  ['orders', 'shipping', 80],
  ['orders', 'user', 80],
  ['shipping', 'rabbitmq', 5672],
  ['queue-master', 'rabbitmq', 5672],
  ['user', 'user-db', 27017],
];

describeHere('Sock Shop', () => {
  const manifests = estates
    ? readFileSync(join(estates, 'sock-shop/complete-demo.yaml'), 'utf8')
    : '';
  const providers = [...new Set(SOCK_SHOP_CALLS.map(([, to]) => to))];
  const portOf = (name: string) =>
    SOCK_SHOP_CALLS.find(([, to]) => to === name)![2];
  const ports = Object.fromEntries(providers.map(name => [name, portOf(name)]));
  const calls = SOCK_SHOP_CALLS.map(
    ([from, to, port]): [string, string, string[]] => [
      from,
      to,
      [`tcp ${port}`],
    ],
  );

  /** Services with `prometheus.io/scrape: 'true'`, but for front-end and queue-master, which serve no API here. */
  const SCRAPED = [
    'carts',
    'catalogue',
    'orders',
    'payment',
    'rabbitmq',
    'shipping',
    'user',
  ];

  it('is refused in the mesh as it is: one account tells no caller from another', async () => {
    const cwd = folderWith(
      filesOf({
        namespace: 'sock-shop',
        label: 'name',
        mesh: 'sidecar',
        manifests,
        apis: ports,
        calls,
      }),
    );
    const { code, json } = await runCaptured(
      ['compile', ...DECLARED, '--out', '.'],
      { cwd },
    );
    expect(code).toBe(1);
    expect(json().files).toEqual([]);
    // Each call of the application, by its caller.
    expect(objectsByCode(json())['default-service-account']).toEqual(
      SOCK_SHOP_CALLS.map(([from]) => from).sort(),
    );
  });

  it('has the access of its design at the kernel layer, under the one service account that all of it has', async () => {
    const { compiled, linted, into, explain } = await through({
      namespace: 'sock-shop',
      label: 'name',
      mesh: 'none',
      manifests,
      apis: ports,
      calls,
    });
    for (const to of providers)
      expect(into(to)).toEqual(
        SOCK_SHOP_CALLS.filter(call => call[1] === to)
          .map(([from, , port]) => ({ from, access: [`TCP ${port}`] }))
          .sort((a, b) => (a.from < b.from ? -1 : 1)),
      );
    expect(objectsByCode(compiled.json())).toEqual({
      'isolation-flip': [...providers].sort(),
      // A port is a port, without a mesh that could read what passes: once for each call.
      'whole-port-granted': SOCK_SHOP_CALLS.map(([, to]) => to).sort(),
      'scraped-port-closed': SCRAPED,
    });
    // The exporter beside the broker, not the broker: prometheus.io/port of its Service.
    expect(compiled.stderr).toContain(
      'scrape TCP 9090 (annotation of Service sock-shop/rabbitmq)',
    );
    // No account is worth a word: there is no identity layer to be fooled.
    expect(linted.json().findings).toEqual([]);
    expect((await explain('orders', 'payment', 80)).code).toBe(0);
    expect((await explain('front-end', 'payment', 80)).code).toBe(1);
    expect(linted.code).toBe(0);
  });

  it('has methods and paths too, once every workload has a service account of its own', async () => {
    const overlay = parseAllDocuments(manifests)
      .map(document => document.toJSON())
      .filter(object => object)
      .map(object => {
        const template =
          object.kind === 'Deployment' && object.spec.template.spec;
        if (template) template.serviceAccountName = object.metadata.name;
        if (object.kind === 'Service')
          for (const port of object.spec.ports)
            port.name = port.port === 80 ? 'http' : `tcp-${port.port}`;
        return stringify(object);
      })
      .join('---\n');
    const methods: Partial<Record<string, string[]>> = {
      payment: ['POST /paymentAuth'],
      catalogue: ['GET /catalogue', 'GET /catalogue/{id}'],
    };
    const { compiled, linted, into, explain } = await through({
      namespace: 'sock-shop',
      label: 'name',
      mesh: 'sidecar',
      manifests: overlay,
      apis: {
        ...ports,
        payment: { '/paymentAuth': ['POST'], '/health': ['GET'] },
        catalogue: {
          '/catalogue': ['GET'],
          '/catalogue/{id}': ['GET'],
          '/tags': ['GET'],
        },
      },
      calls: calls.map(([from, to, operations]) => [
        from,
        to,
        methods[to] ?? operations,
      ]),
    });
    expect(into('payment')).toEqual([
      { from: 'orders', access: ['TCP 80 POST /paymentAuth'] },
    ]);
    expect(into('catalogue')).toEqual([
      { from: 'front-end', access: ['TCP 80 GET /catalogue,/catalogue/{*}'] },
    ]);
    expect(into('user-db')).toEqual([{ from: 'user', access: ['TCP 27017'] }]);
    expect(objectsByCode(compiled.json())).toEqual({
      'isolation-flip': [...providers].sort(),
      'whole-port-granted': SOCK_SHOP_CALLS.map(([, to]) => to)
        .filter(to => !(to in methods))
        .sort(),
      // Of the two with methods only the catalogue is read with GET.
      'head-not-included': ['catalogue'],
      'scraped-port-closed': SCRAPED,
    });
    expect(linted.json().findings).toEqual([]);
    const tags = ['--method', 'GET', '--path', '/tags'];
    expect((await explain('front-end', 'catalogue', 80, tags)).code).toBe(1);
    expect(linted.code).toBe(0);
  });
});
