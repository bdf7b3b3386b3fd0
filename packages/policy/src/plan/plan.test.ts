import { planYaml } from './__testUtils__/planYaml';
import {
  api,
  CATALOG,
  component,
  ESTATE,
  grant,
  OPENAPI,
  policy,
} from './__testUtils__/yaml';

const base = {
  catalog: CATALOG,
  policies: [policy()],
  estate: { prod: ESTATE },
};

describe('plan: a grant between two workloads with sidecars', () => {
  it('is one edge that all three layers enforce', () => {
    const { edges, errors } = planYaml(base);
    expect(errors).toEqual([]);
    expect(edges).toHaveLength(1);
    expect(edges[0]).toMatchObject({
      cluster: 'prod',
      api: 'api:default/orders',
      policy: 'accesspolicy:default/orders',
      caller: 'component:default/checkout',
      provider: 'component:default/orders',
      from: {
        id: 'shop/Deployment/checkout',
        principal: 'cluster.local/ns/shop/sa/checkout',
      },
      to: { id: 'shop/Deployment/orders', selector: { app: 'orders' } },
      protocol: 'TCP',
      port: 8080,
      servicePorts: ['shop/orders:8080 (http)'],
      layers: { kernel: 'enforced', identity: 'enforced', method: 'enforced' },
      operations: ['createOrder'],
      row: 'sidecar-sidecar',
      egress: 'open',
    });
  });

  it('reports the flip with the callers that have no grant', () => {
    const { isolations, findings } = planYaml({
      ...base,
      catalog: [...CATALOG, component('reports', { consumesApis: ['orders'] })],
    });
    expect(isolations).toEqual([
      expect.objectContaining({
        flips: { kernel: true, identity: true },
        callersCut: ['component:default/reports'],
      }),
    ]);
    const flip = findings.find(({ code }) => code === 'isolation-flip');
    expect(flip?.message).toContain('component:default/reports');
  });

  it('does not flip a workload that hand-written policies isolate', () => {
    const { isolations, findings } = planYaml({
      ...base,
      estate: {
        prod: [
          ...ESTATE,
          '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny, namespace: shop }, spec: { podSelector: {} } }',
          '{ apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: nothing, namespace: shop }, spec: {} }',
        ],
      },
    });
    expect(isolations[0].flips).toEqual({ kernel: false, identity: false });
    const codes = findings.map(({ code }) => code);
    expect(codes).not.toContain('isolation-flip');
  });

  it('names hand-written policies by which others may call, and not those that only close', () => {
    const named = (...policies: string[]) =>
      planYaml({ ...base, estate: { prod: [...ESTATE, ...policies] } })
        .findings.filter(({ code }) => code === 'foreign-allow')
        .map(({ objects }) => objects);
    // An ingress policy without rules, and an ALLOW without rules, match nothing: both only close.
    expect(
      named(
        '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny, namespace: shop }, spec: { podSelector: {} } }',
        '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: empty, namespace: shop }, spec: { podSelector: {}, policyTypes: [Ingress], ingress: [] } }',
        '{ apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: nothing, namespace: shop }, spec: {} }',
      ),
    ).toEqual([]);
    // A rule without conditions matches everything.
    expect(
      named(
        '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: deny, namespace: shop }, spec: { podSelector: {} } }',
        '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: all, namespace: shop }, spec: { podSelector: {}, ingress: [{}] } }',
        '{ apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: { name: everything, namespace: shop }, spec: { rules: [{}] } }',
      ),
    ).toEqual([
      ['AuthorizationPolicy shop/everything', 'NetworkPolicy shop/all'],
    ]);
  });

  it('does not say that a hand-written policy admits callers that opens none of the ports of the workload', () => {
    const named = (...ports: string[]) =>
      planYaml({
        ...base,
        estate: {
          prod: [
            ...ESTATE,
            `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: some, namespace: shop }, spec: { podSelector: {}, ingress: [{ ports: [${ports.join()}] }] } }`,
          ],
        },
      }).findings.filter(({ code }) => code === 'foreign-allow').length;
    // The port of the proxy's metrics: nobody calls Orders there, which serves 8080.
    expect(named('{ port: 15020 }')).toBe(0);
    expect(named('{ port: 15020 }', '{ port: 8080 }')).toBe(1);
    // All ports, a range, and all of a protocol take in 8080.
    expect(named()).toBe(1);
    expect(named('{ port: 8000, endPort: 9000 }')).toBe(1);
    expect(named('{ protocol: TCP }')).toBe(1);
  });

  it('isolates by a policy without grants, and not by one whose grants hold elsewhere', () => {
    expect(
      planYaml({ ...base, policies: [policy([])] }).isolations,
    ).toHaveLength(1);
    const elsewhere = planYaml({
      ...base,
      policies: [policy([grant(undefined, { in: ['prod'] })])],
      estate: { prod: ESTATE, test: ESTATE },
    });
    expect(elsewhere.isolations.map(({ cluster }) => cluster)).toEqual([
      'prod',
    ]);
  });

  it('says that HEAD does not come with GET', () => {
    const withHead = grant(undefined, {
      operations: [
        { id: 'listOrders' },
        { http: { methods: ['HEAD'], paths: ['/orders'] } },
      ],
    });
    expect(
      planYaml({
        ...base,
        policies: [
          policy([grant(undefined, { operations: [{ id: 'listOrders' }] })]),
        ],
      }).codes,
    ).toContain('head-not-included');
    expect(
      planYaml({ ...base, policies: [policy([withHead])] }).codes,
    ).not.toContain('head-not-included');
  });

  it('names operations in what it says of HEAD and of encoded slashes as the definition does, without its base path', () => {
    const { findings } = planYaml({
      ...base,
      catalog: [
        api({
          definition: OPENAPI.replace(
            'paths:',
            'servers: [{ url: https://shop.example/v1 }]\npaths:',
          ),
        }),
        ...CATALOG.filter(text => !text.includes('"kind":"API"')),
      ],
      policies: [
        policy([
          grant(undefined, {
            operations: [{ id: 'listOrders' }, { id: 'getOrder' }],
          }),
        ]),
      ],
    });
    const messageOf = (code: string) =>
      findings.find(each => each.code === code)?.message;
    expect(messageOf('head-not-included')).toBe(
      'HEAD is not granted with GET on /orders, /orders/{id}',
    );
    expect(
      findings.find(({ code }) => code === 'head-not-included')?.data,
    ).toEqual({ caller: 'component:default/checkout' });
    expect(messageOf('encoded-slash') ?? '').not.toContain('/v1/');
  });
});

describe('plan: what is declared wrongly', () => {
  it.each<[string, string, string[]]>([
    [
      'an operation that the definition does not have',
      policy([grant(undefined, { operations: [{ id: 'dropOrders' }] })]),
      ['unknown-operation'],
    ],
    [
      'a path that the definition does not have',
      policy([
        grant(undefined, {
          operations: [{ http: { methods: ['GET'], paths: ['/admin'] } }],
        }),
      ]),
      ['unknown-operation'],
    ],
    [
      'a method that the definition does not have',
      policy([
        grant(undefined, {
          operations: [{ http: { methods: ['DELETE'], paths: ['/orders'] } }],
        }),
      ]),
      ['unknown-operation'],
    ],
    [
      'a gRPC operation of an HTTP API',
      policy([
        grant(undefined, { operations: [{ grpc: { service: 'a.B' } }] }),
      ]),
      ['unknown-operation'],
    ],
    [
      'a caller that is not in the catalog',
      policy([grant('component:default/nobody')]),
      ['caller-not-found'],
    ],
    [
      'a set that is not in the catalog',
      policy([grant('system:default/nobody')]),
      ['caller-not-found'],
    ],
    [
      'an API that is not in the catalog',
      policy(undefined, { api: 'api:default/gone' }),
      ['api-not-found'],
    ],
    [
      'a port that the provider does not have',
      policy([grant(undefined, { operations: [{ tcp: { port: 9 } }] })]),
      ['port-not-found'],
    ],
    [
      'a cluster where the pair does not run',
      policy([grant(undefined, { in: ['moon'] })]),
      ['scope-unknown'],
    ],
  ])('%s is an error and no edge', (_, text, codes) => {
    const { errors, edges } = planYaml({ ...base, policies: [text] });
    expect(errors.map(({ code }) => code)).toEqual(codes);
    expect(edges).toEqual([]);
    expect(errors[0].api).toMatch(/^api:default\//);
  });

  it('an owner that does not own the API is an error', () => {
    const { errors } = planYaml({
      ...base,
      policies: [policy(undefined, { owner: 'group:default/thieves' })],
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'owner-mismatch',
        api: 'api:default/orders',
        at: {
          file: 'policy-0.yaml',
          line: 1,
          column: expect.any(Number),
          field: 'spec.owner',
        },
      }),
    ]);
  });

  it('two policies of one API are an error that names both files', () => {
    const { errors } = planYaml({
      ...base,
      policies: [policy(), policy().replace('"orders"', '"again"')],
    });
    expect(errors.map(({ code }) => code)).toEqual(['duplicate-policy']);
  });

  it('a definition that does not parse is an error, but a port can still be granted', () => {
    const catalog = [api({ definition: '{ openapi: [' }), ...CATALOG.slice(1)];
    expect(
      planYaml({ ...base, catalog }).errors.map(({ code }) => code),
    ).toEqual(['contract-unreadable']);
    const byPort = planYaml({
      ...base,
      catalog,
      policies: [
        policy([grant(undefined, { operations: [{ tcp: { port: 8080 } }] })]),
      ],
    });
    expect(byPort.errors).toEqual([]);
    expect(byPort.edges[0].http).toBeUndefined();
  });

  it('does not let one wrong grant hide the others of its policy', () => {
    const { edges, errors } = planYaml({
      ...base,
      policies: [
        policy([grant('component:default/nobody', { id: 'bad' }), grant()]),
      ],
    });
    expect(edges.map(({ grantId }) => grantId)).toEqual(['g1']);
    expect(errors.map(({ grantId }) => grantId)).toEqual(['bad']);
  });

  it('takes a broad path as long as it covers something that the API offers', () => {
    const broad = grant(undefined, {
      operations: [{ http: { methods: ['GET'], paths: ['/{rest+}'] } }],
    });
    expect(planYaml({ ...base, policies: [policy([broad])] }).errors).toEqual(
      [],
    );
  });

  it('a route that rewrites paths in front needs the base path annotation', () => {
    const estate = {
      prod: [
        ...ESTATE,
        '{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: front, namespace: shop }, spec: { http: [ { rewrite: { uri: / }, route: [ { destination: { host: orders.shop.svc.cluster.local } } ] } ] } }',
      ],
    };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['rewrite-in-front']);
    const stated = [
      api({ annotations: { 'callgate.dev/base-path': '/' } }),
      ...CATALOG.slice(1),
    ];
    expect(planYaml({ ...base, estate, catalog: stated }).errors).toEqual([]);
  });
});
