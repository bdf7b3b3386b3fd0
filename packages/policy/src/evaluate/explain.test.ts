import { evaluate } from './evaluate';
import { explain } from './explain';
import { deployment, worldOf } from './__testUtils__/worlds';

const shop =
  deployment('shop/orders') +
  deployment('shop/checkout') +
  deployment('other/stranger');
const service = `apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec: { selector: { app: orders }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
`;
const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: NAME, namespace: NAMESPACE }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
`;
const isolate = (namespace: string) =>
  closed.replace('NAMESPACE', namespace).replace('NAME', `closed-${namespace}`);
const policy = (name: string, spec: string) =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n---\n`;
const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
`;

const call = {
  from: 'other/Deployment/stranger',
  to: 'shop/Deployment/orders',
  port: 8080,
};
const get = {
  ...call,
  http: { method: 'GET', path: '/orders/7', host: 'orders.shop' },
};

describe('explain', () => {
  it('walks the hops in the order in which the call meets them', () => {
    const world = worldOf(
      shop +
        service +
        strict +
        policy(
          'get',
          '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }',
        ),
      { mesh: 'sidecar' },
    );
    const { hops, verdict } = explain(world, get);
    expect(verdict).toBe('allow');
    expect(
      hops.map(hop => [hop.at, hop.layer, hop.direction, hop.verdict]),
    ).toEqual([
      ['node of other/Deployment/stranger', 'kernel', 'egress', 'allow'],
      ['node of shop/Deployment/orders', 'kernel', 'ingress', 'allow'],
      ['sidecar of shop/Deployment/orders', 'identity', 'ingress', 'allow'],
      ['sidecar of shop/Deployment/orders', 'method', 'ingress', 'allow'],
    ]);
    expect(hops[3].by).toEqual([
      {
        kind: 'AuthorizationPolicy',
        namespace: 'shop',
        name: 'get',
        rule: 'rules[0]',
      },
    ]);
  });

  it('S6: asks for both ends when both are isolated, and for nothing else', () => {
    const world = worldOf(shop + isolate('shop') + isolate('other'));
    const { verdict, changes } = explain(world, call);
    expect(verdict).toBe('deny');
    expect(
      changes.map(change => [
        change.action,
        change.object.kind,
        change.object.namespace,
      ]),
    ).toEqual([
      ['add', 'NetworkPolicy', 'other'],
      ['add', 'NetworkPolicy', 'shop'],
    ]);
    expect(changes[1].yaml).toContain('policyTypes:\n    - Ingress');
    expect(changes[1].text).toBe(
      'Add a network policy that lets TCP 8080 from other/Deployment/stranger into shop/Deployment/orders.',
    );
  });

  it('gives changes that allow the call together and not one of them less', () => {
    const manifests =
      shop + service + isolate('shop') + strict + policy('nothing', '{}');
    const world = worldOf(manifests, { mesh: 'sidecar' });
    const { changes } = explain(world, get);
    expect(changes.map(change => change.object.kind)).toEqual([
      'NetworkPolicy',
      'AuthorizationPolicy',
    ]);
    const apply = (list: typeof changes) =>
      worldOf(manifests + list.map(change => `${change.yaml}---\n`).join(''), {
        mesh: 'sidecar',
      });
    expect(evaluate(apply(changes), get).verdict).toBe('allow');
    for (const left of changes) {
      expect(
        evaluate(apply(changes.filter(change => change !== left)), get).verdict,
      ).not.toBe('allow');
    }
  });

  it('edits a DENY only because nothing that is added could help', () => {
    const deny = policy(
      'no-get',
      '{ action: DENY, rules: [{ to: [{ operation: { methods: [POST] } }] }, { to: [{ operation: { methods: [GET] } }] }] }',
    );
    const { changes, hops } = explain(
      worldOf(shop + service + deny, { mesh: 'sidecar' }),
      get,
    );
    expect(hops[hops.length - 1].by).toEqual([
      {
        kind: 'AuthorizationPolicy',
        namespace: 'shop',
        name: 'no-get',
        rule: 'rules[1]',
      },
    ]);
    expect(changes).toMatchObject([
      {
        action: 'edit',
        object: { name: 'no-get' },
        text: expect.stringContaining('rules[1]'),
      },
    ]);
    expect(changes[0].yaml).not.toContain('GET');
  });

  it('offers plaintext on the port where a caller has no sidecar, and says what would be better', () => {
    const world = worldOf(
      `${shop}${service}${strict}apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n`,
    );
    const stranger = { ...get, tls: 'plaintext' as const };
    const { changes } = explain(world, stranger);
    expect(changes.map(change => change.object.kind)).toEqual([
      'PeerAuthentication',
    ]);
    expect(changes[0].text).toContain(
      'bringing other/Deployment/stranger into the mesh would be better',
    );
  });

  it('says what was not considered and why', () => {
    const world = worldOf(
      shop +
        policy('dry', '{ rules: [{}] }').replace(
          'namespace: shop }',
          "namespace: shop, annotations: { istio.io/dry-run: 'true' } }",
        ) +
        policy(
          'other',
          '{ selector: { matchLabels: { app: checkout } }, rules: [{}] }',
        ) +
        policy('audit', '{ action: AUDIT, rules: [{}] }') +
        policy(
          'waypoint',
          '{ targetRefs: [{ kind: Service, name: orders }], rules: [{}] }',
        ) +
        policy('used', '{ rules: [{}] }'),
      { mesh: 'sidecar' },
    );
    const texts = explain(world, get).objects.map(object => [
      object.name,
      object.considered,
      object.text,
    ]);
    expect(texts).toEqual([
      ['dry', false, 'It is a dry run and decides nothing.'],
      [
        'other',
        false,
        'Its selector (app=checkout) does not match the pods of shop/Deployment/orders.',
      ],
      ['audit', false, 'AUDIT decides nothing.'],
      [
        'waypoint',
        false,
        'It is for the waypoint or gateway that targetRefs names; sidecars do not use it.',
      ],
      [
        'used',
        true,
        'It is a policy with action ALLOW for shop/Deployment/orders.',
      ],
    ]);
  });

  it('says that a caller or provider is unknown instead of judging it', () => {
    const verdict = explain(worldOf(shop), {
      ...call,
      from: 'shop/Deployment/nobody',
    });
    expect(verdict).toMatchObject({
      verdict: 'conditional',
      conditions: [{ kind: 'unknown-workload' }],
      changes: [],
    });
  });
});

describe('explain in the ambient mesh', () => {
  const ambient = `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp } }\n---\n`;
  const pods = deployment('shop/orders') + deployment('shop/checkout');
  const gateway = `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: wp, namespace: shop }\nspec: { gatewayClassName: istio-waypoint, listeners: [] }\n---\n`;
  const inside = { ...get, from: 'shop/Deployment/checkout' };
  const viaService = { ...inside, via: { service: 'shop/orders', port: 80 } };
  const summary = (manifests: string, asked: typeof inside) =>
    explain(worldOf(manifests), asked).changes.map(({ object, manifest }) => [
      object.kind,
      JSON.stringify(manifest.spec),
    ]);

  it('asks the kernel for 15008, and ztunnel for the caller on the port, without HTTP', () => {
    const manifests = ambient + pods + isolate('shop') + policy('none', '{}');
    const changes = summary(manifests, inside);
    expect(changes.map(([kind]) => kind)).toEqual([
      'NetworkPolicy',
      'NetworkPolicy',
      'AuthorizationPolicy',
    ]);
    expect(changes[0][1]).toContain('"port":15008');
    expect(changes[2][1]).toContain(
      '"principals":["cluster.local/ns/shop/sa/checkout"]',
    );
    expect(changes[2][1]).not.toContain('methods');
  });

  it('through a waypoint asks for both hops, a policy of the Service, and the waypoint at the provider', () => {
    const manifests =
      ambient +
      pods +
      service +
      gateway +
      isolate('shop') +
      policy('l4', '{ selector: { matchLabels: { app: orders } } }') +
      policy('l7', '{ targetRefs: [{ kind: Service, name: orders }] }');
    const changes = summary(manifests, viaService);
    expect(changes.map(([kind]) => kind).sort()).toEqual([
      'AuthorizationPolicy',
      'AuthorizationPolicy',
      'NetworkPolicy',
      'NetworkPolicy',
      'NetworkPolicy',
      'NetworkPolicy',
    ]);
    const texts = changes.map(([, text]) => text).join('\n');
    expect(texts).toContain(
      '"targetRefs":[{"kind":"Service","name":"orders"}]',
    );
    expect(texts).toContain('"ports":["80"]');
    expect(texts).toContain('"principals":["cluster.local/ns/shop/sa/wp"]');
  });

  it('says what ztunnel leaves out, and what the waypoint uses', () => {
    const manifests =
      ambient +
      pods +
      service +
      gateway +
      policy(
        'http',
        '{ rules: [{ to: [{ operation: { methods: [GET] } }] }, {}] }',
      ) +
      policy(
        'custom',
        '{ action: CUSTOM, provider: { name: x }, rules: [{}] }',
      ) +
      policy(
        'l7',
        '{ targetRefs: [{ kind: Service, name: orders }], rules: [{}] }',
      );
    const texts = (asked: typeof inside) =>
      explain(worldOf(manifests), asked).objects.map(object => [
        object.name,
        object.considered,
        object.text,
      ]);
    expect(texts(viaService)).toEqual([
      [
        'http',
        true,
        'It is a policy with action ALLOW for shop/Deployment/orders. ztunnel reads no HTTP and leaves out rules[0].',
      ],
      [
        'custom',
        false,
        'ztunnel does not know action CUSTOM: it decides nothing.',
      ],
      ['l7', true, 'It is a policy with action ALLOW of waypoint shop/wp.'],
    ]);
    expect(texts({ ...inside, via: 'pod' } as typeof inside)[2]).toEqual([
      'l7',
      false,
      'It is for the waypoint or gateway that targetRefs names; ztunnel does not use it.',
    ]);
  });
});

describe('explain of a policy in the namespace of both ends', () => {
  it.each<[string, string, string]>([
    ['provider', 'orders', 'It says nothing about ingress.'],
    ['caller', 'checkout', 'It says nothing about egress.'],
  ])('says what it leaves open at the %s', (_, app, text) => {
    const types = app === 'orders' ? 'Egress' : 'Ingress';
    const policyOf = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: shop }
spec: { podSelector: { matchLabels: { app: ${app} } }, policyTypes: [${types}], ${types.toLowerCase()}: [{}] }
---
`;
    const { objects } = explain(
      worldOf(
        deployment('shop/orders') + deployment('shop/checkout') + policyOf,
      ),
      { ...get, from: 'shop/Deployment/checkout' },
    );
    expect(objects.map(each => each.text)).toEqual([text]);
  });
});

describe('explain of a waypoint that a label names', () => {
  const ns = (waypoint: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/dataplane-mode: ambient${waypoint} } }\n---\n`;
  const pods = deployment('shop/orders') + deployment('shop/checkout');
  const named = ns(', istio.io/use-waypoint: wp');
  const gateway = (
    className = 'istio-waypoint',
    home = 'shop',
  ) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: ${home} }
spec: { gatewayClassName: ${className}, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
`;
  const lent = ns(
    ', istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: infra',
  );
  const ofService = service.replace(
    'name: orders',
    'name: orders, labels: { istio.io/use-waypoint: own }',
  );
  const objects = (manifests: string, more: object = {}) =>
    explain(worldOf(pods + manifests), {
      ...get,
      from: 'shop/Deployment/checkout',
      via: { service: 'shop/orders', port: 80 },
      ...more,
    }).objects.filter(({ kind }) => kind === 'Gateway');

  it.each([
    [
      'is not there',
      named + service,
      'shop/wp',
      'Namespace shop names it as waypoint, and it is not in the estate: the call goes past it, straight to the pods.',
    ],
    [
      'is not there, by the label of the Service',
      ns('') + ofService,
      'shop/own',
      'Service shop/orders names it as waypoint, and it is not in the estate: the call goes past it, straight to the pods.',
    ],
    [
      'is a gateway of another class',
      named + service + gateway('istio'),
      'shop/wp',
      'Namespace shop names it as waypoint, and its class is none of waypoints: the call goes past it, straight to the pods.',
    ],
    [
      'does not admit the namespace',
      lent + service + gateway('istio-waypoint', 'infra'),
      'infra/wp',
      'Namespace shop names it as waypoint, and its listener does not admit what is in shop (allowedRoutes): the call goes past it, straight to the pods.',
    ],
  ])('says that it %s', (_, manifests, id, text) => {
    expect(
      objects(manifests).map(({ namespace, name, ...rest }) => ({
        id: `${namespace}/${name}`,
        ...rest,
      })),
    ).toEqual([{ id, kind: 'Gateway', considered: false, text }]);
  });

  it('says nothing where it is used, where none is named, and to who would not use one', () => {
    expect(objects(named + service + gateway())).toEqual([]);
    expect(objects(named + service + gateway(), { via: 'pod' })).toEqual([]);
    expect(objects(ns('') + service)).toEqual([]);
    expect(objects(named + service, { from: '203.0.113.7' })).toEqual([]);
  });
});

describe('A DENY that stands in the way', () => {
  const denies = (rules: string) =>
    worldOf(
      shop + service + policy('no', `{ action: DENY, rules: ${rules} }`),
      {
        mesh: 'sidecar',
      },
    );
  const change = (rules: string) =>
    explain(denies(rules), get).changes.map(({ action, object, text }) => ({
      action,
      name: object.name,
      text,
    }));

  it('loses the rule that matches, and keeps the others', () => {
    expect(
      change(
        '[{ to: [{ operation: { methods: [GET] } }] }, { to: [{ operation: { methods: [PUT] } }] }]',
      ),
    ).toEqual([
      {
        action: 'edit',
        name: 'no',
        text: 'Remove rules[0] of AuthorizationPolicy shop/no, which denies the call.',
      },
    ]);
  });

  // Istio's validation: "DENY action without `rules` is meaningless".
  it('goes as a whole where no rule would be left, which Istio refuses', () => {
    expect(change('[{ to: [{ operation: { methods: [GET] } }] }]')).toEqual([
      {
        action: 'remove',
        name: 'no',
        text: 'Remove AuthorizationPolicy shop/no, which denies the call.',
      },
    ]);
  });
});

describe('A change that another one makes needless', () => {
  // Plaintext has no namespace, which `notNamespaces` admits. With mutual TLS, which is tried too, a rule would be needed.
  it('is not named: only what the kernel has to let in is left', () => {
    const world = worldOf(
      shop +
        service +
        isolate('shop') +
        policy(
          'not-other',
          '{ rules: [{ from: [{ source: { notNamespaces: [other] } }] }] }',
        ) +
        strict.replace('STRICT', 'DISABLE'),
      { mesh: 'sidecar' },
    );
    expect(
      explain(world, call).changes.map(({ object }) => object.kind),
    ).toEqual(['NetworkPolicy']);
  });

  it('names the DestinationRule that has the caller speak plaintext', () => {
    const rule = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: plain, namespace: shop }
spec: { host: orders.shop.svc.cluster.local, trafficPolicy: { tls: { mode: DISABLE } } }
---
`;
    const { verdict, objects } = explain(
      worldOf(shop + service + strict + rule, { mesh: 'sidecar' }),
      { ...call, from: 'shop/Deployment/checkout' },
    );
    expect(verdict).toBe('deny');
    expect(objects[0]).toEqual({
      kind: 'DestinationRule',
      namespace: 'shop',
      name: 'plain',
      considered: true,
      text: 'Its trafficPolicy.tls has shop/Deployment/checkout call without the mutual TLS of the mesh.',
    });
  });
});
