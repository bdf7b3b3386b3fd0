import { Planned, planYaml, PlanTexts } from '../plan/__testUtils__/planYaml';
import {
  api,
  CATALOG,
  component,
  ESTATE,
  grant,
  namespace,
  policy,
  PROTO,
  service,
  workload,
} from '../plan/__testUtils__/yaml';
import { AuthorizationRule, splitRules } from './istio/authorizationRules';

const base: PlanTexts = {
  catalog: CATALOG,
  policies: [policy()],
  estate: { prod: ESTATE },
};

function specOf(
  planned: Planned,
  kind: string,
  name: string,
): Record<string, unknown> | undefined {
  return planned.objects.find(
    ({ object }) => object.kind === kind && object.metadata.name === name,
  )?.object.spec;
}

const names = (planned: Planned) =>
  planned.objects
    .map(
      ({ object }) =>
        `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`,
    )
    .sort();

describe('NetworkPolicy', () => {
  it('opens both sides when a hand-written policy closes the egress of the caller', () => {
    const closed =
      '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: no-egress, namespace: shop }, spec: { podSelector: {}, policyTypes: [Egress] } }';
    const planned = planYaml({
      ...base,
      estate: { prod: [...ESTATE, closed] },
    });
    expect(
      specOf(planned, 'NetworkPolicy', 'callgate-orders.checkout.egress'),
    ).toEqual({
      podSelector: { matchLabels: { app: 'checkout' } },
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': 'shop' },
              },
              podSelector: { matchLabels: { app: 'orders' } },
            },
          ],
          ports: [{ protocol: 'TCP', port: 8080 }],
        },
      ],
    });
  });

  it('closes the egress of a caller that asks for it, with DNS over UDP and TCP and the control plane open', () => {
    const planned = planYaml({
      ...base,
      estate: {
        prod: [
          namespace('shop', { 'callgate.dev/egress': 'enforce' }),
          ...ESTATE,
        ],
      },
    });
    expect(
      specOf(planned, 'NetworkPolicy', 'callgate.checkout.egress'),
    ).toEqual({
      podSelector: { matchLabels: { app: 'checkout' } },
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
              },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [
            { protocol: 'TCP', port: 53 },
            { protocol: 'UDP', port: 53 },
          ],
        },
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' },
              },
              podSelector: { matchLabels: { app: 'istiod' } },
            },
          ],
          ports: [{ protocol: 'TCP', port: 15012 }],
        },
      ],
    });
    expect(planned.files.map(({ path }) => path)).toEqual([
      'clusters/prod/shop/callgate-orders.yaml',
      'clusters/prod/shop/callgate.yaml',
    ]);
  });

  it('does not mix ports of different callers', () => {
    const planned = planYaml({
      catalog: [...CATALOG, component('web')],
      policies: [
        policy([
          grant(undefined, { operations: [{ tcp: { port: 80 } }] }),
          grant('component:default/web', {
            id: 'g2',
            operations: [{ tcp: { port: 81 } }],
          }),
        ]),
      ],
      estate: {
        prod: [
          ESTATE[0],
          service('orders', [
            { name: 'a', port: 80, targetPort: 8080 },
            { name: 'b', port: 81, targetPort: 8081 },
          ]),
          workload('checkout'),
          workload('web'),
        ],
      },
    });
    const ingress = specOf(
      planned,
      'NetworkPolicy',
      'callgate-orders.orders',
    )?.ingress;
    expect(JSON.stringify(ingress)).toBe(
      JSON.stringify(
        [
          ['checkout', 8080],
          ['web', 8081],
        ].map(([app, port]) => ({
          from: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': 'shop' },
              },
              podSelector: { matchLabels: { app } },
            },
          ],
          ports: [{ protocol: 'TCP', port }],
        })),
      ),
    );
  });
});

describe('AuthorizationPolicy', () => {
  it('matches gRPC as POST on /package.Service/Method', () => {
    const planned = planYaml({
      ...base,
      catalog: [api({ type: 'grpc', definition: PROTO }), ...CATALOG.slice(1)],
      policies: [
        policy([
          grant(undefined, {
            operations: [
              { id: 'shop.Orders/Get' },
              {
                grpc: { service: 'grpc.health.v1.Health', methods: ['Check'] },
              },
            ],
          }),
        ]),
      ],
      estate: {
        prod: [
          ESTATE[0],
          service('orders', [{ name: 'grpc', port: 8080 }]),
          ESTATE[2],
        ],
      },
    });
    expect(planned.errors).toEqual([]);
    expect(
      specOf(planned, 'AuthorizationPolicy', 'callgate-orders.orders')?.rules,
    ).toEqual([
      {
        from: [
          { source: { principals: ['cluster.local/ns/shop/sa/checkout'] } },
        ],
        to: [
          {
            operation: {
              methods: ['POST'],
              paths: ['/grpc.health.v1.Health/Check', '/shop.Orders/Get'],
              ports: ['8080'],
            },
          },
        ],
      },
    ]);
  });

  it('keeps methods with their paths: a grant of GET on one and POST on another opens no product', () => {
    const planned = planYaml({
      ...base,
      policies: [
        policy([
          grant(undefined, {
            operations: [{ id: 'createOrder' }, { id: 'getOrder' }],
          }),
        ]),
      ],
    });
    expect(
      specOf(planned, 'AuthorizationPolicy', 'callgate-orders.orders')?.rules,
    ).toEqual([
      {
        from: [
          { source: { principals: ['cluster.local/ns/shop/sa/checkout'] } },
        ],
        to: [
          {
            operation: {
              methods: ['GET'],
              paths: ['/orders/{*}'],
              ports: ['8080'],
            },
          },
          {
            operation: {
              methods: ['POST'],
              paths: ['/orders'],
              ports: ['8080'],
            },
          },
        ],
      },
    ]);
  });

  it('leaves methods out where every method is granted', () => {
    const planned = planYaml({
      ...base,
      policies: [
        policy([
          grant(undefined, {
            operations: [{ http: { methods: ['*'], paths: ['/orders'] } }],
          }),
        ]),
      ],
    });
    expect(
      specOf(planned, 'AuthorizationPolicy', 'callgate-orders.orders'),
    ).toMatchObject({
      rules: [{ to: [{ operation: { paths: ['/orders'], ports: ['8080'] } }] }],
    });
    expect(planned.files[0].text).not.toContain('methods');
  });

  it('lists callers with the same operations in one rule', () => {
    const planned = planYaml({
      catalog: [...CATALOG, component('web')],
      policies: [
        policy([grant(), grant('component:default/web', { id: 'g2' })]),
      ],
      estate: { prod: [...ESTATE, workload('web')] },
    });
    expect(
      specOf(planned, 'AuthorizationPolicy', 'callgate-orders.orders')?.rules,
    ).toMatchObject([
      {
        from: [
          {
            source: {
              principals: [
                'cluster.local/ns/shop/sa/checkout',
                'cluster.local/ns/shop/sa/web',
              ],
            },
          },
        ],
      },
    ]);
  });

  it('admits plaintext callers by notPrincipals and leaves their port permissive under STRICT', () => {
    const planned = planYaml({
      ...base,
      policies: [
        policy([grant(undefined, { acknowledges: ['identity-not-enforced'] })]),
      ],
      estate: {
        prod: [
          namespace('plain', { 'istio-injection': 'disabled' }),
          ...ESTATE.slice(0, 2),
          workload('checkout', { namespace: 'plain' }),
        ],
      },
    });
    expect(
      specOf(planned, 'AuthorizationPolicy', 'callgate-orders.orders')?.rules,
    ).toEqual([
      {
        from: [{ source: { notPrincipals: ['*'] } }],
        to: [
          {
            operation: {
              methods: ['POST'],
              paths: ['/orders'],
              ports: ['8080'],
            },
          },
        ],
      },
    ]);
    expect(
      specOf(planned, 'PeerAuthentication', 'callgate-orders.orders'),
    ).toEqual({
      selector: { matchLabels: { app: 'orders' } },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { '8080': { mode: 'PERMISSIVE' } },
    });
  });

  it('is split before it passes what the CRD admits', () => {
    const callers = Array.from({ length: 600 }, (_, index) => `c${index}`);
    const planned = planYaml({
      catalog: [api(), CATALOG[1], ...callers.map(name => component(name))],
      policies: [
        policy(
          callers.map(name => grant(`component:default/${name}`, { id: name })),
        ),
      ],
      estate: {
        prod: [...ESTATE.slice(0, 2), ...callers.map(name => workload(name))],
      },
    });
    const rules = specOf(
      planned,
      'AuthorizationPolicy',
      'callgate-orders.orders',
    )?.rules as AuthorizationRule[];
    const principals = rules.map(rule => {
      const { source } = rule.from[0];
      return 'principals' in source ? source.principals.length : 0;
    });
    expect(principals).toEqual([512, 88]);
    const many = Array.from({ length: 1100 }, () => rules[0]);
    expect(splitRules(many).map(part => part.length)).toEqual([512, 512, 76]);
  });
});

describe('PeerAuthentication', () => {
  it('exists once for a workload that serves two APIs', () => {
    const catalog = [
      api(),
      api({ name: 'returns' }),
      component('orders', {
        owner: 'orders-team',
        providesApis: ['orders', 'returns'],
      }),
      CATALOG[2],
    ];
    const planned = planYaml({
      ...base,
      catalog,
      policies: [policy(), policy(undefined, {}, 'returns')],
    });
    expect(names(planned)).toEqual([
      'AuthorizationPolicy shop/callgate-orders.orders',
      'AuthorizationPolicy shop/callgate-returns.orders',
      'NetworkPolicy shop/callgate-orders.orders',
      'NetworkPolicy shop/callgate-returns.orders',
      'PeerAuthentication shop/callgate-orders.orders',
    ]);
  });
});

describe('modes', () => {
  it('observe emits nothing', () => {
    expect(
      planYaml({ ...base, policies: [policy(undefined, { mode: 'observe' })] })
        .objects,
    ).toEqual([]);
  });

  it('audit emits the dry run of the mesh and nothing that enforces', () => {
    const planned = planYaml({
      ...base,
      policies: [policy(undefined, { mode: 'audit' })],
    });
    expect(names(planned)).toEqual([
      'AuthorizationPolicy shop/callgate-orders.orders',
    ]);
    expect(
      planned.objects[0].object.metadata.annotations['istio.io/dry-run'],
    ).toBe('true');
  });
});

describe('plumbing', () => {
  const scraper =
    '{ namespace: monitoring, podLabels: { app: prometheus }, serviceAccount: prometheus, ports: [{ port: 15020 }, { port: 9102 }, { port: 7777 }] }';
  const profile = `{ mesh: { mode: sidecar }, scrapers: [${scraper}] }`;
  const estate = {
    prod: [
      workload('orders', {
        ports: [{ containerPort: 8080 }, { containerPort: 9102 }],
      }),
      ...ESTATE.slice(1),
    ],
  };

  it('opens scrapers at the kernel on ports that exist, and at the mesh on ports that it sees', () => {
    const planned = planYaml({ ...base, estate, profiles: { prod: profile } });
    expect(
      specOf(planned, 'NetworkPolicy', 'callgate-orders.orders')?.ingress,
    ).toContainEqual({
      from: [
        {
          namespaceSelector: {
            matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' },
          },
          podSelector: { matchLabels: { app: 'prometheus' } },
        },
      ],
      ports: [
        { protocol: 'TCP', port: 9102 },
        { protocol: 'TCP', port: 15020 },
      ],
    });
    expect(
      specOf(planned, 'AuthorizationPolicy', 'callgate-orders.orders')?.rules,
    ).toContainEqual({
      from: [
        {
          source: { principals: ['cluster.local/ns/monitoring/sa/prometheus'] },
        },
      ],
      to: [{ operation: { ports: ['9102'] } }],
    });
  });

  it('says so when a scraper without identity is cut, and refuses one without a place', () => {
    const nameless = profile.replace(' serviceAccount: prometheus,', '');
    expect(
      planYaml({ ...base, estate, profiles: { prod: nameless } }).codes,
    ).toContain('scraper-cut');
    const placeless = profile.replace('namespace: monitoring, ', '');
    expect(
      planYaml({ ...base, estate, profiles: { prod: placeless } }).errors.map(
        ({ code }) => code,
      ),
    ).toEqual(['plumbing-not-expressible']);
  });
});

describe('names', () => {
  it('are legal and never collide, however long or strange the parts are', () => {
    const strange = ['Orders_v2', 'orders.v2', 'orders-v2', 'o'.repeat(63)];
    const catalog = [
      ...strange.map(name => api({ name })),
      component('orders', { owner: 'orders-team', providesApis: strange }),
      CATALOG[2],
    ];
    const planned = planYaml({
      ...base,
      catalog,
      policies: strange.map(name =>
        policy(undefined, { api: `api:default/${name}` }, name),
      ),
    });
    const policies = planned.objects
      .filter(({ object }) => object.kind === 'NetworkPolicy')
      .map(({ object }) => object);
    expect(policies).toHaveLength(4);
    expect(new Set(policies.map(({ metadata }) => metadata.name)).size).toBe(4);
    for (const { metadata } of policies) {
      expect(metadata.name).toMatch(
        /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
      );
      expect(metadata.name.length).toBeLessThanOrEqual(253);
      expect(metadata.labels['callgate.dev/api']).toMatch(
        /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      );
    }
  });

  it('tell workloads of different kinds and APIs of different namespaces apart', () => {
    const planned = planYaml({
      ...base,
      estate: {
        prod: [
          workload('orders', {
            kind: 'StatefulSet',
            ports: [{ containerPort: 8080 }],
          }),
          ...ESTATE.slice(1),
        ],
      },
    });
    expect(planned.objects.map(({ object }) => object.metadata.name)).toContain(
      'callgate-orders.orders.statefulset',
    );
  });
});
