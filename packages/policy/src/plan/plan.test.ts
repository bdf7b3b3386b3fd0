import { planYaml } from './__fixtures__/planYaml';
import {
  api,
  CATALOG,
  component,
  ESTATE,
  grant,
  namespace,
  policy,
  service,
  workload,
} from './__fixtures__/yaml';

const base = {
  catalog: CATALOG,
  policies: [policy()],
  estate: { prod: ESTATE },
};
const NONE = '{ mesh: { mode: none } }';

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

  it('does not flip a workload that hand-written policies isolate, and names them', () => {
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
    expect(
      findings.find(({ code }) => code === 'foreign-allow')?.objects,
    ).toEqual(['AuthorizationPolicy shop/nothing', 'NetworkPolicy shop/deny']);
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
      'an owner that does not own the API',
      policy(undefined, { owner: 'group:default/thieves' }),
      ['owner-mismatch'],
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
    if (codes[0] !== 'owner-mismatch') expect(edges).toEqual([]);
    expect(errors[0].api).toMatch(/^api:default\//);
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

describe('plan: binding', () => {
  it('an entity without binding is an error that says which annotation to set', () => {
    const { errors } = planYaml({
      ...base,
      catalog: [...CATALOG.slice(0, 2), component('checkout', {}, {})],
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'binding-missing',
        fix: expect.stringContaining('backstage.io/kubernetes-id'),
      }),
    ]);
  });

  it('an entity whose workload is not in the estate is an error', () => {
    const { errors } = planYaml({
      ...base,
      estate: { prod: ESTATE.slice(0, 2) },
    });
    expect(errors.map(({ code }) => code)).toEqual(['binding-no-workload']);
  });

  it('a label selector that cannot be read is an error and never matches everything', () => {
    const catalog = [
      ...CATALOG.slice(0, 2),
      component(
        'checkout',
        {},
        { 'backstage.io/kubernetes-label-selector': '' },
      ),
    ];
    expect(
      planYaml({ ...base, catalog }).errors.map(({ code }) => code),
    ).toEqual(['binding-invalid']);
  });

  it('binds by label selector, namespace and cluster', () => {
    const catalog = [
      ...CATALOG.slice(0, 2),
      component(
        'checkout',
        {},
        {
          'backstage.io/kubernetes-label-selector':
            'app in (checkout, other),!old',
          'backstage.io/kubernetes-namespace': 'front',
        },
      ),
    ];
    const { edges } = planYaml({
      ...base,
      catalog,
      estate: {
        prod: [...ESTATE, workload('checkout', { namespace: 'front' })],
      },
    });
    expect(edges.map(({ from }) => from.id)).toEqual([
      'front/Deployment/checkout',
    ]);
  });

  it('all workloads of a caller get its access, and that is said', () => {
    const canary = workload('checkout-canary', {
      labels: {
        app: 'checkout',
        track: 'canary',
        'backstage.io/kubernetes-id': 'checkout',
      },
    });
    const { edges, codes } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, canary] },
    });
    expect(edges).toHaveLength(2);
    expect(codes).toContain('several-workloads');
  });

  it('two workloads of a provider that do not serve the same port are an error', () => {
    const worker = workload('worker', {
      labels: { app: 'worker', 'backstage.io/kubernetes-id': 'orders' },
    });
    const { errors } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, worker] },
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'binding-ambiguous',
        objects: ['shop/Deployment/orders', 'shop/Deployment/worker'],
      }),
    ]);
  });

  it('blue and green are both opened, though the Service leads to one', () => {
    const labels = (colour: string) => ({
      app: 'orders',
      colour,
      'backstage.io/kubernetes-id': 'orders',
    });
    const ports = [{ containerPort: 8080 }];
    const { edges, errors } = planYaml({
      ...base,
      estate: {
        prod: [
          workload('orders-blue', { labels: labels('blue'), ports }),
          workload('orders-green', { labels: labels('green'), ports }),
          service('orders', undefined, {
            selector: { app: 'orders', colour: 'blue' },
          }),
          workload('checkout'),
        ],
      },
    });
    expect(errors).toEqual([]);
    expect(edges.map(({ to }) => to.selector)).toEqual([
      { app: 'orders', colour: 'blue' },
      { app: 'orders', colour: 'green' },
    ]);
  });
});

describe('plan: ports', () => {
  const two = [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'http-admin', port: 81, targetPort: 9090 },
  ];

  it('several Service ports need the annotation, and the error lists the choices', () => {
    const estate = { prod: [ESTATE[0], service('orders', two), ESTATE[2]] };
    const { errors } = planYaml({ ...base, estate });
    expect(errors.map(({ code }) => code)).toEqual(['port-ambiguous']);
    expect(errors[0].message).toContain('shop/orders:81 (http-admin)');
    for (const [value, port] of [
      ['http-admin', 9090],
      ['80', 8080],
    ] as const) {
      const catalog = [
        api({ annotations: { 'callgate.dev/port': value } }),
        ...CATALOG.slice(1),
      ];
      expect(
        planYaml({ ...base, catalog, estate }).edges.map(edge => edge.port),
      ).toEqual([port]);
    }
  });

  it('two Services that lead to one port of the pods are no choice', () => {
    const outside = service(
      'orders-outside',
      [{ name: 'http', port: 80, targetPort: 8080 }],
      { selector: { app: 'orders' } },
    );
    const { edges, errors } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, outside] },
    });
    expect(errors).toEqual([]);
    expect(edges[0].servicePorts).toHaveLength(2);
  });

  it('a tcp operation names the Service port and opens the port of the pod', () => {
    const { edges, codes } = planYaml({
      ...base,
      policies: [
        policy([grant(undefined, { operations: [{ tcp: { port: 5432 } }] })]),
      ],
      estate: {
        prod: [
          ESTATE[0],
          service('orders', [
            { name: 'tcp-db', port: 5432, targetPort: 15432 },
          ]),
          ESTATE[2],
        ],
      },
    });
    expect(edges.map(edge => [edge.protocol, edge.port, edge.http])).toEqual([
      ['TCP', 15432, undefined],
    ]);
    expect(codes).toContain('whole-port-granted');
  });

  it('a udp operation has only the kernel layer, also between sidecars', () => {
    const { edges, errors } = planYaml({
      ...base,
      policies: [
        policy([grant(undefined, { operations: [{ udp: { port: 53 } }] })]),
      ],
      estate: {
        prod: [
          ESTATE[0],
          service('orders', [{ name: 'dns', port: 53, protocol: 'UDP' }]),
          ESTATE[2],
        ],
      },
    });
    expect(errors).toEqual([]);
    expect(edges[0]).toMatchObject({
      protocol: 'UDP',
      row: 'plain-any',
      layers: { kernel: 'enforced', identity: 'none', method: 'none' },
    });
  });

  it.each([
    ['tcp-orders', undefined],
    ['https', undefined],
    ['orders', 'https'],
    ['orders', 'tcp'],
    ['http', 'tls'],
  ])(
    'methods on a port named %s with appProtocol %s are an error',
    (name, appProtocol) => {
      const estate = {
        prod: [
          ESTATE[0],
          service('orders', [{ name, port: 8080, appProtocol }]),
          ESTATE[2],
        ],
      };
      expect(
        planYaml({ ...base, estate }).errors.map(({ code }) => code),
      ).toEqual(['not-http-port']);
    },
  );

  it('an acknowledgement does not help on a port that carries no HTTP in the mesh', () => {
    const estate = {
      prod: [
        ESTATE[0],
        service('orders', [{ name: 'tcp', port: 8080 }]),
        ESTATE[2],
      ],
    };
    const acknowledged = policy([
      grant(undefined, { acknowledges: ['method-not-enforced'] }),
    ]);
    expect(
      planYaml({ ...base, estate, policies: [acknowledged] }).errors.map(
        ({ code }) => code,
      ),
    ).toEqual(['not-http-port']);
  });

  it('a port of unknown protocol is said to be guessed', () => {
    const estate = {
      prod: [ESTATE[0], service('orders', [{ port: 8080 }]), ESTATE[2]],
    };
    const { codes, errors } = planYaml({ ...base, estate });
    expect(errors).toEqual([]);
    expect(codes).toContain('protocol-not-declared');
  });

  it('methods on a port that the sidecar does not see are an error', () => {
    const excluded = workload('orders', {
      ports: [{ containerPort: 8080 }],
      annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' },
    });
    const { errors } = planYaml({
      ...base,
      estate: { prod: [excluded, ...ESTATE.slice(1)] },
    });
    expect(errors.map(({ code }) => code)).toEqual(['port-outside-mesh']);
  });
});

describe('plan: without mesh', () => {
  it('methods are an error until the gap is acknowledged', () => {
    expect(
      planYaml({ ...base, profiles: { prod: NONE } }).errors.map(
        ({ code }) => code,
      ),
    ).toEqual(['method-not-enforceable']);
    const { edges, errors } = planYaml({
      ...base,
      profiles: { prod: NONE },
      policies: [
        policy([grant(undefined, { acknowledges: ['method-not-enforced'] })]),
      ],
    });
    expect(errors).toEqual([]);
    expect(edges[0]).toMatchObject({
      row: 'plain-any',
      layers: {
        kernel: 'enforced',
        identity: 'none',
        method: 'acknowledged-gap',
      },
      gaps: ['method-not-enforced'],
    });
    expect(edges[0].http).toBeUndefined();
    expect(edges[0].from.principal).toBeUndefined();
  });

  it('nothing is granted where the network ignores policies', () => {
    const { errors } = planYaml({
      ...base,
      profiles: {
        prod: '{ mesh: { mode: none }, cni: { enforcesNetworkPolicy: false } }',
      },
    });
    expect(errors.map(({ code }) => code)).toEqual(['kernel-not-enforced']);
  });

  it('a caller without mesh needs an acknowledgement to reach a provider with a sidecar', () => {
    const plain = workload('checkout', { namespace: 'plain' });
    const estate = {
      prod: [
        namespace('plain', { 'istio-injection': 'disabled' }),
        ...ESTATE.slice(0, 2),
        plain,
      ],
    };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['identity-not-enforceable']);
    const { edges, isolations, errors } = planYaml({
      ...base,
      estate,
      policies: [
        policy([grant(undefined, { acknowledges: ['identity-not-enforced'] })]),
      ],
    });
    expect(errors).toEqual([]);
    expect(edges[0]).toMatchObject({
      row: 'mesh-plain',
      layers: {
        kernel: 'enforced',
        identity: 'acknowledged-gap',
        method: 'acknowledged-gap',
      },
    });
    expect(isolations[0].permissivePorts).toEqual([8080]);
  });
});

describe('plan: who the layers admit besides', () => {
  it('the default service account is refused unless acknowledged', () => {
    const estate = {
      prod: [
        ...ESTATE.slice(0, 2),
        workload('checkout', { serviceAccount: 'default' }),
      ],
    };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['default-service-account']);
    const { errors, edges } = planYaml({
      ...base,
      estate,
      policies: [
        policy([
          grant(undefined, { acknowledges: ['shared-service-account'] }),
        ]),
      ],
    });
    expect(errors).toEqual([]);
    expect(edges[0].gaps).toEqual(['shared-service-account']);
  });

  it('a service account that is shared with a stranger names the stranger', () => {
    const stranger = workload('stranger', { serviceAccount: 'checkout' });
    const { findings, errors } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, stranger] },
    });
    expect(errors).toEqual([]);
    expect(
      findings.find(({ code }) => code === 'identity-overgrant')?.objects,
    ).toEqual(['shop/Deployment/checkout', 'shop/Deployment/stranger']);
  });

  it('a caller on the host network is refused', () => {
    const estate = {
      prod: [
        ...ESTATE.slice(0, 2),
        workload('checkout', { hostNetwork: true }),
      ],
    };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['host-network-caller']);
  });

  it('pods that no label tells apart are an error that names the others', () => {
    const twin = workload('twin', {
      labels: {
        app: 'checkout',
        'backstage.io/kubernetes-id': 'checkout',
        extra: 'x',
      },
    });
    const catalog = [
      ...CATALOG.slice(0, 2),
      component(
        'checkout',
        {},
        { 'backstage.io/kubernetes-label-selector': 'app=checkout,!extra' },
      ),
    ];
    const { errors } = planYaml({
      ...base,
      catalog,
      estate: { prod: [...ESTATE, twin] },
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'kernel-overgrant',
        objects: ['shop/Deployment/checkout', 'shop/Deployment/twin'],
      }),
    ]);
  });

  it('a hand-written PeerAuthentication for the workload is an error', () => {
    const hand =
      '{ apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: { name: hand, namespace: shop }, spec: { selector: { matchLabels: { app: orders } }, mtls: { mode: PERMISSIVE } } }';
    const { errors } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, hand] },
    });
    expect(errors.map(({ code }) => code)).toEqual([
      'peer-authentication-exists',
    ]);
    const wide = hand.replace(
      'selector: { matchLabels: { app: orders } }, ',
      '',
    );
    expect(
      planYaml({ ...base, estate: { prod: [...ESTATE, wide] } }).errors,
    ).toEqual([]);
  });

  it('isolation cuts replicas of a StatefulSet from each other until self is granted', () => {
    const estate = {
      prod: [
        workload('orders', {
          kind: 'StatefulSet',
          ports: [{ containerPort: 8080 }],
        }),
        ...ESTATE.slice(1),
      ],
    };
    expect(planYaml({ ...base, estate }).codes).toContain('cuts-peers');
    const own = grant('self', {
      id: 'replicas',
      operations: [{ tcp: { port: 8080 } }],
    });
    const { codes, edges } = planYaml({
      ...base,
      estate,
      policies: [policy([grant(), own])],
    });
    expect(codes).not.toContain('cuts-peers');
    expect(edges.map(({ from }) => from.id)).toContain(
      'shop/StatefulSet/orders',
    );
  });
});

describe('plan: sets of callers', () => {
  const members = [
    component('web', { system: 'front', owner: 'front-team' }),
    component('docs', { system: 'front', owner: 'front-team' }, {}),
    component('orders', {
      owner: 'front-team',
      providesApis: ['orders'],
      system: 'front',
    }),
  ];
  const set = (kind: string, name: string, spec = {}) =>
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: { name },
      spec,
    });
  const catalog = [
    api(),
    ...members,
    set('System', 'front', { domain: 'sales' }),
    set('Domain', 'sales', { subdomainOf: 'company' }),
    set('Domain', 'company'),
    set('Group', 'front-team'),
    set('System', 'empty'),
  ];
  const estate = { prod: [...ESTATE, workload('web')] };

  it.each([
    'system:default/front',
    'domain:default/sales',
    'domain:default/company',
    'group:default/front-team',
  ])(
    '%s stands for its components that run, without the provider itself',
    caller => {
      const { edges, codes, errors } = planYaml({
        catalog,
        policies: [policy([grant(caller)])],
        estate,
      });
      expect(errors).toEqual([]);
      expect(edges.map(edge => [edge.caller, edge.declaredCaller])).toEqual([
        ['component:default/web', caller],
      ]);
      expect(codes).toContain('set-member-unbound');
    },
  );

  it('a set with nobody in it is an error', () => {
    const { errors, edges } = planYaml({
      catalog,
      policies: [policy([grant('system:default/empty')])],
      estate,
    });
    expect(errors.map(({ code }) => code)).toEqual(['caller-set-empty']);
    expect(edges).toEqual([]);
  });
});

describe('plan: several clusters', () => {
  const estate = { eu: ESTATE, us: ESTATE };
  const profiles = {
    eu: '{ environments: [prod], mesh: { mode: sidecar } }',
    us: '{ environments: [prod], mesh: { mode: sidecar } }',
  };

  it('a pair that runs in two needs in', () => {
    const { errors } = planYaml({ ...base, estate });
    expect(errors).toEqual([
      expect.objectContaining({ code: 'scope-required', data: ['eu', 'us'] }),
    ]);
  });

  it.each([
    [['eu'], ['eu']],
    [['prod'], ['eu', 'us']],
    [
      ['us', 'prod'],
      ['eu', 'us'],
    ],
  ])('in %j means the clusters %j', (names, clusters) => {
    const { edges } = planYaml({
      ...base,
      estate,
      profiles,
      policies: [policy([grant(undefined, { in: names })])],
    });
    expect(edges.map(({ cluster }) => cluster)).toEqual(clusters);
  });

  it('caller and provider in different clusters are not supported yet', () => {
    const { errors, unsupported } = planYaml({
      ...base,
      estate: { eu: ESTATE.slice(0, 2), us: ESTATE.slice(2) },
    });
    expect(errors.map(({ code }) => code)).toEqual(['not-supported-yet']);
    expect(unsupported.map(({ row }) => row)).toEqual(['cross-cluster']);
  });
});

describe('plan: rows that are not built', () => {
  const ambient = '{ mesh: { mode: ambient } }';

  it.each<[string, Parameters<typeof planYaml>[0], string]>([
    [
      'a provider in ambient mode',
      { ...base, profiles: { prod: ambient } },
      'ambient',
    ],
    [
      'a gateway',
      { ...base, policies: [policy([grant('gateway:istio-system/ingress')])] },
      'gateway',
    ],
    [
      'an address',
      { ...base, policies: [policy([grant('cidr:10.0.0.0/8')])] },
      'cidr',
    ],
    [
      'a host outside',
      {
        ...base,
        catalog: [
          ...CATALOG.slice(0, 2),
          component(
            'checkout',
            {},
            { 'callgate.dev/addresses': '10.1.2.3/32' },
          ),
        ],
      },
      'host-outside',
    ],
    [
      'a SaaS',
      {
        ...base,
        catalog: [
          api(),
          component(
            'orders',
            { providesApis: ['orders'] },
            { 'callgate.dev/hosts': 'api.saas.example' },
          ),
          CATALOG[2],
        ],
      },
      'saas',
    ],
  ])(
    '%s is refused with the reason, and its access is unknown',
    (_, texts, row) => {
      const { errors, unsupported, edges, objects } = planYaml(texts);
      expect(errors.map(({ code }) => code)).toEqual(['not-supported-yet']);
      expect(unsupported.map(item => item.row)).toEqual([row]);
      expect(edges).toEqual([]);
      expect(objects).toEqual([]);
    },
  );
});

describe('plan: modes and several APIs on one workload', () => {
  const catalog = [
    api(),
    api({ name: 'returns' }),
    component('orders', {
      owner: 'orders-team',
      providesApis: ['orders', 'returns'],
    }),
    CATALOG[2],
  ];

  it('APIs of one workload in different modes are an error of both', () => {
    const { errors } = planYaml({
      ...base,
      catalog,
      policies: [policy(), policy(undefined, { mode: 'audit' }, 'returns')],
    });
    expect(errors.map(({ code, api: about }) => [code, about])).toEqual([
      ['mode-conflict', 'api:default/orders'],
      ['mode-conflict', 'api:default/returns'],
    ]);
  });

  it('isolates a workload once for all its APIs', () => {
    const { isolations } = planYaml({
      ...base,
      catalog,
      policies: [policy(), policy(undefined, {}, 'returns')],
    });
    expect(isolations.map(({ apis }) => apis)).toEqual([
      ['api:default/orders', 'api:default/returns'],
    ]);
  });

  it.each(['observe', 'audit'])('in mode %s nothing is enforced', mode => {
    const { edges, errors } = planYaml({
      ...base,
      policies: [policy(undefined, { mode })],
    });
    expect(errors).toEqual([]);
    expect(edges[0].layers).toEqual({
      kernel: 'none',
      identity: 'none',
      method: 'none',
    });
  });
});

describe('plan: egress', () => {
  const closed =
    '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: no-egress, namespace: shop }, spec: { podSelector: {}, policyTypes: [Egress] } }';

  it('knows that a hand-written policy closes the caller', () => {
    const { edges, codes } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, closed] },
    });
    expect(edges[0].egress).toBe('isolated-by-others');
    expect(codes).toContain('caller-egress-isolated');
  });

  it.each([
    [
      'component',
      {
        ...base,
        catalog: [
          ...CATALOG.slice(0, 2),
          component(
            'checkout',
            {},
            {
              'backstage.io/kubernetes-id': 'checkout',
              'callgate.dev/egress': 'enforce',
            },
          ),
        ],
      },
      ['shop/Deployment/checkout'],
    ],
    [
      'namespace',
      {
        ...base,
        estate: {
          prod: [
            namespace('shop', { 'callgate.dev/egress': 'enforce' }),
            ...ESTATE,
          ],
        },
      },
      ['shop/Deployment/checkout', 'shop/Deployment/orders'],
    ],
  ])(
    'closes callers where a %s asks for it, with DNS and control plane open',
    (_, texts, workloads) => {
      const { isolations, plumbing, edges } = planYaml(texts);
      expect(edges[0].egress).toBe('isolated-by-callgate');
      expect(
        isolations
          .filter(({ direction }) => direction === 'egress')
          .map(({ workload: end }) => end.id),
      ).toEqual(workloads);
      const checkout = plumbing.filter(
        ({ workload: end }) => end.id === 'shop/Deployment/checkout',
      );
      expect(checkout.map(({ purpose, ports }) => [purpose, ports])).toEqual([
        ['control-plane', [{ protocol: 'TCP', port: 15012 }]],
        [
          'dns',
          [
            { protocol: 'TCP', port: 53 },
            { protocol: 'UDP', port: 53 },
          ],
        ],
      ]);
    },
  );
});
