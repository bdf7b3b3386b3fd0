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

describe('plan: the port of a host outside', () => {
  const planned = (port: string) =>
    planYaml({
      catalog: [
        api({ annotations: { 'callgate.dev/port': port } }),
        component(
          'orders',
          { providesApis: ['orders'] },
          { 'callgate.dev/addresses': '198.51.100.7' },
        ),
        component(
          'checkout',
          {},
          {
            'backstage.io/kubernetes-id': 'checkout',
            'callgate.dev/egress': 'enforce',
          },
        ),
      ],
      policies: [
        policy([grant(undefined, { acknowledges: ['method-not-enforced'] })]),
      ],
      estate: { prod: ESTATE },
    });

  it('is the number that the API names', () => {
    expect(planned('9100').edges).toMatchObject([
      { row: 'host-outside', port: 9100 },
    ]);
  });

  // NetworkPolicy admits 1 to 65535; a host outside has no Service that could give a name a number.
  it.each(['0', '65536', '-1', '1e3', '', 'http'])(
    'is not %j: an error, and nothing is opened',
    port => {
      const { edges, codes } = planned(port);
      expect(edges).toEqual([]);
      expect(codes).toContain('port-not-found');
    },
  );
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

  it.each([
    ['UDP', { udp: { port: 53 } }],
    ['SCTP', { sctp: { port: 53 } }],
  ])('%s has only the kernel layer, also between sidecars', (protocol, own) => {
    const { edges, errors } = planYaml({
      ...base,
      policies: [policy([grant(undefined, { operations: [own] })])],
      estate: {
        prod: [
          ESTATE[0],
          service('orders', [{ name: 'n2', port: 53, protocol }]),
          ESTATE[2],
        ],
      },
    });
    expect(errors).toEqual([]);
    expect(edges[0]).toMatchObject({
      protocol,
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
