import { planYaml } from './__testUtils__/planYaml';
import {
  api,
  CATALOG,
  component,
  ESTATE,
  grant,
  policy,
  service,
  workload,
} from './__testUtils__/yaml';

const base = {
  catalog: CATALOG,
  policies: [policy()],
  estate: { prod: ESTATE },
};

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
    // The provider is theirs, and the API that of the group above.
    set('Group', 'front-team', { parent: 'orders-team' }),
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

describe('plan: several providers of one API', () => {
  const catalog = [
    api(),
    component('orders', { owner: 'orders-team', providesApis: ['orders'] }),
    component('orders2', { owner: 'orders-team', providesApis: ['orders'] }),
  ];
  const estate = {
    prod: [
      ...ESTATE,
      workload('orders2', { ports: [{ containerPort: 8080 }] }),
      service('orders2'),
    ],
  };
  const pairs = (caller: string) =>
    planYaml({
      catalog,
      policies: [policy([grant(caller)])],
      estate,
    }).edges.map(({ from, to }) => [
      from.id.split('/')[2],
      to.id.split('/')[2],
    ]);

  it('self lets each call its own replicas and not the other', () => {
    expect(pairs('self')).toEqual([
      ['orders', 'orders'],
      ['orders2', 'orders2'],
    ]);
  });

  it('one that is named may call all of them', () => {
    expect(pairs('component:default/orders')).toEqual([
      ['orders', 'orders'],
      ['orders', 'orders2'],
    ]);
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

  it('caller and provider in different clusters are refused', () => {
    const { errors, unsupported } = planYaml({
      ...base,
      estate: { eu: ESTATE.slice(0, 2), us: ESTATE.slice(2) },
    });
    expect(errors.map(({ code }) => code)).toEqual(['clusters-crossed']);
    expect(unsupported.map(({ row }) => row)).toEqual(['cross-cluster']);
  });
});

describe('plan: what no policy could hold', () => {
  it.each<[string, Parameters<typeof planYaml>[0], string, string]>([
    [
      'a host outside without addresses',
      {
        ...base,
        catalog: [
          ...CATALOG.slice(0, 2),
          component(
            'checkout',
            {},
            { 'callgate.dev/identity': 'spiffe://legacy/checkout' },
          ),
        ],
      },
      'host-outside',
      'host-without-address',
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
      'name-not-enforceable',
    ],
  ])(
    '%s is refused with the reason, and its access is unknown',
    (_, texts, row, code) => {
      const { errors, unsupported, edges, objects } = planYaml(texts);
      expect(errors.map(error => error.code)).toEqual([code]);
      expect(unsupported.map(item => item.row)).toEqual([row]);
      expect(edges).toEqual([]);
      expect(objects).toEqual([]);
    },
  );
});
