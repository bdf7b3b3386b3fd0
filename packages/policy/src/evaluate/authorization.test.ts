import { PlatformProfile } from '../profile';
import { Call } from './types';
import {
  stranger,
  shop,
  ask,
  verdict,
  kinds,
  policy,
  peerAuthentication,
  service,
  sidecar,
  http,
  get,
  onMesh,
} from './__testUtils__/ask';
import { deployment, statedProfile, worldOf } from './__testUtils__/worlds';

/** Each test names the row of the design's table of traps that it is about. */

const JWT = 'jwtRules: [{ issuer: "https://id.example" }]';
const requestAuthentication = (spec: string, namespace = 'shop') =>
  `apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: tokens, namespace: ${namespace} }\nspec: ${spec}\n---\n`;

describe('AuthorizationPolicy in sidecars', () => {
  it('S8: the first ALLOW that selects a workload refuses everything that none matches', () => {
    expect(onMesh('')).toBe('allow');
    const first = policy(
      '{ rules: [{ from: [{ source: { namespaces: [other] } }] }] }',
    );
    expect(onMesh(first)).toBe('deny');
    expect(
      onMesh(
        first +
          policy(
            '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }',
            'second',
          ),
      ),
    ).toBe('allow');
    expect(
      onMesh(policy('{ selector: { matchLabels: { app: checkout } } }')),
    ).toBe('allow');
  });

  it('4.9: ALLOW without rules refuses all; a rule without anything admits all; a DENY with no rule in its list is refused by Istio', () => {
    expect(onMesh(policy('{}'))).toBe('deny');
    expect(onMesh(policy('{ rules: [{}] }'), { from: stranger })).toBe('allow');
    // istio `pkg/config/validation`: "DENY action without `rules` is meaningless as it will never be triggered".
    expect(onMesh(policy('{ action: DENY, rules: [] }'))).toBe('conditional');
    expect(onMesh(policy('{ action: DENY, rules: [{}] }'))).toBe('deny');
  });

  it('4.9: CUSTOM, then DENY, then ALLOW', () => {
    const allow = policy('{ rules: [{}] }', 'allow');
    const deny = policy(
      '{ action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }',
      'deny',
    );
    const custom = policy(
      '{ action: CUSTOM, provider: { name: x }, rules: [{ to: [{ operation: { paths: [/orders/*] } }] }] }',
      'custom',
    );
    expect(onMesh(allow + deny)).toBe('allow');
    expect(onMesh(allow + deny, get('/orders/7', 'DELETE'))).toBe('deny');
    expect(
      ask(shop + http + allow + custom, get(), sidecar).conditions.map(
        each => each.kind,
      ),
    ).toEqual(['custom-authorizer']);
    expect(onMesh(allow + custom, get('/other'))).toBe('allow');
    expect(onMesh(allow + deny + custom, get('/orders/7', 'DELETE'))).toBe(
      'deny',
    );
  });

  it('4.9: from, to and when are ANDed, entries ORed, not-fields ANDed with their twin', () => {
    const rule =
      '{ rules: [{ from: [{ source: { namespaces: [shop], notPrincipals: ["*/sa/evil"] } }], to: [{ operation: { methods: [GET], notPaths: ["/orders/secret"] } }, { operation: { paths: ["/health"] } }] }] }';
    expect(onMesh(policy(rule))).toBe('allow');
    expect(onMesh(policy(rule), get('/orders/secret'))).toBe('deny');
    expect(onMesh(policy(rule), get('/health', 'POST'))).toBe('allow');
    expect(onMesh(policy(rule), get('/orders/7', 'POST'))).toBe('deny');
    expect(onMesh(policy(rule), { from: stranger })).toBe('deny');
    expect(onMesh(policy(rule.replace('*/sa/evil', '*/sa/checkout')))).toBe(
      'deny',
    );
  });

  it('4.9: a policy of the root namespace applies to matching workloads of every namespace', () => {
    expect(
      onMesh(
        policy(
          '{ selector: { matchLabels: { app: orders } } }',
          'root',
          'istio-system',
        ),
      ),
    ).toBe('deny');
    expect(
      onMesh(
        policy(
          '{ selector: { matchLabels: { app: none } } }',
          'root',
          'istio-system',
        ),
      ),
    ).toBe('allow');
    expect(onMesh(policy('{}', 'elsewhere', 'other'))).toBe('allow');
  });

  it('AUDIT and dry-run decide nothing, and targetRefs are not for sidecars', () => {
    expect(onMesh(policy('{ action: AUDIT }'))).toBe('allow');
    expect(
      onMesh(policy('{}', 'dry', 'shop', "istio.io/dry-run: 'true'")),
    ).toBe('allow');
    expect(
      onMesh(policy('{}', 'dry', 'shop', "istio.io/dry-run: 'false'")),
    ).toBe('deny');
    expect(
      onMesh(policy('{ targetRefs: [{ kind: Service, name: orders }] }')),
    ).toBe('allow');
  });

  it('principals match exactly, by prefix, by suffix, or by presence; serviceAccounts by namespace and name', () => {
    const principal = (value: string) =>
      onMesh(
        policy(
          `{ rules: [{ from: [{ source: { principals: ["${value}"] } }] }] }`,
        ),
      );
    expect(
      [
        'cluster.local/ns/shop/sa/checkout',
        'cluster.local/ns/shop/*',
        '*/sa/checkout',
        '*',
      ].map(principal),
    ).toEqual(new Array(4).fill('allow'));
    expect(
      [
        'cluster.local/ns/shop/sa/check',
        'ns/shop/sa/checkout',
        '*/sa/orders',
      ].map(principal),
    ).toEqual(new Array(3).fill('deny'));
    const account = (value: string) =>
      onMesh(
        policy(
          `{ rules: [{ from: [{ source: { serviceAccounts: ["${value}"] } }] }] }`,
        ),
      );
    expect(
      ['checkout', 'shop/checkout', 'other/checkout', 'check'].map(account),
    ).toEqual(['allow', 'allow', 'deny', 'deny']);
  });

  it('I1: a plaintext caller has no principal: ALLOW on principals refuses it, DENY on principals misses it', () => {
    const plain: Partial<Call> = { tls: 'plaintext' };
    expect(
      onMesh(
        policy('{ rules: [{ from: [{ source: { principals: ["*"] } }] }] }'),
        plain,
      ),
    ).toBe('deny');
    expect(
      onMesh(
        policy(
          '{ action: DENY, rules: [{ from: [{ source: { principals: ["*"] } }] }] }',
        ),
        plain,
      ),
    ).toBe('allow');
    expect(
      onMesh(
        policy(
          '{ action: DENY, rules: [{ from: [{ source: { notPrincipals: ["*"] } }] }] }',
        ),
        plain,
      ),
    ).toBe('deny');
    expect(
      onMesh(
        policy(
          '{ action: DENY, rules: [{ from: [{ source: { notNamespaces: [shop] } }] }] }',
        ),
        plain,
      ),
    ).toBe('deny');
  });

  it('I4: cluster.local stands for the trust domain of the mesh and its aliases; other domains are literal', () => {
    const profile = statedProfile({
      mesh: {
        rootNamespace: 'istio-system',
        trustDomain: 'prod',
        trustDomainAliases: ['old'],
        pathNormalization: 'BASE',
        ambientDryRun: false,
        autoAllowWaypoint: false,
        layeredWaypointPolicies: false,
      },
    });
    const on = (domain: string) =>
      onMesh(
        policy(
          `{ rules: [{ from: [{ source: { principals: ["${domain}/ns/shop/sa/checkout"] } }] }] }`,
        ),
        {},
        { profile },
      );
    expect(['cluster.local', 'prod', 'old', '*', '*od'].map(on)).toEqual(
      new Array(5).fill('allow'),
    );
    expect(['staging', '*ing'].map(on)).toEqual(['deny', 'deny']);
  });

  it('I4: a literal domain is conditional where the trust domain is only guessed', () => {
    const profile = { ...statedProfile(), guesses: ['mesh.trustDomain'] };
    const yaml = (domain: string) =>
      shop +
      http +
      policy(
        `{ rules: [{ from: [{ source: { principals: ["${domain}/ns/shop/sa/checkout"] } }] }] }`,
      );
    expect(kinds(yaml('prod'), get(), { ...sidecar, profile })).toEqual([
      'profile-guess',
    ]);
    expect(verdict(yaml('cluster.local'), get(), { ...sidecar, profile })).toBe(
      'allow',
    );
  });

  it('I9: ports that the sidecar does not capture have neither identity nor method', () => {
    const excluded =
      deployment('shop/orders', {
        annotations: "traffic.sidecar.istio.io/excludeInboundPorts: '8080'",
      }) + deployment('shop/checkout');
    const closed =
      policy('{}') + peerAuthentication('{ mtls: { mode: STRICT } }');
    expect(verdict(excluded + closed, { tls: 'plaintext' }, sidecar)).toBe(
      'allow',
    );
    expect(verdict(shop + closed, { tls: 'plaintext' }, sidecar)).toBe('deny');
    expect(
      verdict(shop + closed, { port: 15020, tls: 'plaintext' }, sidecar),
    ).toBe('allow');
    const only =
      deployment('shop/orders', {
        annotations: "traffic.sidecar.istio.io/includeInboundPorts: '9090'",
      }) + deployment('shop/checkout');
    expect([
      verdict(only + closed, {}, sidecar),
      verdict(only + closed, { port: 9090 }, sidecar),
    ]).toEqual(['allow', 'deny']);
  });

  it('A3: UDP passes beside the sidecar', () => {
    expect(verdict(shop + policy('{}'), { protocol: 'UDP' }, sidecar)).toBe(
      'allow',
    );
  });

  it('P2: ports are ports of the workload', () => {
    const on = (port: number) =>
      onMesh(
        policy(`{ rules: [{ to: [{ operation: { ports: ["${port}"] } }] }] }`),
      );
    expect([on(8080), on(80)]).toEqual(['allow', 'deny']);
  });

  it('H1: on a TCP port an ALLOW with HTTP fields matches nothing, and a DENY loses them', () => {
    const tcp = shop + service('name: tcp-orders');
    const allow = policy(
      '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }',
    );
    const deny = policy(
      '{ action: DENY, rules: [{ to: [{ operation: { methods: [POST], ports: ["8080"] } }] }] }',
    );
    expect(verdict(tcp + allow, get(), sidecar)).toBe('deny');
    expect(verdict(tcp + deny, get(), sidecar)).toBe('deny');
    expect(verdict(shop + service('name: http') + deny, get(), sidecar)).toBe(
      'allow',
    );
    expect(
      verdict(
        shop + service('name: db, appProtocol: tcp') + allow,
        get(),
        sidecar,
      ),
    ).toBe('deny');
    expect(verdict(shop + service('name: https') + allow, get(), sidecar)).toBe(
      'deny',
    );
  });

  it('H1: one operation with HTTP fields takes the whole ALLOW rule from a TCP port', () => {
    const mixed = policy(
      '{ rules: [{ to: [{ operation: { ports: ["8080"] } }, { operation: { methods: [GET] } }] }] }',
    );
    expect(
      verdict(shop + service('name: tcp-orders') + mixed, {}, sidecar),
    ).toBe('deny');
    expect(verdict(shop + http + mixed, get('/', 'POST'), sidecar)).toBe(
      'allow',
    );
  });

  it('H1: a port without a name is read as what is sent on it', () => {
    const allow =
      shop +
      service('appProtocol: ""') +
      policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }');
    expect(verdict(allow, get(), sidecar)).toBe('allow');
    // Without the request nobody knows what is sent: bytes that are no HTTP are refused.
    expect(kinds(allow, {}, sidecar)).toEqual(['request-unknown']);
  });

  it('H1: Services that disagree about a port make the verdict conditional', () => {
    const other = service('name: tcp-x').replace(
      'name: orders,',
      'name: orders-tcp,',
    );
    expect(
      kinds(
        shop +
          http +
          other +
          policy('{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }'),
        get(),
        sidecar,
      ),
    ).toEqual(['protocol-conflict']);
  });

  it('H3, H5: a prefix is one of text, an exact path has no trailing slash and minds its case, a query is no part of it', () => {
    const on = (pattern: string, path: string) =>
      onMesh(
        policy(
          `{ rules: [{ to: [{ operation: { paths: ["${pattern}"] } }] }] }`,
        ),
        get(path),
      );
    expect(on('/info*', '/information')).toBe('allow');
    expect(['/info/', '/Info', '/inf'].map(path => on('/info', path))).toEqual([
      'deny',
      'deny',
      'deny',
    ]);
    expect(on('/info', '/info?x=/etc')).toBe('allow');
    expect([
      on('*.html', '/a/b.html'),
      on('*.html', '/a/b.htm'),
      on('*', '/x'),
    ]).toEqual(['allow', 'deny', 'allow']);
  });

  it('H4: a template is one segment, and a star in the middle is a star', () => {
    const on = (pattern: string, path: string) =>
      onMesh(
        policy(
          `{ rules: [{ to: [{ operation: { paths: ["${pattern}"] } }] }] }`,
        ),
        get(path),
      );
    expect(
      ['/orders/7', '/orders/7/items', '/orders/', '/orders/..%2Fadmin'].map(
        path => on('/orders/{*}', path),
      ),
    ).toEqual(['allow', 'deny', 'deny', 'allow']);
    expect([on('/a/*/b', '/a/x/b'), on('/a/*/b', '/a/*/b')]).toEqual([
      'deny',
      'allow',
    ]);
  });

  it('H4: a raw {id} makes the whole policy invalid', () => {
    const raw = policy(
      '{ rules: [{ to: [{ operation: { paths: ["/orders/{id}"] } }] }, {}] }',
    );
    expect(kinds(shop + http + raw, get(), sidecar)).toEqual([
      'invalid-object',
    ]);
    const other = policy(
      '{ rules: [{ to: [{ operation: { methods: [PUT] } }] }] }',
      'other',
    );
    expect(verdict(shop + http + raw + other, get(), sidecar)).toBe('deny');
    expect(worldOf(shop + http + raw, sidecar).findings).toMatchObject([
      {
        code: 'invalid-object',
        at: { field: 'spec.rules[0].to[0].operation.paths[0]' },
      },
    ]);
  });

  it('H7: paths are normalised as the profile says before they are matched', () => {
    const deny =
      shop +
      http +
      policy(
        '{ action: DENY, rules: [{ to: [{ operation: { paths: ["/admin*"] } }] }] }',
      );
    const on = (
      path: string,
      pathNormalization: PlatformProfile['mesh']['pathNormalization'],
    ) =>
      verdict(deny, get(path), {
        ...sidecar,
        profile: statedProfile({
          mesh: { ...statedProfile().mesh, pathNormalization },
        }),
      });
    expect([
      on('/x/../admin', 'NONE'),
      on('/x/../admin', 'BASE'),
      on('/%61dmin', 'BASE'),
    ]).toEqual(['allow', 'deny', 'deny']);
    expect([on('//admin', 'BASE'), on('//admin', 'MERGE_SLASHES')]).toEqual([
      'allow',
      'deny',
    ]);
    expect([
      on('/x/..%2Fadmin', 'MERGE_SLASHES'),
      on('/x/..%2Fadmin', 'DECODE_AND_MERGE_SLASHES'),
    ]).toEqual(['allow', 'deny']);
    const profile = { ...statedProfile(), guesses: ['mesh.pathNormalization'] };
    expect(kinds(deny, get('//admin'), { ...sidecar, profile })).toEqual([
      'profile-guess',
    ]);
    expect(verdict(deny, get('/public'), { ...sidecar, profile })).toBe(
      'allow',
    );
  });

  it('H8: HEAD and OPTIONS are not implied by GET', () => {
    const allow = policy(
      '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }',
    );
    expect([
      onMesh(allow, get('/', 'HEAD')),
      onMesh(allow, get('/', 'OPTIONS')),
    ]).toEqual(['deny', 'deny']);
  });

  it('H10: hosts are compared without case, and a host that is left open is conditional', () => {
    const allow =
      shop +
      http +
      policy(
        '{ rules: [{ to: [{ operation: { hosts: ["Orders.shop"] } }] }] }',
      );
    expect(verdict(allow, get(), sidecar)).toBe('allow');
    expect(
      verdict(
        allow,
        { http: { method: 'GET', path: '/', host: 'evil' } },
        sidecar,
      ),
    ).toBe('deny');
    expect(
      kinds(allow, { http: { method: 'GET', path: '/' } }, sidecar),
    ).toEqual(['host-unknown']);
  });

  it.each([
    [
      'remoteIpBlocks',
      'from: [{ source: { remoteIpBlocks: [1.2.3.4] } }]',
      'remote-address',
    ],
    [
      'requestPrincipals',
      'from: [{ source: { requestPrincipals: ["*"] } }]',
      'request-principal',
    ],
    [
      'ipBlocks',
      'from: [{ source: { ipBlocks: [10.0.0.0/8] } }]',
      'pod-address-unknown',
    ],
    [
      'a header',
      'when: [{ key: "request.headers[x]", values: [a] }]',
      'request-attribute',
    ],
    [
      'a claim',
      'when: [{ key: "request.auth.claims[role]", values: [a] }]',
      'request-attribute',
    ],
    [
      'the server name',
      'when: [{ key: connection.sni, values: [a] }]',
      'request-attribute',
    ],
  ])('%s, which nobody knows here, is a named condition', (_, rule, kind) => {
    expect(
      kinds(
        shop +
          http +
          requestAuthentication(`{ ${JWT} }`) +
          policy(`{ rules: [{ ${rule} }] }`),
        get(),
        sidecar,
      ),
    ).toEqual([kind]);
  });

  const TOKEN = 'source: { requestPrincipals: ["*"] }';
  const NO_TOKEN = 'source: { notRequestPrincipals: ["*"] }';
  const ROLE = 'when: [{ key: "request.auth.claims[role]", values: [admin] }]';

  it.each([
    [`{ rules: [{ from: [{ ${TOKEN} }] }] }`, 'deny'],
    [`{ rules: [{ ${ROLE} }] }`, 'deny'],
    [`{ action: DENY, rules: [{ from: [{ ${TOKEN} }] }] }`, 'allow'],
    [`{ action: DENY, rules: [{ from: [{ ${NO_TOKEN} }] }] }`, 'deny'],
    [`{ rules: [{ from: [{ ${NO_TOKEN} }] }] }`, 'allow'],
  ])(
    'without a RequestAuthentication no request has a token: %s is %s',
    (spec, expected) => {
      expect(onMesh(policy(spec))).toBe(expected);
      for (const elsewhere of [
        requestAuthentication(`{ ${JWT} }`, 'other'),
        requestAuthentication(
          `{ selector: { matchLabels: { app: pay } }, ${JWT} }`,
        ),
        // It validates nothing without a rule.
        requestAuthentication('{ jwtRules: [] }'),
        // A sidecar does not use what has targets.
        requestAuthentication(
          `{ targetRefs: [{ group: "", kind: Service, name: orders }], ${JWT} }`,
        ),
        // The API server would refuse it.
        requestAuthentication('{ jwtRules: [{ audiences: [a] }] }'),
      ])
        expect(onMesh(policy(spec) + elsewhere)).toBe(expected);
      for (const here of [
        requestAuthentication(
          `{ selector: { matchLabels: { app: orders } }, ${JWT} }`,
        ),
        requestAuthentication(`{ ${JWT} }`, 'istio-system'),
      ])
        expect(onMesh(policy(spec) + here)).toBe('conditional');
    },
  );

  it('when: known attributes are decided', () => {
    const on = (when: string) =>
      onMesh(policy(`{ rules: [{ when: [${when}] }] }`));
    expect(on('{ key: source.namespace, values: [shop] }')).toBe('allow');
    expect(on('{ key: source.principal, notValues: ["*/sa/checkout"] }')).toBe(
      'deny',
    );
    expect(on('{ key: destination.port, values: ["80"] }')).toBe('deny');
  });
});
