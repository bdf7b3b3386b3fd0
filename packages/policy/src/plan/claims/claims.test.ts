import { compile } from '../../compile';
import { planYaml, PlanTexts } from '../__testUtils__/planYaml';
import {
  api,
  CATALOG,
  component,
  ESTATE,
  grant,
  group,
  namespace,
  OPENAPI,
  policy,
  service,
  workload,
} from '../__testUtils__/yaml';
import { claimsOf, coOwnersOf, outsideClaimsOf } from './index';
import { placeText } from './placeText';

const ID = 'backstage.io/kubernetes-id';
const OWNER = 'callgate.dev/owner';
const PLACE = {
  'backstage.io/managed-by-location': 'url:https://git.example/views.yaml',
};
const sidecarWith = (owners: string) =>
  `{ mesh: { mode: sidecar, trustDomain: cluster.local, pathNormalization: DECODE_AND_MERGE_SLASHES }, owners: ${owners} }`;

/** Somebody registers a component on the pods of orders, and an API of their own that it provides. */
const VIEWS = [
  api({ name: 'order-views', owner: 'views-team' }),
  component(
    'order-views',
    { owner: 'views-team', providesApis: ['order-views'] },
    { [ID]: 'orders', ...PLACE },
  ),
];
const viewsPolicy = (
  grants = [grant('component:default/checkout', { id: 'views' })],
  spec: Record<string, unknown> = {},
) =>
  policy(grants, { owner: 'group:default/views-team', ...spec }, 'order-views');

const attack: PlanTexts = {
  catalog: [...CATALOG, ...VIEWS],
  policies: [policy(), viewsPolicy()],
  estate: { prod: ESTATE },
};

const withOwner = (owners: string) => ({
  ...attack,
  profiles: { prod: sidecarWith(owners) },
});
const ORDERS_OWN =
  '[{ namespaces: [shop], selector: { app: orders }, owner: "group:default/orders-team" }]';
const ORDERS_OWN_AND_CHECKOUT = `[${ORDERS_OWN.slice(
  1,
  -1,
)}, { namespaces: [shop], owner: "group:default/checkout-team" }]`;

const pins = (caller: string, provider: string) => ({
  ends: {
    caller: [`prod:shop/sa/${caller}`],
    provider: [`prod:shop/sa/${provider}`],
  },
});

const summary = ({ errors }: ReturnType<typeof planYaml>) =>
  errors.map(({ code, api: of, grantId }) =>
    [code, of, grantId].filter(each => each).join(' '),
  );

describe('an API on the pods of another owner', () => {
  it.each<[string, PlanTexts]>([
    [
      'the namespace by annotation',
      {
        ...attack,
        estate: {
          prod: [
            ...ESTATE,
            namespace('shop', {}, { [OWNER]: 'group:default/orders-team' }),
          ],
        },
      },
    ],
    [
      'the namespace by label, which can hold a name only',
      {
        ...attack,
        estate: {
          prod: [...ESTATE, namespace('shop', { [OWNER]: 'orders-team' })],
        },
      },
    ],
    [
      'the template of the workload',
      {
        ...attack,
        estate: {
          prod: [
            workload('orders', {
              ports: [{ containerPort: 8080 }],
              annotations: { [OWNER]: 'group:default/orders-team' },
            }),
            ...ESTATE.slice(1),
          ],
        },
      },
    ],
    ['the profile', withOwner(ORDERS_OWN)],
    [
      'the profile by a label of the namespace',
      {
        ...withOwner(
          '[{ fromNamespaceLabel: team, as: "group:{value}-team" }]',
        ),
        estate: { prod: [...ESTATE, namespace('shop', { team: 'orders' })] },
      },
    ],
  ])('is closed where %s says whose they are', (_, texts) => {
    const { edges, findings } = planYaml(texts);
    expect(
      edges.filter(edge => edge.api === 'api:default/order-views'),
    ).toEqual([]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'binding-not-owned',
        api: 'api:default/order-views',
      }),
    );
  });

  it('takes nothing from the API that is there: its file stays as it was, and its owner is told', () => {
    const { input } = planYaml(withOwner(ORDERS_OWN_AND_CHECKOUT));
    const before = compile({ ...input, policies: input.policies.slice(0, 1) });
    const after = compile(input);
    expect(after.files).toEqual(before.files);
    expect(after.failedApis.map(each => each.api)).toEqual([
      'api:default/order-views',
    ]);
    expect(after.findings).toContainEqual(
      expect.objectContaining({
        code: 'binding-claimed-by-others',
        api: 'api:default/orders',
        message: expect.stringContaining(
          'component:default/order-views of group:default/views-team (registered at url:https://git.example/views.yaml)',
        ),
      }),
    );
  });

  it('is told without the place of a file on the disk of the portal', () => {
    const { input } = planYaml(withOwner(ORDERS_OWN_AND_CHECKOUT));
    const onDisk = compile({
      ...input,
      catalog: input.catalog.map(entity => ({
        ...entity,
        metadata: {
          ...entity.metadata,
          annotations: {
            ...entity.metadata.annotations,
            'backstage.io/managed-by-origin-location':
              'file:/srv/portal/catalog/views.yaml',
            'backstage.io/managed-by-location':
              'file:/srv/portal/catalog/views.yaml',
          },
        },
      })),
    });
    const told = onDisk.findings.find(
      ({ code }) => code === 'binding-claimed-by-others',
    );
    expect(told?.message).toContain('registered at …/catalog/views.yaml)');
    expect(told?.message).not.toContain('/srv');
  });

  it('is contested where nothing says whose they are, and nothing is granted through either', () => {
    const { edges, findings, errors } = planYaml(attack);
    expect(edges).toEqual([]);
    expect(errors.map(each => [each.code, each.api])).toEqual([
      ['binding-contested', 'api:default/order-views'],
      ['binding-contested', 'api:default/orders'],
    ]);
    expect(findings[0].message).toContain('url:https://git.example/views.yaml');
    expect(errors[1].message).toContain(
      'component:default/orders of group:default/orders-team',
    );
    expect(errors[1].fix).toContain('owners');
  });

  it('is refused where access to the other API was approved', () => {
    const { edges, errors } = planYaml({
      ...attack,
      policies: [
        policy([
          grant('component:default/checkout', pins('checkout', 'orders')),
        ]),
        viewsPolicy(),
      ],
    });
    expect(edges.map(edge => edge.api)).toEqual(['api:default/orders']);
    expect(errors.map(each => [each.code, each.api])).toEqual([
      ['binding-not-owned', 'api:default/order-views'],
    ]);
  });

  it('is not established by a provider that only says so', () => {
    const contractor = component(
      'contractor',
      { owner: 'contractors', providesApis: ['orders'] },
      { [ID]: 'orders' },
    );
    const { edges, input } = planYaml({
      ...attack,
      catalog: [...CATALOG, contractor],
      policies: [
        policy([
          grant('component:default/checkout', pins('checkout', 'orders')),
        ]),
      ],
    });
    expect(edges.map(edge => edge.provider)).toEqual([
      'component:default/orders',
    ]);
    expect(
      claimsOf(input)
        .filter(({ workload: id }) => id === 'shop/Deployment/orders')
        .map(({ entity, state }) => [entity, state]),
    ).toEqual([
      ['component:default/contractor', 'refused'],
      ['component:default/orders', 'holds'],
    ]);
  });

  it('does not stop the other as a caller when the declaration that establishes it fails', () => {
    const { input } = planYaml({
      ...attack,
      catalog: [
        ...attack.catalog,
        api({ name: 'stock' }),
        component('stock', { owner: 'orders-team', providesApis: ['stock'] }),
      ],
      policies: [
        policy(
          [grant('component:default/checkout', pins('checkout', 'orders'))],
          { owner: 'group:default/nobody' },
        ),
        policy([grant('component:default/orders')], {}, 'stock'),
      ],
      estate: {
        prod: [
          ...ESTATE,
          workload('stock', { ports: [{ containerPort: 8080 }] }),
          service('stock'),
        ],
      },
    });
    const { failedApis, files } = compile(input);
    expect(failedApis.map(each => each.api)).toEqual(['api:default/orders']);
    expect(files.map(({ path }) => path)).toEqual([
      'clusters/prod/shop/callgate-stock.yaml',
    ]);
  });
});

describe('a binding holds', () => {
  const ownedBy = (owner: string, groups: string[] = []) =>
    planYaml({
      catalog: [...CATALOG, ...groups],
      policies: [policy()],
      estate: { prod: ESTATE },
      profiles: {
        prod: sidecarWith(
          `[{ namespaces: [shop], selector: { app: orders }, owner: "${owner}" }]`,
        ),
      },
    });

  it.each([
    ['the owner', 'group:default/orders-team', []],
    ['a name in capitals', 'group:default/Orders-Team', []],
    [
      'a group above, by its children',
      'group:default/commerce',
      [group('commerce', { children: ['orders-team'] })],
    ],
    [
      'a group two above, in a circle',
      'group:default/shop',
      [
        group('orders-team', { parent: 'commerce' }),
        group('commerce', { parent: 'shop' }),
        group('shop', { parent: 'orders-team' }),
      ],
    ],
    [
      'a group below',
      'group:default/orders-ops',
      [group('orders-ops', { parent: 'orders-team' })],
    ],
  ])('for %s', (_, owner, groups) => {
    const { edges, errors } = ownedBy(owner, groups);
    expect(errors).toEqual([]);
    expect(edges).toHaveLength(1);
  });

  it.each([
    ['a sister', 'group:default/sisters'],
    ['a user of the same name', 'user:default/orders-team'],
  ])('not for %s', (_, owner) => {
    const planned = ownedBy(owner, [
      group('orders-team', { parent: 'commerce' }),
      group('sisters', { parent: 'commerce' }),
    ]);
    expect(summary(planned)).toEqual(['binding-not-owned api:default/orders']);
    expect(planned.edges).toEqual([]);
  });

  it('by the first entry of the profile that fits', () => {
    const { edges } = planYaml({
      ...attack,
      profiles: {
        prod: sidecarWith(
          `[${ORDERS_OWN.slice(
            1,
            -1,
          )}, { namespaces: {}, owner: "group:default/views-team" }]`,
        ),
      },
      policies: [policy([grant('self')]), viewsPolicy([grant('self')])],
    });
    expect([...new Set(edges.map(edge => edge.api))]).toEqual([
      'api:default/orders',
    ]);
  });

  it.each(['the orders people', 'component:default/orders', '', 'group:'])(
    'for nobody where the owner that is stated is %j, which is no group or user',
    text => {
      const planned = planYaml({
        ...attack,
        catalog: [
          ...CATALOG,
          VIEWS[0],
          component(
            'order-views',
            {
              owner: 'component:default/orders',
              providesApis: ['order-views'],
            },
            { [ID]: 'orders' },
          ),
        ],
        policies: [
          policy(),
          viewsPolicy(undefined, {
            providers: ['component:default/order-views'],
          }),
        ],
        estate: {
          prod: [
            ...ESTATE.slice(0, 2),
            workload('checkout', { namespace: 'front' }),
            namespace('shop', {}, { [OWNER]: text }),
          ],
        },
      });
      expect(planned.edges).toEqual([]);
      expect(planned.codes).toContain('owner-invalid');
    },
  );

  it('by what a workload says of itself only where its namespace says nothing', () => {
    const { errors } = planYaml({
      catalog: CATALOG,
      policies: [policy()],
      estate: {
        prod: [
          workload('orders', {
            ports: [{ containerPort: 8080 }],
            annotations: { [OWNER]: 'orders-team' },
          }),
          service('orders'),
          workload('checkout', { namespace: 'front' }),
          namespace('shop', { [OWNER]: 'platform' }),
        ],
      },
    });
    expect(errors.map(({ code }) => code)).toEqual(['binding-not-owned']);
  });
});

describe('a caller on the pods of another owner', () => {
  const thief = component('thief', {}, { [ID]: 'checkout' });

  it('inherits nothing, and only its own grant has the error', () => {
    const planned = planYaml({
      catalog: [...CATALOG, thief],
      policies: [
        policy([grant(), grant('component:default/thief', { id: 'theft' })]),
      ],
      estate: {
        prod: [...ESTATE, namespace('shop', { [OWNER]: 'checkout-team' })],
      },
      profiles: { prod: sidecarWith(ORDERS_OWN) },
    });
    expect(planned.edges.map(edge => edge.caller)).toEqual([
      'component:default/checkout',
    ]);
    expect(summary(planned)).toEqual([
      'binding-not-owned api:default/orders theft',
    ]);
  });

  it('is refused where the other was approved as the caller', () => {
    const planned = planYaml({
      catalog: [...CATALOG, thief],
      policies: [
        policy([
          grant('component:default/checkout', pins('checkout', 'orders')),
          grant('component:default/thief', { id: 'theft' }),
        ]),
      ],
      estate: { prod: ESTATE },
    });
    expect(planned.edges.map(edge => edge.caller)).toEqual([
      'component:default/checkout',
    ]);
    expect(summary(planned)).toEqual([
      'binding-not-owned api:default/orders theft',
    ]);
  });

  it('as a member of a set is left out, and stops nobody', () => {
    const planned = planYaml({
      catalog: [
        ...CATALOG.slice(0, 2),
        component('checkout', { system: 's' }),
        component('thief', { system: 's' }, { [ID]: 'ledger' }),
        '{ apiVersion: backstage.io/v1alpha1, kind: System, metadata: { name: s } }',
      ],
      policies: [policy([grant('system:default/s')])],
      estate: {
        prod: [
          ...ESTATE,
          workload('ledger', { annotations: { [OWNER]: 'ledger-team' } }),
        ],
      },
    });
    expect(planned.errors).toEqual([]);
    expect(planned.edges.map(edge => edge.caller)).toEqual([
      'component:default/checkout',
    ]);
    expect(planned.codes).toContain('binding-left-out');
  });
});

describe('somebody who puts the labels of another team on pods of their own', () => {
  it('gets none of its access, and does not stop its API', () => {
    const planned = planYaml({
      catalog: CATALOG,
      policies: [policy()],
      estate: {
        prod: [
          ...ESTATE,
          workload('evil', {
            namespace: 'theirs',
            labels: { app: 'evil', [ID]: 'checkout' },
          }),
          workload('evil2', {
            namespace: 'theirs',
            labels: { app: 'evil2', [ID]: 'orders' },
          }),
          namespace('theirs', { [OWNER]: 'evil-team' }),
        ],
      },
    });
    expect(planned.errors).toEqual([]);
    expect(planned.edges.map(({ from, to }) => [from.id, to.id])).toEqual([
      ['shop/Deployment/checkout', 'shop/Deployment/orders'],
    ]);
    expect(planned.codes).toContain('binding-left-out');
  });
});

describe('a label selector that asks for something not to be there', () => {
  it.each(['tier!=api', 'tier notin (api)', '!tier', 'app=web,tier!=api'])(
    '%s is about the labels of the pods alone',
    selector => {
      const { errors } = planYaml({
        catalog: [
          ...CATALOG.slice(0, 2),
          component(
            'checkout',
            {},
            {
              'backstage.io/kubernetes-label-selector': selector,
              'backstage.io/kubernetes-namespace': 'front',
            },
          ),
        ],
        policies: [policy()],
        estate: {
          prod: [
            ...ESTATE.slice(0, 2),
            // The object itself has no such label, and its pods do.
            workload('api', {
              namespace: 'front',
              labels: { app: 'web', tier: 'api' },
            }).replace('"metadata":{', '"metadata":{"labels":{"app":"web"},'),
          ],
        },
      });
      expect(errors.map(({ code }) => code)).toEqual(['binding-no-workload']);
    },
  );
});

describe('providing is a claim', () => {
  const contractor = component(
    'contractor',
    { owner: 'contractors', providesApis: ['orders'] },
    { [ID]: 'payments' },
  );
  const texts: PlanTexts = {
    catalog: [
      ...CATALOG,
      contractor,
      api({ name: 'payments', owner: 'contractors' }),
    ],
    policies: [policy()],
    estate: {
      prod: [
        ...ESTATE,
        workload('payments', {
          ports: [{ containerPort: 8080 }, { containerPort: 9090 }],
        }),
        service('payments', [
          { name: 'http', port: 8080 },
          { name: 'admin', port: 9090 },
        ]),
      ],
    },
  };

  it('a component of another owner freezes nothing, and the owner of the API is told', () => {
    const planned = planYaml(texts);
    expect(planned.errors).toEqual([]);
    expect(planned.edges.map(edge => edge.provider)).toEqual([
      'component:default/orders',
    ]);
    expect(planned.isolations.map(each => each.workload.id)).toEqual([
      'shop/Deployment/orders',
    ]);
    expect(planned.codes).toContain('provider-not-confirmed');
  });

  it('one that the policy lists counts', () => {
    const planned = planYaml({
      ...texts,
      policies: [
        policy([grant()], { providers: ['component:default/contractor'] }),
      ],
    });
    expect(planned.codes).not.toContain('provider-not-confirmed');
    expect(planned.codes).toContain('port-ambiguous');
  });

  it('an API that only strangers provide has no provider, and the finding says why', () => {
    const planned = planYaml({
      ...texts,
      catalog: [CATALOG[0], CATALOG[2], contractor],
    });
    expect(planned.errors).toEqual([
      expect.objectContaining({
        code: 'provider-missing',
        message: expect.stringContaining('component:default/contractor'),
      }),
    ]);
  });
});

describe('claims outside the clusters', () => {
  const host = (name: string, annotations: Record<string, string>) =>
    component(name, {}, annotations);
  const claims = (entities: string[], spec = '{}') => {
    const { input } = planYaml({
      catalog: [...CATALOG, ...entities],
      policies: [],
      estate: { prod: ESTATE },
      profiles: { prod: spec },
    });
    return outsideClaimsOf(input).map(({ entity, target, state }) =>
      [entity.split('/')[1], target, state].join(' '),
    );
  };
  const NET =
    'network: { podCidrs: [10.64.0.0/14], nodeCidrs: [10.32.0.0/16], serviceCidrs: [10.96.0.0/12] }';

  it.each([
    ['192.0.2.0/28', '192.0.2.8/32'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::/32', '2001:db8::1'],
  ])('%s and %s of two owners are contested', (one, other) => {
    const states = claims([
      host('a', { 'callgate.dev/addresses': one }),
      host('b', { 'callgate.dev/addresses': other }),
      host('c', { 'callgate.dev/addresses': '198.51.100.0/24' }),
    ]);
    expect(states.map(text => text.split(' ')[2])).toEqual([
      'contested',
      'contested',
      'holds',
    ]);
  });

  it('the smallest block of the profile says whose an address is', () => {
    expect(
      claims(
        [
          host('a', { 'callgate.dev/addresses': '192.0.2.8/32' }),
          host('b', { 'callgate.dev/addresses': '192.0.2.8/32' }),
        ],
        `{ addresses: [{ cidrs: [192.0.2.0/24], owner: "group:a-team" }, { cidrs: [192.0.2.8/29], owner: "group:b-team" }] }`,
      ),
    ).toEqual(['a 192.0.2.8/32 refused', 'b 192.0.2.8/32 holds']);
  });

  it("a block around somebody else's is refused", () => {
    expect(
      claims(
        [host('a', { 'callgate.dev/addresses': '192.0.0.0/8' })],
        `{ addresses: [{ cidrs: [192.0.2.0/24], owner: "group:b-team" }, { cidrs: [192.0.0.0/8], owner: "group:a-team" }] }`,
      ),
    ).toEqual(['a 192.0.0.0/8 refused']);
  });

  it.each(['10.0.0.0/8', '10.64.0.0/14', '10.32.0.0/16', '10.0.0.0/9'])(
    '%s covers addresses of a cluster and is refused',
    block => {
      expect(
        claims(
          [host('a', { 'callgate.dev/addresses': block })],
          `{ ${NET}, addresses: [{ cidrs: [0.0.0.0/0], owner: "group:a-team" }] }`,
        ),
      ).toEqual([expect.stringContaining('refused')]);
    },
  );

  it('names and identities of two owners are contested, wildcards included', () => {
    expect(
      claims([
        host('a', { 'callgate.dev/hosts': 'api.pay.example' }),
        host('b', { 'callgate.dev/hosts': '*.Pay.example' }),
        host('c', { 'callgate.dev/identity': 'spiffe://x/y' }),
        host('d', { 'callgate.dev/identity': 'spiffe://x/y' }),
      ]),
    ).toEqual([
      'a api.pay.example contested',
      'b *.pay.example contested',
      'c spiffe://x/y contested',
      'd spiffe://x/y contested',
    ]);
  });

  it('a grant to addresses that are not the caller’s admits nobody', () => {
    const texts = {
      catalog: [
        ...CATALOG.slice(0, 2),
        host('a', { 'callgate.dev/addresses': '192.0.2.8/32' }),
        host('b', { 'callgate.dev/addresses': '192.0.2.0/24' }),
      ],
      policies: [
        policy([
          grant('component:default/a', {
            acknowledges: ['identity-not-enforced', 'method-not-enforced'],
          }),
        ]),
      ],
      estate: { prod: ESTATE },
      profiles: { prod: `{ mesh: { mode: none }, ${NET} }` },
    };
    const planned = planYaml(texts);
    expect(planned.edges).toEqual([]);
    expect(summary(planned)).toEqual([
      'binding-contested api:default/orders g1',
    ]);

    const established = planYaml({
      ...texts,
      policies: [
        policy([
          grant('component:default/a', {
            acknowledges: ['identity-not-enforced', 'method-not-enforced'],
            ends: {
              caller: ['cidr:192.0.2.8/32'],
              provider: ['prod:shop/sa/orders'],
            },
          }),
          grant('component:default/b', { id: 'g2' }),
        ]),
      ],
    });
    expect(established.edges.map(edge => edge.caller)).toEqual([
      'component:default/a',
    ]);
    expect(summary(established)).toEqual([
      'binding-not-owned api:default/orders g2',
    ]);
  });
});

describe('where an entity is registered', () => {
  it.each([
    ['file:/srv/portal/catalog/views.yaml', '…/catalog/views.yaml'],
    ['file:C:\\portal\\catalog\\views.yaml', '…/catalog\\views.yaml'],
    ['file:views.yaml', '…/views.yaml'],
    [
      'url:https://git.example/views.yaml',
      'url:https://git.example/views.yaml',
    ],
  ])('is told of %s without where that is on a disk', (place, told) => {
    expect(placeText(place)).toBe(told);
  });

  it('is told so in every claim', () => {
    const { input } = planYaml(withOwner(ORDERS_OWN));
    const texts = claimsOf(input).flatMap(
      ({ registeredAt }) => registeredAt ?? [],
    );
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter(text => text.includes('file:'))).toEqual([]);
  });
});

describe('claimsOf', () => {
  it('says of every binding who claims what, whose it is and who says so', () => {
    const { input } = planYaml(withOwner(ORDERS_OWN));
    const claim = (name: string) =>
      claimsOf(input).find(each => each.entity.endsWith(`/${name}`));
    expect(claim('order-views')).toEqual({
      entity: 'component:default/order-views',
      owners: ['group:default/views-team'],
      registeredAt: 'url:https://git.example/views.yaml',
      cluster: 'prod',
      workload: 'shop/Deployment/orders',
      state: 'refused',
      owner: { ref: 'group:default/orders-team', statedBy: 'profile' },
      claimants: [
        expect.objectContaining({ entity: 'component:default/order-views' }),
        expect.objectContaining({ entity: 'component:default/orders' }),
      ],
    });
    expect(claim('orders')?.state).toBe('holds');
    expect(claim('checkout')).toMatchObject({ state: 'holds' });
    expect(claim('checkout')).not.toHaveProperty('owner');
  });
});

describe('coOwnersOf', () => {
  const shared: PlanTexts = {
    catalog: [
      ...CATALOG,
      api({ name: 'returns', owner: 'returns-team', definition: OPENAPI }),
      component(
        'orders-too',
        { owner: 'orders-team', providesApis: ['returns'] },
        { [ID]: 'orders' },
      ),
    ],
    policies: [
      policy(),
      policy(
        [grant()],
        {
          owner: 'group:default/returns-team',
          providers: ['component:default/orders-too'],
        },
        'returns',
      ),
    ],
    estate: { prod: ESTATE },
  };
  const where = [{ cluster: 'prod', workload: 'shop/Deployment/orders' }];

  it('names the owners of each other API on the same workloads', () => {
    const { input } = planYaml(shared);
    expect(coOwnersOf(input, 'api:default/orders')).toEqual([
      {
        api: 'api:default/returns',
        owners: ['group:default/returns-team'],
        workloads: where,
      },
    ]);
    expect(coOwnersOf(input, 'api:default/orders', ['staging'])).toEqual([]);
  });

  it('names the owner of the workload too, where the API is not theirs', () => {
    const { input } = planYaml(shared);
    expect(coOwnersOf(input, 'api:default/returns')).toEqual([
      { owners: ['group:default/orders-team'], workloads: where },
      {
        api: 'api:default/orders',
        owners: ['group:default/orders-team'],
        workloads: where,
      },
    ]);
  });

  it('asks nobody on the strength of a claim that is refused or not confirmed', () => {
    const { input } = planYaml(withOwner(ORDERS_OWN));
    expect(coOwnersOf(input, 'api:default/orders')).toEqual([]);
    const unconfirmed = planYaml({
      ...shared,
      policies: [shared.policies[0]],
    });
    expect(coOwnersOf(unconfirmed.input, 'api:default/orders')).toEqual([]);
  });
});

describe('closing what a component may call', () => {
  const closing = component(
    'checkout',
    {},
    { [ID]: 'checkout', 'callgate.dev/egress': 'enforce' },
  );

  it('is not for those whose claim is refused', () => {
    const { isolations } = planYaml({
      catalog: [...CATALOG.slice(0, 2), closing],
      policies: [],
      estate: { prod: [...ESTATE, namespace('shop', { [OWNER]: 'others' })] },
    });
    expect(isolations).toEqual([]);
  });

  it('stops what is generated where the claim is contested: it may be closed today', () => {
    const { errors } = planYaml({
      catalog: [
        ...CATALOG.slice(0, 2),
        closing,
        component('evil', {}, { [ID]: 'checkout' }),
      ],
      policies: [],
      estate: { prod: ESTATE },
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'binding-contested',
        objects: expect.arrayContaining(['shop/Deployment/checkout']),
      }),
    ]);
  });
});
