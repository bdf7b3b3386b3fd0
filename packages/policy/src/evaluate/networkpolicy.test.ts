import {
  orders,
  checkout,
  stranger,
  shop,
  ask,
  verdict,
  kinds,
  networkPolicy,
  toOrders,
} from './__testUtils__/ask';
import { deployment, statedProfile, worldOf } from './__testUtils__/worlds';

/** Each test names the row of the design's table of traps that it is about. */

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
          fqdnPolicies: false,
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
      'labels of a selector that are a list',
      'ingress: [{ from: [{ podSelector: { matchLabels: [a] } }] }]',
      'spec.ingress[0].from[0].podSelector.matchLabels',
    ],
    [
      'expressions of a selector that are text',
      'ingress: [{ from: [{ podSelector: { matchExpressions: "" } }] }]',
      'spec.ingress[0].from[0].podSelector.matchExpressions',
    ],
    [
      'values of an expression that are text',
      'ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: a, operator: Exists, values: b }] } }] }]',
      'spec.ingress[0].from[0].podSelector.matchExpressions[0].values',
    ],
    [
      'a field of an expression that does not exist',
      'ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: a, operator: Exists, value: b }] } }] }]',
      'spec.ingress[0].from[0].podSelector.matchExpressions[0].value',
    ],
    [
      'more policy types than there are',
      'policyTypes: [Ingress, Egress, Ingress]',
      'spec.policyTypes',
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
