import { evaluate } from './evaluate';
import { PlatformProfile } from '../profile/types';
import {
  checkout,
  kinds,
  networkPolicy,
  orders,
  peerAuthentication,
  policy,
  shop,
  stranger,
  toOrders,
  verdict,
} from './__testUtils__/ask';
import { deployment, statedProfile, worldOf } from './__testUtils__/worlds';

/** Each test names the row of the design's table of traps that it is about. */

const namespace = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n---\n`;
const ambient = namespace('shop', 'istio.io/dataplane-mode: ambient');
const plain = namespace('other', 'team: other');
/** orders and checkout are ambient, the stranger has no mesh. */
const world = shop + ambient + plain;
const from = (spec: string) => `{ rules: [{ from: [{ source: ${spec} }] }] }`;
const checkoutOnly = from(
  '{ principals: [cluster.local/ns/shop/sa/checkout] }',
);
const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
const plaintext = { from: stranger };
const meshWith = (change: Partial<PlatformProfile['mesh']>) => {
  const { mesh } = statedProfile();
  return { profile: statedProfile({ mesh: { ...mesh, ...change } }) };
};

describe('Ambient without a waypoint', () => {
  const open = (port: number) =>
    toOrders(
      `ingress: [{ from: [{ podSelector: { matchLabels: { app: checkout } } }], ports: [{ port: ${port} }] }]`,
    );

  it('A1: the kernel is asked for 15008 where both ends speak HBONE, and for the port otherwise', () => {
    expect(verdict(world + open(8080))).toBe('deny');
    expect(verdict(world + open(15008))).toBe('allow');
    const wide = (port: number) =>
      toOrders(`ingress: [{ ports: [{ port: ${port} }] }]`);
    expect(verdict(world + wide(15008), plaintext)).toBe('deny');
    expect(verdict(world + wide(8080), plaintext)).toBe('allow');
  });

  it('A1: a caller whose egress is closed needs 15008 to the provider', () => {
    const egress = (port: number) =>
      networkPolicy(
        `{ podSelector: { matchLabels: { app: checkout } }, policyTypes: [Egress], egress: [{ ports: [{ port: ${port} }] }] }`,
      );
    expect(verdict(world + egress(8080))).toBe('deny');
    expect(verdict(world + egress(15008))).toBe('allow');
  });

  it('A2: with 15008 open the kernel tells no ports apart; an authorization policy does', () => {
    const onPort = policy(
      '{ rules: [{ to: [{ operation: { ports: ["8080"] } }] }] }',
    );
    expect(verdict(world + open(15008), { port: 9090 })).toBe('allow');
    expect(verdict(world + open(15008) + onPort, { port: 9090 })).toBe('deny');
    expect(verdict(world + open(15008) + onPort)).toBe('allow');
  });

  it('A3: UDP is neither tunnelled nor checked by the mesh', () => {
    const udp = { protocol: 'UDP' as const };
    expect(verdict(world + strict + policy('{}'), udp)).toBe('allow');
    expect(verdict(world + open(15008), udp)).toBe('deny');
  });

  it('A4: an ALLOW rule with anything of HTTP is left out, so that the policy admits less', () => {
    const methods = policy(
      '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }',
    );
    const get = { http: { method: 'GET', path: '/', host: 'orders' } };
    expect(verdict(world + methods, get)).toBe('deny');
    const mixed = policy(
      '{ rules: [{ to: [{ operation: { methods: [GET] } }] }, { to: [{ operation: { ports: ["8080"] } }] }] }',
    );
    expect(verdict(world + mixed, get)).toBe('allow');
    const claim = policy(
      '{ rules: [{ when: [{ key: "request.auth.claims[role]", values: [x] }] }] }',
    );
    expect(verdict(world + claim, get)).toBe('deny');
  });

  it.each([
    ['HTTP only', '{ to: [{ operation: { methods: [POST] } }] }', 'allow'],
    [
      'a principal, and HTTP in another list',
      '{ from: [{ source: { namespaces: [shop] } }], to: [{ operation: { methods: [POST] } }] }',
      'allow',
    ],
    [
      'HTTP beside a port in one entry',
      '{ to: [{ operation: { methods: [POST], ports: ["8080"] } }] }',
      'deny',
    ],
    [
      'one entry of HTTP and one with a port',
      '{ to: [{ operation: { methods: [POST] } }, { operation: { ports: ["8080"] } }] }',
      'deny',
    ],
    [
      'a header',
      '{ from: [{ source: { namespaces: [shop] } }], when: [{ key: "request.headers[x]", values: ["1"] }] }',
      'allow',
    ],
    ['everything', '{}', 'deny'],
  ])(
    'A4: a DENY of %s denies only where every list keeps something of the transport',
    (_, rule, expected) => {
      const deny = policy(`{ action: DENY, rules: [${rule}] }`);
      // The call is a GET: without its methods a rule denies that as well.
      expect(
        verdict(world + deny, {
          http: { method: 'GET', path: '/', host: 'x' },
        }),
      ).toBe(expected);
    },
  );

  it('A4: CUSTOM and AUDIT are not sent to ztunnel', () => {
    const custom = policy(
      '{ action: CUSTOM, provider: { name: ext }, rules: [{}] }',
    );
    expect(
      verdict(world + custom + policy('{ action: AUDIT, rules: [{}] }', 'au')),
    ).toBe('allow');
  });

  it('A5: policies with targetRefs are not used by ztunnel', () => {
    const targeted = policy(
      '{ targetRefs: [{ kind: Service, name: orders }], rules: [] }',
    );
    expect(verdict(world + targeted)).toBe('allow');
  });

  it('I4: principals are compared as they are written, without pointers and aliases', () => {
    const td = meshWith({ trustDomain: 'prod', trustDomainAliases: ['old'] });
    const admits = (principal: string) =>
      verdict(world + policy(from(`{ principals: ["${principal}"] }`)), {}, td);
    expect(admits('prod/ns/shop/sa/checkout')).toBe('allow');
    expect(admits('cluster.local/ns/shop/sa/checkout')).toBe('deny');
    expect(admits('old/ns/shop/sa/checkout')).toBe('deny');
    expect(admits('*/ns/shop/sa/checkout')).toBe('allow');
    expect(admits('prod/ns/shop/*')).toBe('allow');
  });

  it('service accounts and namespaces are compared exactly', () => {
    expect(
      verdict(world + policy(from('{ serviceAccounts: [checkout] }'))),
    ).toBe('allow');
    expect(
      verdict(world + policy(from('{ serviceAccounts: [other/checkout] }'))),
    ).toBe('deny');
    expect(verdict(world + policy(from('{ namespaces: ["sh*"] }')))).toBe(
      'allow',
    );
    expect(verdict(world + policy(from('{ notNamespaces: [shop] }')))).toBe(
      'deny',
    );
  });

  it('I6: an ALLOW that names trust domains is conditional: versions of istiod ignore it or drop the rule', () => {
    expect(
      kinds(
        world +
          policy(from('{ namespaces: [shop], trustDomains: [elsewhere] }')),
      ),
    ).toEqual(['profile-guess']);
    // Where the rest does not match, no version admits the call.
    expect(
      verdict(
        world + policy(from('{ namespaces: [x], trustDomains: [elsewhere] }')),
      ),
    ).toBe('deny');
  });

  it('I1: plaintext has no principal: it passes rules without a source and notPrincipals only', () => {
    expect(verdict(world, plaintext)).toBe('allow');
    expect(verdict(world + policy(checkoutOnly), plaintext)).toBe('deny');
    expect(verdict(world + policy(checkoutOnly))).toBe('allow');
    expect(
      verdict(world + policy(from('{ notPrincipals: ["*"] }')), plaintext),
    ).toBe('allow');
    expect(verdict(world + policy(from('{ notPrincipals: ["*"] }')))).toBe(
      'deny',
    );
  });

  it("N10: the kubelet's probes come in beside ztunnel, and the kernel must let them", () => {
    const probe = { from: '169.254.7.127' };
    expect(verdict(world + strict + policy('{}'), probe)).toBe('allow');
    expect(verdict(world + strict, { from: '10.0.0.7' })).toBe('deny');
    expect(verdict(world + toOrders('ingress: []'), probe)).toBe('deny');
    expect(kinds(world + strict, { from: '169.254.0.0/16' })).toEqual([
      'pod-address-unknown',
    ]);
  });

  it('I9: a pod annotated to bypass ztunnel takes plaintext unchecked', () => {
    const bypassing =
      deployment('shop/orders', {
        annotations: 'ambient.istio.io/bypass-inbound-capture: "true"',
      }) +
      deployment('other/stranger') +
      ambient +
      plain;
    expect(verdict(bypassing + strict + policy('{}'), plaintext)).toBe('allow');
  });

  it('A12: dry-run policies are not sent, unless istiod does and ztunnel is too old to know them', () => {
    const dry = policy('{}', 'dry', 'shop', "istio.io/dry-run: 'true'");
    expect(verdict(world + dry)).toBe('allow');
    const on = (version?: string) =>
      meshWith({
        ambientDryRun: true,
        ...(version ? { ztunnelVersion: version } : {}),
      });
    expect(verdict(world + dry, {}, on('1.29.0'))).toBe('allow');
    expect(verdict(world + dry, {}, on('1.28.3'))).toBe('deny');
    expect(kinds(world + dry, {}, on())).toEqual(['profile-guess']);
  });
});

describe('PeerAuthentication in ambient', () => {
  const own = (rest: string) =>
    peerAuthentication(
      `{ selector: { matchLabels: { app: orders } }, ${rest} }`,
      'own',
    );
  const root = peerAuthentication(
    '{ mtls: { mode: STRICT } }',
    'root',
    'istio-system',
  );
  const port = (mode: string) => `portLevelMtls: { 8080: { mode: ${mode} } }`;
  const mtls = (mode: string) => `mtls: { mode: ${mode} }`;

  it.each<[string, string, 'allow' | 'deny']>([
    ['(e) STRICT of the namespace', strict, 'deny'],
    [
      '(a) one of the root namespace with a selector',
      peerAuthentication(
        '{ selector: { matchLabels: { app: orders } }, mtls: { mode: STRICT } }',
        'root',
        'istio-system',
      ),
      'allow',
    ],
    ['(c) DISABLE under STRICT', strict + own(mtls('DISABLE')), 'allow'],
    [
      '(d) a port-level DISABLE under inherited STRICT',
      strict + own(port('DISABLE')),
      'deny',
    ],
    [
      "(d) a port-level DISABLE under the workload's own STRICT",
      own(`${mtls('STRICT')}, ${port('DISABLE')}`),
      'allow',
    ],
    [
      'a port-level PERMISSIVE under inherited STRICT',
      strict + own(port('PERMISSIVE')),
      'allow',
    ],
    [
      'a port-level STRICT alone',
      own(`${mtls('PERMISSIVE')}, ${port('STRICT')}`),
      'deny',
    ],
    [
      "a port-level STRICT under the workload's PERMISSIVE in a STRICT mesh, which istiod skips",
      root + own(`${mtls('PERMISSIVE')}, ${port('STRICT')}`),
      'allow',
    ],
    [
      "a port-level PERMISSIVE where a namespace's policy states no mode and the mesh is STRICT: nothing is sent",
      root + peerAuthentication('{}') + own(port('PERMISSIVE')),
      'allow',
    ],
  ])('A11 %s', (_, yaml, expected) => {
    expect(verdict(world + yaml, plaintext)).toBe(expected);
  });

  it('mutual TLS is taken whatever it says', () => {
    expect(verdict(world + own(mtls('DISABLE')))).toBe('allow');
    expect(verdict(world + strict)).toBe('allow');
  });

  it('another port keeps STRICT where one is excepted', () => {
    const yaml = world + own(`${mtls('STRICT')}, ${port('PERMISSIVE')}`);
    expect(verdict(yaml, { ...plaintext, port: 9090 })).toBe('deny');
    expect(verdict(yaml, plaintext)).toBe('allow');
  });

  it('(b) two of one scope without a time are conditional', () => {
    expect(
      kinds(
        world +
          strict +
          peerAuthentication('{ mtls: { mode: PERMISSIVE } }', 'second'),
        plaintext,
      ),
    ).toEqual(['policy-age-unknown']);
  });
});

describe('Sidecars and ambient', () => {
  const tunnel = 'networking.istio.io/tunnel: http';
  const sidecars = namespace('other', 'istio-injection: enabled');
  const withLabel = (id: string, label: string) =>
    deployment(id, { labels: label });
  const callerOf = (label: string) =>
    deployment('shop/orders') +
    withLabel('other/stranger', label) +
    ambient +
    sidecars;
  const byName = policy(
    from('{ principals: [cluster.local/ns/other/sa/stranger] }'),
  );

  it('a sidecar that speaks HBONE comes with its identity, on 15008', () => {
    const yaml = callerOf(tunnel) + byName;
    expect(verdict(yaml, plaintext)).toBe('allow');
    expect(
      verdict(yaml + toOrders('ingress: [{ ports: [{ port: 8080 }] }]'), {
        from: stranger,
      }),
    ).toBe('deny');
    expect(
      verdict(yaml + toOrders('ingress: [{ ports: [{ port: 15008 }] }]'), {
        from: stranger,
      }),
    ).toBe('allow');
  });

  // istio#50360: sending is a flag of istiod since 1.23, and the label is about taking it.
  it.each([
    ['1.22.3', 'networking.istio.io/tunnel: none', 'deny'],
    ['1.22.3', 'x: y', 'conditional'],
    ['1.23.0', 'networking.istio.io/tunnel: none', 'allow'],
    ['1.30.1-distroless', 'x: y', 'allow'],
    ['latest', 'x: y', 'conditional'],
  ])(
    'with Istio %s a sidecar labelled %s is answered %s',
    (istioVersion, label, expected) => {
      expect(
        verdict(
          callerOf(label) + byName,
          plaintext,
          meshWith({ istioVersion }),
        ),
      ).toBe(expected);
    },
  );

  it('no sidecar sends HBONE where istiod is told so', () => {
    const told = meshWith({ istioVersion: '1.30.0', sendsHbone: false });
    expect(verdict(callerOf(tunnel) + byName, plaintext, told)).toBe('deny');
    expect(verdict(callerOf(tunnel), plaintext, told)).toBe('allow');
  });

  // `endpoint_builder.go`: an endpoint that takes mutual TLS of its own gets that, and no tunnel.
  it('between sidecars nothing comes by HBONE, whatever both could do', () => {
    const yaml =
      withLabel('shop/orders', tunnel) +
      withLabel('other/stranger', tunnel) +
      namespace('shop', 'istio-injection: enabled') +
      sidecars +
      peerAuthentication('{ mtls: { mode: STRICT } }', 'pa', 'shop');
    const on = (port: number) =>
      toOrders(`ingress: [{ ports: [{ port: ${port} }] }]`);
    const call = { from: stranger, to: orders };
    expect(verdict(yaml + on(8080), call)).toBe('allow');
    expect(verdict(yaml + on(15008), call)).toBe('deny');
  });

  it('of a sidecar that says nothing it is not known: the injector may have added it', () => {
    expect(kinds(callerOf('x: y') + byName, plaintext)).toEqual(['mesh-guess']);
    expect(verdict(callerOf('x: y'), plaintext)).toBe('allow');
    expect(verdict(callerOf('x: y') + policy('{}'), plaintext)).toBe('deny');
  });

  it('of a mesh with HBONE enabled every sidecar speaks it, unless its pod says otherwise', () => {
    const yaml = callerOf('x: y') + byName;
    expect(verdict(yaml, plaintext, meshWith({ sidecarHbone: true }))).toBe(
      'allow',
    );
    const old = { istioVersion: '1.22.0' };
    expect(
      verdict(yaml, plaintext, meshWith({ ...old, sidecarHbone: false })),
    ).toBe('deny');
    const own = callerOf('networking.istio.io/tunnel: none') + byName;
    expect(
      verdict(own, plaintext, meshWith({ ...old, sidecarHbone: true })),
    ).toBe('deny');
  });

  it('of a sidecar with settings of its own the mesh does not say it', () => {
    const yaml =
      deployment('shop/orders') +
      deployment('other/stranger', {
        annotations:
          'proxy.istio.io/config: \'proxyMetadata: { ISTIO_META_ENABLE_HBONE: "false" }\'',
      }) +
      ambient +
      sidecars +
      byName;
    for (const sidecarHbone of [true, false]) {
      expect(kinds(yaml, plaintext, meshWith({ sidecarHbone }))).toEqual([
        'mesh-guess',
      ]);
    }
  });

  it('an ambient caller reaches a sidecar by HBONE with the label, and in plaintext without', () => {
    const provider = (label: string) =>
      withLabel('other/backend', label) +
      deployment('shop/checkout') +
      ambient +
      sidecars +
      peerAuthentication('{ mtls: { mode: STRICT } }', 'pa', 'other');
    const call = { from: checkout, to: 'other/Deployment/backend' };
    expect(verdict(provider(tunnel), call)).toBe('allow');
    expect(verdict(provider('networking.istio.io/tunnel: none'), call)).toBe(
      'deny',
    );
    expect(kinds(provider('x: y'), call)).toEqual(['mesh-guess']);
  });

  it('I9: by HBONE no port of a sidecar goes past its policies', () => {
    const yaml =
      deployment('shop/checkout') +
      withLabel('other/backend', tunnel) +
      ambient +
      sidecars +
      policy('{}', 'none', 'other');
    const call = { to: 'other/Deployment/backend', port: 15020 };
    expect(verdict(yaml, call)).toBe('deny');
    expect(verdict(yaml, { ...call, from: '10.0.0.7' })).toBe('allow');
  });

  it('an ambient caller reaches pods without a mesh in plaintext, on their port', () => {
    const yaml =
      world +
      networkPolicy(
        '{ podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] }',
        'np',
        'other',
      );
    expect(verdict(yaml, { to: stranger })).toBe('allow');
    expect(verdict(yaml, { to: stranger, port: 9090 })).toBe('deny');
  });
});

describe('Hops of ambient', () => {
  it('name ztunnel as the enforcement point', () => {
    const { hops } = evaluate(worldOf(world + strict + policy(checkoutOnly)), {
      from: checkout,
      to: orders,
      port: 8080,
    });
    expect(
      hops.map(({ at, layer, verdict: each }) => [at, layer, each]),
    ).toEqual([
      [`node of ${checkout}`, 'kernel', 'allow'],
      [`node of ${orders}`, 'kernel', 'allow'],
      [`ztunnel of ${orders}`, 'identity', 'allow'],
      [`ztunnel of ${orders}`, 'identity', 'allow'],
    ]);
  });
});
