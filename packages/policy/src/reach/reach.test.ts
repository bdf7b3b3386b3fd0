import {
  deployment,
  statedProfile,
  worldOf,
} from '../evaluate/__testUtils__/worlds';
import { diff } from './diff';
import { effectiveAccess } from './effectiveAccess';
import { reach } from './reach';

const shop =
  deployment('shop/orders') +
  deployment('shop/checkout') +
  deployment('other/stranger');

const ingress = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: orders, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: checkout } } }]
      ports: [{ port: 8080 }]
---
`;

const mesh = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: orders, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  rules:
    - from: [{ source: { principals: [cluster.local/ns/shop/sa/checkout] } }]
      to: [{ operation: { methods: [GET], paths: ['/orders/{*}'], ports: ['8080'] } }]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
`;

const service = `apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec: { selector: { app: orders }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
`;

const edgesTo = (world: Parameters<typeof reach>[0], to: string) =>
  reach(world, { outside: false })
    .edges.filter(edge => edge.to === to)
    .map(edge => edge.from);

describe('reach', () => {
  it('lists every pair of a world without policies, and no pod with itself', () => {
    const result = reach(worldOf(shop), { outside: false });
    expect(result.edges).toHaveLength(6);
    expect(result.edges[0]).toEqual({
      from: 'other/Deployment/stranger',
      to: 'shop/Deployment/checkout',
      access: ['TCP', 'UDP', 'SCTP'].map(protocol => ({
        protocol,
        ports: '1-65535',
        certainty: 'sure',
        layers: { kernel: 'open', identity: 'none', method: 'none' },
      })),
    });
  });

  it('lists a workload of several pods with itself', () => {
    const world = worldOf(deployment('shop/kafka', { replicas: 3 }));
    expect(
      reach(world, { outside: false }).edges.map(edge => [edge.from, edge.to]),
    ).toEqual([['shop/Deployment/kafka', 'shop/Deployment/kafka']]);
  });

  it('gives only the granted pair once a workload is isolated', () => {
    const world = worldOf(shop + ingress);
    expect(edgesTo(world, 'shop/Deployment/orders')).toEqual([
      'shop/Deployment/checkout',
    ]);
    expect(
      effectiveAccess(
        world,
        'other/Deployment/stranger',
        'shop/Deployment/orders',
      ).possible.isEmpty,
    ).toBe(true);
  });

  it('names methods, paths, transport and layers of a sidecar', () => {
    const world = worldOf(shop + ingress + mesh + service, { mesh: 'sidecar' });
    const [edge] = reach(world, { outside: false }).edges.filter(
      each => each.to === 'shop/Deployment/orders',
    );
    expect(edge).toMatchObject({
      from: 'shop/Deployment/checkout',
      access: [
        {
          protocol: 'TCP',
          ports: '8080',
          certainty: 'sure',
          transport: 'mtls',
          http: [{ methods: ['GET'], paths: ['/orders/{*}'], exact: true }],
          layers: {
            kernel: 'enforced',
            identity: 'enforced',
            method: 'enforced',
          },
        },
      ],
    });
    expect(edge.access).toHaveLength(1);
  });

  it('asks one layer alone', () => {
    const world = worldOf(shop + ingress + mesh + service, { mesh: 'sidecar' });
    const kernel = reach(world, {
      layer: 'kernel',
      outside: false,
    }).edges.filter(edge => edge.to === 'shop/Deployment/orders');
    expect(kernel.map(edge => edge.access[0].http)).toEqual([undefined]);
    const identity = reach(world, {
      layer: 'identity',
      outside: false,
    }).edges.filter(edge => edge.to === 'shop/Deployment/orders');
    expect(
      identity.map(edge => [
        edge.from,
        edge.access
          .filter(access => access.protocol === 'TCP')
          .map(access => access.ports),
      ]),
    ).toEqual([
      // The proxy's own ports are not captured (I9), so that anybody reaches them.
      ['other/Deployment/stranger', ['15020-15021,15090']],
      ['shop/Deployment/checkout', ['8080', '15020-15021,15090']],
    ]);
  });

  it('puts addresses outside that are treated alike into one class', () => {
    const policy = ingress.replace(
      '- from: [{ podSelector: { matchLabels: { app: checkout } } }]',
      '- from: [{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.7/32] } }]',
    );
    const profile = statedProfile({
      network: {
        podCidrs: ['10.0.0.0/8'],
        nodeCidrs: [],
        serviceCidrs: ['172.20.0.0/16'],
      },
    });
    const inward = reach(worldOf(shop + policy, { profile })).edges.filter(
      edge => edge.to === 'shop/Deployment/orders',
    );
    expect(inward.map(edge => edge.from)).toEqual([
      {
        cidrs: [
          '203.0.113.0/30',
          '203.0.113.4/31',
          '203.0.113.6/32',
          '203.0.113.8/29',
          '203.0.113.16/28',
          '203.0.113.32/27',
          '203.0.113.64/26',
          '203.0.113.128/25',
        ],
      },
    ]);
    const outward = reach(worldOf(shop, { profile })).edges.filter(
      edge => typeof edge.to !== 'string',
    );
    const [first] = outward.map(edge =>
      typeof edge.to === 'string' ? [] : edge.to.cidrs,
    );
    expect(first).not.toContain('10.0.0.0/8');
    expect(first).toContain('::/0');
  });

  it('is sure of an address that is in one of two blocks, whichever it is', () => {
    const halves = ingress.replace(
      'podSelector: { matchLabels: { app: checkout } } }]',
      'ipBlock: { cidr: 10.0.0.0/9 } }, { ipBlock: { cidr: 10.128.0.0/9 } }]',
    );
    const profile = statedProfile({
      network: { podCidrs: ['10.0.0.0/8'], nodeCidrs: [], serviceCidrs: [] },
    });
    const world = worldOf(shop + halves, { profile });
    const { sure, possible } = effectiveAccess(
      world,
      'other/Deployment/stranger',
      'shop/Deployment/orders',
    );
    expect([sure.isEmpty, sure.equals(possible)]).toEqual([false, true]);
  });

  it('says with certainty possible and its conditions what rests on an address that nobody knows', () => {
    const policy = ingress.replace(
      'podSelector: { matchLabels: { app: checkout } } }]',
      'ipBlock: { cidr: 10.1.0.0/16 } }]',
    );
    const profile = statedProfile({
      network: { podCidrs: ['10.0.0.0/8'], nodeCidrs: [], serviceCidrs: [] },
    });
    const [edge] = reach(worldOf(shop + policy, { profile }), {
      outside: false,
    }).edges.filter(each => each.to === 'shop/Deployment/orders');
    expect(edge.access).toMatchObject([
      {
        certainty: 'possible',
        conditions: [{ kind: 'pod-address-unknown' }],
        layers: { kernel: 'conditional' },
      },
    ]);
  });
});

describe('diff', () => {
  const isEmpty = (result: ReturnType<typeof diff>) =>
    result.gained.length +
      result.lost.length +
      result.changed.length +
      result.layers.length +
      result.isolation.length ===
    0;

  it('is empty for worlds that mean the same, however they are written', () => {
    const expressions = ingress
      .replace(
        'podSelector: { matchLabels: { app: orders } }',
        'podSelector: { matchExpressions: [{ key: app, operator: In, values: [orders] }] }',
      )
      .replace(
        'podSelector: { matchLabels: { app: checkout } }',
        'podSelector: { matchLabels: { app: checkout } }, namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: shop } }',
      )
      .replace(
        '{ port: 8080 }',
        '{ port: http, protocol: TCP }, { port: 8080, endPort: 8080 }',
      );
    expect(expressions).not.toBe(ingress);
    expect(
      isEmpty(diff(worldOf(shop + ingress), worldOf(expressions + shop))),
    ).toBe(true);
    const open =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: all, namespace: shop }\nspec: { podSelector: {}, ingress: [{}] }\n';
    expect(isEmpty(diff(worldOf(shop), worldOf(shop + open)))).toBe(true);
  });

  it('S8: tells gained, lost and the flip to default-deny, each with a call', () => {
    const result = diff(worldOf(shop), worldOf(shop + ingress));
    expect(result.gained).toEqual([]);
    expect(
      result.lost
        .filter(edge => typeof edge.from === 'string')
        .map(edge => [edge.from, edge.to]),
    ).toEqual([['other/Deployment/stranger', 'shop/Deployment/orders']]);
    expect(result.changed).toMatchObject([
      {
        from: 'shop/Deployment/checkout',
        gained: [],
        witness: { protocol: 'TCP', port: 1 },
      },
    ]);
    expect(result.changed[0].lost.map(access => access.ports)).toEqual([
      '1-8079,8081-65535',
      '1-65535',
      '1-65535',
    ]);
    expect(result.isolation).toMatchObject([
      {
        workload: 'shop/Deployment/orders',
        direction: 'ingress',
        layer: 'kernel',
        ports: '*',
        before: 'open',
        after: 'isolated',
        witness: {
          from: 'other/Deployment/stranger',
          to: 'shop/Deployment/orders',
        },
      },
    ]);
  });

  it('S8: tells the flip that the first ALLOW of a sidecar makes', () => {
    const withoutStrict = mesh.slice(
      0,
      mesh.indexOf(
        'apiVersion: security.istio.io/v1\nkind: PeerAuthentication',
      ),
    );
    const result = diff(
      worldOf(shop, { mesh: 'sidecar' }),
      worldOf(shop + withoutStrict, { mesh: 'sidecar' }),
    );
    expect(result.isolation).toMatchObject([
      {
        workload: 'shop/Deployment/orders',
        layer: 'identity',
        before: 'open',
        after: 'isolated',
      },
    ]);
  });

  it('tells the loss of one of two defences, though the whole verdict stays', () => {
    const both = worldOf(shop + ingress + mesh + service, { mesh: 'sidecar' });
    const meshOnly = worldOf(shop + mesh + service, { mesh: 'sidecar' });
    const result = diff(both, meshOnly);
    const stranger = result.layers.filter(
      change =>
        change.from === 'other/Deployment/stranger' &&
        change.to === 'shop/Deployment/orders',
    );
    expect(stranger.map(change => change.layer)).toEqual(['kernel']);
    expect(stranger[0].gained[0].protocol).toBe('TCP');
  });

  it('tells methods and paths that change', () => {
    const wider = mesh.replace('methods: [GET]', 'methods: [GET, POST]');
    const result = diff(
      worldOf(shop + mesh + service, { mesh: 'sidecar' }),
      worldOf(shop + wider + service, { mesh: 'sidecar' }),
    );
    expect(result.changed).toMatchObject([
      {
        from: 'shop/Deployment/checkout',
        to: 'shop/Deployment/orders',
        gained: [
          {
            ports: '8080',
            http: [{ methods: ['POST'], paths: ['/orders/{*}'] }],
          },
        ],
        lost: [],
        witness: { port: 8080, http: { method: 'POST' } },
      },
    ]);
    expect([result.gained, result.lost, result.isolation]).toEqual([
      [],
      [],
      [],
    ]);
  });
});
