import { PlatformProfile } from '../profile';
import { MeshMode } from '../estate';
import { evaluate } from './evaluate';
import { Call } from './types';
import { createWorld } from './World';
import { clusterOf, deployment, statedProfile, worldOf } from './testWorlds';

/** Each test names the row of the design's table of traps that it is about. */

const orders = 'shop/Deployment/orders';
const checkout = 'shop/Deployment/checkout';
const stranger = 'other/Deployment/stranger';
const shop =
  deployment('shop/orders') +
  deployment('shop/checkout') +
  deployment('other/stranger');

interface Options {
  profile?: PlatformProfile;
  mesh?: MeshMode | 'detect';
}

function ask(yaml: string, call: Partial<Call>, options: Options = {}) {
  return evaluate(worldOf(yaml, options), {
    from: checkout,
    to: orders,
    port: 8080,
    ...call,
  });
}
const verdict = (
  yaml: string,
  call: Partial<Call> = {},
  options: Options = {},
) => ask(yaml, call, options).verdict;
const kinds = (yaml: string, call: Partial<Call> = {}, options: Options = {}) =>
  ask(yaml, call, options).conditions.map(condition => condition.kind);

function networkPolicy(spec: string, name = 'np', namespace = 'shop') {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n---\n`;
}
const toOrders = (rest: string) =>
  networkPolicy(`{ podSelector: { matchLabels: { app: orders } }, ${rest} }`);

describe('NetworkPolicy', () => {
  it('S1: an absent or empty list of peers admits everybody', () => {
    expect(
      verdict(shop + toOrders('ingress: [{ ports: [{ port: 8080 }] }]'), {
        from: stranger,
      }),
    ).toBe('allow');
    expect(
      verdict(shop + toOrders('ingress: [{ from: [] }]'), { from: stranger }),
    ).toBe('allow');
  });

  it('S2: a policy without rules isolates for ingress; for egress only with egress rules or when it says so', () => {
    expect(verdict(shop + toOrders('ingress: []'))).toBe('deny');
    const fromCheckout = (rest: string) =>
      networkPolicy(
        `{ podSelector: { matchLabels: { app: checkout } }${rest} }`,
      );
    expect(verdict(shop + fromCheckout(''))).toBe('allow');
    expect(
      verdict(shop + fromCheckout(', egress: [{ ports: [{ port: 53 }] }]')),
    ).toBe('deny');
    expect(verdict(shop + fromCheckout(', policyTypes: [Egress]'))).toBe(
      'deny',
    );
    expect(
      verdict(shop + fromCheckout(', policyTypes: []'), {
        from: orders,
        to: checkout,
      }),
    ).toBe('deny');
  });

  it('S3: two entries are alternatives, one entry with two selectors asks for both', () => {
    const both =
      'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: other } }';
    const pods = 'podSelector: { matchLabels: { app: checkout } }';
    const or =
      shop + toOrders(`ingress: [{ from: [{ ${both} }, { ${pods} }] }]`);
    const and = shop + toOrders(`ingress: [{ from: [{ ${both}, ${pods} }] }]`);
    expect([verdict(or), verdict(or, { from: stranger })]).toEqual([
      'allow',
      'allow',
    ]);
    expect([verdict(and), verdict(and, { from: stranger })]).toEqual([
      'deny',
      'deny',
    ]);
  });

  it('S4: a podSelector alone is about the namespace of the policy', () => {
    const twin = deployment('other/checkout');
    const yaml =
      shop +
      twin +
      toOrders(
        'ingress: [{ from: [{ podSelector: { matchLabels: { app: checkout } } }] }]',
      );
    expect(verdict(yaml)).toBe('allow');
    expect(verdict(yaml, { from: 'other/Deployment/checkout' })).toBe('deny');
    const everywhere = yaml.replace(
      'podSelector: { matchLabels: { app: checkout } } }]',
      'namespaceSelector: {}, podSelector: { matchLabels: { app: checkout } } }]',
    );
    expect(verdict(everywhere, { from: 'other/Deployment/checkout' })).toBe(
      'allow',
    );
  });

  it('S6: the egress of the caller and the ingress of the provider must both allow', () => {
    const out = networkPolicy(
      '{ podSelector: { matchLabels: { app: checkout } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: orders } } }] }] }',
      'out',
    );
    const into = toOrders(
      'ingress: [{ from: [{ podSelector: { matchLabels: { app: checkout } } }] }]',
    );
    expect(verdict(shop + out + into)).toBe('allow');
    expect(verdict(shop + out + toOrders('ingress: []'))).toBe('deny');
    expect(
      verdict(shop + out.replace('{ app: orders }', '{ app: none }') + into),
    ).toBe('deny');
  });

  it('S7: policies add up: what one admits no other can refuse', () => {
    const narrow = toOrders('ingress: []');
    const wide = networkPolicy('{ podSelector: {}, ingress: [{}] }', 'wide');
    expect(verdict(shop + narrow + wide, { from: stranger })).toBe('allow');
  });

  it('P1: ports are ports of the pods, whatever the Service says', () => {
    const named =
      'apiVersion: v1\nkind: Service\nmetadata: { name: orders, namespace: shop }\nspec: { selector: { app: orders }, ports: [{ port: 80, targetPort: http }] }\n---\n';
    const open = (port: number) =>
      shop + named + toOrders(`ingress: [{ ports: [{ port: ${port} }] }]`);
    const via = { service: 'shop/orders', port: 80 };
    expect(verdict(open(8080), { via })).toBe('allow');
    expect(verdict(open(80), { via })).toBe('deny');
    expect(ask(open(8080), { via, port: 80 })).toMatchObject({
      verdict: 'deny',
      hops: [
        {
          text: 'Port 80 of Service shop/orders leads to port 8080 of shop/Deployment/orders, not to 80.',
        },
      ],
    });
  });

  it('P2/4.9: a named port is resolved at each pod; a pod without it does not match', () => {
    const named = toOrders('ingress: [{ ports: [{ port: http }] }]');
    expect(verdict(shop + named)).toBe('allow');
    expect(verdict(shop + named, { port: 9090 })).toBe('deny');
    expect(verdict(shop.replaceAll('name: http', 'name: web') + named)).toBe(
      'deny',
    );
    // The name belongs to TCP; an entry for UDP does not match it.
    expect(
      verdict(
        shop +
          toOrders('ingress: [{ ports: [{ port: http, protocol: UDP }] }]'),
        { protocol: 'UDP' },
      ),
    ).toBe('deny');
  });

  it('P5: the protocol of a port is TCP unless it says otherwise', () => {
    const tcp = shop + toOrders('ingress: [{ ports: [{ port: 8080 }] }]');
    expect([verdict(tcp), verdict(tcp, { protocol: 'UDP' })]).toEqual([
      'allow',
      'deny',
    ]);
    const udp = shop + toOrders('ingress: [{ ports: [{ protocol: UDP }] }]');
    expect([verdict(udp), verdict(udp, { protocol: 'UDP', port: 1 })]).toEqual([
      'deny',
      'allow',
    ]);
  });

  it('4.9: a rule for SCTP only still isolates TCP', () => {
    expect(
      verdict(
        shop +
          toOrders('ingress: [{ ports: [{ protocol: SCTP, port: 8080 }] }]'),
      ),
    ).toBe('deny');
  });

  it('4.9: endPort is inclusive', () => {
    const range =
      shop + toOrders('ingress: [{ ports: [{ port: 8000, endPort: 8080 }] }]');
    expect(
      [7999, 8000, 8080, 8081].map(port => verdict(range, { port })),
    ).toEqual(['deny', 'allow', 'allow', 'deny']);
  });

  it('4.9: isolation is per direction', () => {
    expect(verdict(shop + toOrders('policyTypes: [Egress]'))).toBe('allow');
    expect(
      verdict(shop + toOrders('policyTypes: [Egress]'), {
        from: orders,
        to: checkout,
      }),
    ).toBe('deny');
  });

  it('4.9: a pod always reaches itself; replicas of one workload do not', () => {
    expect(verdict(shop + toOrders('ingress: []'), { from: orders })).toBe(
      'allow',
    );
    const many = deployment('shop/orders', { replicas: 3 });
    expect(verdict(many + toOrders('ingress: []'), { from: orders })).toBe(
      'deny',
    );
  });

  it('selectors: In, NotIn, Exists and DoesNotExist; an absent label is not in a list', () => {
    const on = (expression: string) =>
      verdict(
        shop +
          toOrders(
            `ingress: [{ from: [{ podSelector: { matchExpressions: [${expression}] } }] }]`,
          ),
      );
    expect(on('{ key: app, operator: In, values: [x, checkout] }')).toBe(
      'allow',
    );
    expect(on('{ key: app, operator: NotIn, values: [checkout] }')).toBe(
      'deny',
    );
    expect(on('{ key: tier, operator: NotIn, values: [front] }')).toBe('allow');
    expect(on('{ key: app, operator: Exists }')).toBe('allow');
    expect(on('{ key: app, operator: DoesNotExist }')).toBe('deny');
  });

  describe('4.9: an ipBlock and pods, whose address nobody knows', () => {
    const block = (spec: string) =>
      shop + toOrders(`ingress: [{ from: [{ ipBlock: ${spec} }] }]`);
    const pods = (...podCidrs: string[]) => ({
      profile: statedProfile({
        network: { podCidrs, nodeCidrs: [], serviceCidrs: [] },
      }),
    });

    it('matches where the block covers all pod addresses', () => {
      expect(
        verdict(block('{ cidr: 10.0.0.0/8 }'), {}, pods('10.1.0.0/16')),
      ).toBe('allow');
      expect(verdict(block('{ cidr: 0.0.0.0/0 }'))).toBe('allow');
    });

    it('does not match where they are disjoint, or all excepted', () => {
      expect(
        verdict(block('{ cidr: 192.168.0.0/16 }'), {}, pods('10.1.0.0/16')),
      ).toBe('deny');
      expect(
        verdict(
          block('{ cidr: 10.0.0.0/8, except: [10.1.0.0/16] }'),
          {},
          pods('10.1.0.0/16'),
        ),
      ).toBe('deny');
    });

    it('is conditional otherwise, also where no pod addresses are stated', () => {
      expect(
        kinds(block('{ cidr: 10.1.2.0/24 }'), {}, pods('10.1.0.0/16')),
      ).toEqual(['pod-address-unknown']);
      expect(kinds(block('{ cidr: 10.1.2.0/24 }'))).toEqual([
        'pod-address-unknown',
      ]);
    });

    it('N1: matches no pods where the profile says that the CNI does not', () => {
      const profile = statedProfile({
        cni: {
          ipBlockMatchesPods: false,
          ipBlockMatchesNodes: false,
          enforcesNetworkPolicy: true,
        },
      });
      expect(verdict(block('{ cidr: 0.0.0.0/0 }'), {}, { profile })).toBe(
        'deny',
      );
    });

    it('is exact for addresses outside, and conditional for a range that is only partly inside', () => {
      const yaml = block('{ cidr: 203.0.113.0/24, except: [203.0.113.7/32] }');
      expect(verdict(yaml, { from: '203.0.113.8' })).toBe('allow');
      expect(verdict(yaml, { from: '203.0.113.7' })).toBe('deny');
      expect(verdict(yaml, { from: '203.0.113.0/24' })).toBe('conditional');
      expect(
        verdict(
          shop + toOrders('ingress: [{ from: [{ namespaceSelector: {} }] }]'),
          { from: '203.0.113.8' },
        ),
      ).toBe('deny');
    });
  });

  describe('N1: the host network', () => {
    const hosts =
      deployment('shop/orders') +
      deployment('shop/checkout', { pod: 'hostNetwork: true,' });

    it('as a caller is not matched by labels, but passes on the node of the provider', () => {
      const yaml =
        hosts +
        toOrders(
          'ingress: [{ from: [{ podSelector: { matchLabels: { app: checkout } } }] }]',
        );
      expect([verdict(yaml), kinds(yaml)]).toEqual([
        'conditional',
        ['same-node'],
      ]);
    });

    it('as a caller is matched by a block of node addresses', () => {
      const profile = statedProfile({
        network: {
          podCidrs: [],
          nodeCidrs: ['172.16.0.0/12'],
          serviceCidrs: [],
        },
      });
      expect(
        verdict(
          hosts +
            toOrders(
              'ingress: [{ from: [{ ipBlock: { cidr: 172.16.0.0/12 } }] }]',
            ),
          {},
          { profile },
        ),
      ).toBe('allow');
    });

    it('as a provider is not surely protected by a policy', () => {
      const yaml =
        hosts +
        networkPolicy(
          '{ podSelector: { matchLabels: { app: checkout } }, ingress: [] }',
        );
      expect(kinds(yaml, { from: orders, to: checkout })).toEqual([
        'host-network',
      ]);
    });
  });

  it.each([
    [
      'endPort without a numeric port',
      'ingress: [{ ports: [{ port: http, endPort: 9000 }] }]',
      'spec.ingress[0].ports[0].endPort',
    ],
    [
      'endPort below port',
      'ingress: [{ ports: [{ port: 9000, endPort: 80 }] }]',
      'spec.ingress[0].ports[0].endPort',
    ],
    [
      'a port out of range',
      'ingress: [{ ports: [{ port: 70000 }] }]',
      'spec.ingress[0].ports[0].port',
    ],
    [
      'a protocol that does not exist',
      'ingress: [{ ports: [{ port: 80, protocol: HTTP }] }]',
      'spec.ingress[0].ports[0].protocol',
    ],
    ['an empty peer', 'ingress: [{ from: [{}] }]', 'spec.ingress[0].from[0]'],
    [
      'a block beside a selector',
      'ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 }, podSelector: {} }] }]',
      'spec.ingress[0].from[0]',
    ],
    [
      'a CIDR that is none',
      'ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/40 } }] }]',
      'spec.ingress[0].from[0].ipBlock.cidr',
    ],
    [
      'an exception outside its block',
      'ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [11.0.0.0/24] } }] }]',
      'spec.ingress[0].from[0].ipBlock.except[0]',
    ],
    [
      'In without values',
      'ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: a, operator: In, values: [] }] } }] }]',
      'spec.ingress[0].from[0].podSelector.matchExpressions[0].values',
    ],
    [
      'a field that does not exist',
      'ingress: [{ form: [{ podSelector: {} }] }]',
      'spec.ingress[0].form',
    ],
    [
      'a policy type that does not exist',
      'policyTypes: [ingress]',
      'spec.policyTypes[0]',
    ],
  ])(
    'a policy with %s grants nothing, what it closes is conditional, and the field is named',
    (_, spec, field) => {
      const world = worldOf(shop + toOrders(spec));
      expect(world.findings).toMatchObject([
        { code: 'invalid-object', at: { file: 'world.yaml', field } },
      ]);
      expect(world.findings[0].at?.line).toBeGreaterThan(20);
      expect(kinds(shop + toOrders(spec))).toEqual(['invalid-object']);
      expect(
        verdict(
          shop +
            toOrders(spec) +
            networkPolicy('{ podSelector: {} }', 'closed'),
        ),
      ).toBe('deny');
    },
  );
});

function policy(
  spec: string,
  name = 'ap',
  namespace = 'shop',
  annotations = '',
) {
  return `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: ${name}, namespace: ${namespace}, annotations: { ${annotations} } }\nspec: ${spec}\n---\n`;
}
function peerAuthentication(
  spec: string,
  name = 'pa',
  namespace = 'shop',
  more = '',
) {
  return `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: ${name}, namespace: ${namespace}${more} }\nspec: ${spec}\n---\n`;
}
function service(port: string) {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: orders, namespace: shop }\nspec: { selector: { app: orders }, ports: [{ port: 80, targetPort: 8080, ${port} }] }\n---\n`;
}
const sidecar: Options = { mesh: 'sidecar' };
const http = service('name: http');
const get = (path = '/orders/7', method = 'GET') => ({
  http: { method, path, host: 'orders.shop' },
});
const onMesh = (
  yaml: string,
  call: Partial<Call> = {},
  options: Options = {},
) =>
  verdict(
    shop + http + yaml,
    { ...get(), ...call },
    { ...sidecar, ...options },
  );

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

  it('4.9: ALLOW without rules refuses all; a rule without anything admits all; DENY without rules refuses nothing', () => {
    expect(onMesh(policy('{}'))).toBe('deny');
    expect(onMesh(policy('{ rules: [{}] }'), { from: stranger })).toBe('allow');
    expect(onMesh(policy('{ action: DENY }'))).toBe('allow');
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
      kinds(shop + http + policy(`{ rules: [{ ${rule} }] }`), get(), sidecar),
    ).toEqual([kind]);
  });

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

describe('Mutual TLS', () => {
  const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
  // The stranger's namespace has no sidecars; the shop's has.
  const half = `${shop}apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: other }\n---\n`;

  it('STRICT refuses callers without a mesh, PERMISSIVE takes them, and sidecars negotiate', () => {
    expect(verdict(half + strict, { from: stranger })).toBe('deny');
    expect(verdict(half + strict)).toBe('allow');
    expect(verdict(half, { from: stranger })).toBe('allow');
    expect(verdict(half + strict, { from: '203.0.113.7' })).toBe('deny');
  });

  it('a DestinationRule that disables TLS makes sidecars send plaintext', () => {
    const rule =
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: dr, namespace: shop }\nspec: { host: orders, trafficPolicy: { tls: { mode: DISABLE } } }\n---\n';
    expect(verdict(half + http + strict + rule)).toBe('deny');
    expect(verdict(half + http + rule)).toBe('allow');
    // Only one of two Services is spoken to that way: what holds depends on the way in.
    expect(
      kinds(
        half +
          http +
          http.replace('name: orders,', 'name: orders2,') +
          strict +
          rule,
      ),
    ).toEqual(['way-in']);
  });

  it('the most specific policy wins, UNSET inherits, the default is PERMISSIVE', () => {
    const root = peerAuthentication(
      '{ mtls: { mode: STRICT } }',
      'root',
      'istio-system',
    );
    const own = (mode: string) =>
      peerAuthentication(
        `{ selector: { matchLabels: { app: orders } }, mtls: { mode: ${mode} } }`,
        'own',
      );
    expect(verdict(half + root, { from: stranger })).toBe('deny');
    expect(
      verdict(
        half + root + peerAuthentication('{ mtls: { mode: PERMISSIVE } }'),
        { from: stranger },
      ),
    ).toBe('allow');
    expect(
      verdict(
        half +
          root +
          peerAuthentication('{ mtls: { mode: PERMISSIVE } }') +
          own('STRICT'),
        { from: stranger },
      ),
    ).toBe('deny');
    expect(verdict(half + root + own('UNSET'), { from: stranger })).toBe(
      'deny',
    );
  });

  it("I2: a port-level mode overrides the workload's, on the workload port, and needs a selector", () => {
    const port = (
      number: number,
      selector = 'selector: { matchLabels: { app: orders } }, ',
    ) =>
      peerAuthentication(
        `{ ${selector}mtls: { mode: STRICT }, portLevelMtls: { ${number}: { mode: PERMISSIVE } } }`,
      );
    expect(verdict(half + http + port(8080), { from: stranger })).toBe('allow');
    expect(verdict(half + http + port(80), { from: stranger })).toBe('deny');
    expect(worldOf(half + port(8080, '')).findings).toMatchObject([
      { code: 'invalid-object' },
    ]);
    expect(kinds(half + port(8080, ''), { from: stranger })).toEqual([
      'invalid-object',
    ]);
  });

  it('A11 (a): in the root namespace one with a selector is ignored for mutual TLS', () => {
    const root = peerAuthentication(
      '{ selector: { matchLabels: { app: orders } }, mtls: { mode: STRICT } }',
      'root',
      'istio-system',
    );
    expect(verdict(half + root, { from: stranger })).toBe('allow');
    expect(worldOf(half + root).findings).toMatchObject([
      { code: 'no-effect' },
    ]);
  });

  it('A11 (b): among equals the oldest wins; without times the verdict is conditional', () => {
    const at = (name: string, mode: string, time: string) =>
      peerAuthentication(
        `{ mtls: { mode: ${mode} } }`,
        name,
        'shop',
        time === '' ? '' : `, creationTimestamp: '${time}'`,
      );
    const [old, young] = ['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'];
    expect(
      verdict(half + at('a', 'STRICT', young) + at('b', 'PERMISSIVE', old), {
        from: stranger,
      }),
    ).toBe('allow');
    expect(
      verdict(half + at('a', 'STRICT', old) + at('b', 'PERMISSIVE', young), {
        from: stranger,
      }),
    ).toBe('deny');
    expect(
      kinds(half + at('a', 'STRICT', '') + at('b', 'PERMISSIVE', ''), {
        from: stranger,
      }),
    ).toEqual(['policy-age-unknown']);
    expect(
      verdict(half + at('a', 'STRICT', '') + at('b', 'STRICT', ''), {
        from: stranger,
      }),
    ).toBe('deny');
  });
});

describe('What is not known is said', () => {
  it('a workload of which nobody says whether it has a sidecar: conditional only where it matters', () => {
    expect(kinds(shop + policy('{}'), {}, { mesh: 'detect' })).toEqual([
      'mesh-guess',
    ]);
    expect(
      verdict(shop + policy('{ rules: [{}] }'), {}, { mesh: 'detect' }),
    ).toBe('allow');
    expect(
      verdict(
        shop + policy('{}') + toOrders('ingress: []'),
        {},
        { mesh: 'detect' },
      ),
    ).toBe('deny');
    expect(verdict(shop + policy('{}'), {}, { mesh: 'none' })).toBe('allow');
  });

  it("ambient is not judged yet: TCP is conditional whatever policies say, UDP is the kernel's", () => {
    const closed = shop + toOrders('ingress: []');
    expect(kinds(closed, {}, { mesh: 'ambient' })).toEqual([
      'not-supported-yet',
    ]);
    expect(verdict(closed, { protocol: 'UDP' }, { mesh: 'ambient' })).toBe(
      'deny',
    );
    expect(worldOf(shop, { mesh: 'ambient' }).findings).toMatchObject([
      { code: 'not-judged-yet' },
    ]);
  });

  it.each([
    ['cilium.io/v2', 'CiliumNetworkPolicy', 'shop', 'conditional', 'allow'],
    [
      'cilium.io/v2',
      'CiliumClusterwideNetworkPolicy',
      '',
      'conditional',
      'conditional',
    ],
    [
      'projectcalico.org/v3',
      'GlobalNetworkPolicy',
      '',
      'conditional',
      'conditional',
    ],
    [
      'crd.projectcalico.org/v1',
      'NetworkPolicy',
      'shop',
      'conditional',
      'allow',
    ],
    [
      'policy.networking.k8s.io/v1alpha1',
      'AdminNetworkPolicy',
      '',
      'conditional',
      'conditional',
    ],
    [
      'networking.istio.io/v1alpha3',
      'EnvoyFilter',
      'shop',
      'conditional',
      'allow',
    ],
  ])(
    '%s %s is a finding, and what it may touch is conditional',
    (apiVersion, kind, namespace, touched, untouched) => {
      const object = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x${
        namespace === '' ? '' : `, namespace: ${namespace}`
      } }\nspec: {}\n---\n`;
      const yaml = shop + deployment('other/second') + object;
      expect(worldOf(yaml, sidecar).findings).toMatchObject([
        { code: 'unmodelled-policy', at: { file: 'world.yaml' } },
      ]);
      expect(verdict(yaml, {}, sidecar)).toBe(touched);
      expect(
        verdict(
          yaml,
          { from: stranger, to: 'other/Deployment/second' },
          sidecar,
        ),
      ).toBe(untouched);
    },
  );

  it("a policy kind of another mesh is not mistaken for Istio's", () => {
    const linkerd =
      'apiVersion: policy.linkerd.io/v1alpha1\nkind: AuthorizationPolicy\nmetadata: { name: x, namespace: shop }\nspec: {}\n---\n';
    expect(kinds(shop + linkerd)).toContain('unmodelled-policy');
  });

  it('O7: a call between two clusters is not judged', () => {
    const { objects } = worldOf(shop).clusters[0];
    const raw = objects.map(({ object }) => object);
    const world = createWorld([
      clusterOf(raw, { name: 'a' }),
      clusterOf(raw, { name: 'b' }),
    ]);
    expect(
      evaluate(world, { from: `a:${checkout}`, to: `b:${orders}`, port: 8080 }),
    ).toMatchObject({
      verdict: 'conditional',
      conditions: [{ kind: 'not-supported-yet' }],
    });
    expect(
      evaluate(world, { from: `a:${checkout}`, to: `a:${orders}`, port: 8080 })
        .verdict,
    ).toBe('allow');
    expect(
      evaluate(world, { from: checkout, to: orders, port: 8080 }).conditions[0]
        .kind,
    ).toBe('unknown-workload');
  });
});
