import { FINDINGS, findingTexts } from '../findings';
import { planYaml } from './__testUtils__/planYaml';
import {
  api,
  CATALOG,
  component,
  ESTATE,
  namespace,
  policy,
} from './__testUtils__/yaml';

const base = {
  catalog: CATALOG,
  policies: [policy()],
  estate: { prod: ESTATE },
};

describe('plan: modes and several APIs on one workload', () => {
  const catalog = [
    api(),
    api({ name: 'returns' }),
    component('orders', {
      owner: 'orders-team',
      providesApis: ['orders', 'returns'],
    }),
    CATALOG[2],
  ];

  it('APIs of one workload in different modes are an error of both', () => {
    const { errors } = planYaml({
      ...base,
      catalog,
      policies: [policy(), policy(undefined, { mode: 'audit' }, 'returns')],
    });
    expect(errors.map(({ code, api: about }) => [code, about])).toEqual([
      ['mode-conflict', 'api:default/orders'],
      ['mode-conflict', 'api:default/returns'],
    ]);
  });

  it('isolates a workload once for all its APIs', () => {
    const { isolations } = planYaml({
      ...base,
      catalog,
      policies: [policy(), policy(undefined, {}, 'returns')],
    });
    expect(isolations.map(({ apis }) => apis)).toEqual([
      ['api:default/orders', 'api:default/returns'],
    ]);
  });

  it.each(['observe', 'audit'])('in mode %s nothing is enforced', mode => {
    const { edges, errors } = planYaml({
      ...base,
      policies: [policy(undefined, { mode })],
    });
    expect(errors).toEqual([]);
    expect(edges[0].layers).toEqual({
      kernel: 'none',
      identity: 'none',
      method: 'none',
    });
  });
});

describe('plan: egress', () => {
  const closed =
    '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: no-egress, namespace: shop }, spec: { podSelector: {}, policyTypes: [Egress] } }';

  it('knows that a hand-written policy closes the caller', () => {
    const { edges, findings } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, closed] },
    });
    expect(edges[0].egress).toBe('isolated-by-others');
    const told = findings.find(({ code }) => code === 'caller-egress-isolated');
    // Pages show the title, and of the message what it says beyond that: otherwise it would be told twice.
    const { title } = FINDINGS['caller-egress-isolated'];
    const { message } = findingTexts(told!, {
      workload: () => 'Checkout',
      entity: ref => ref,
    });
    expect(message).toBe(`${title} on what Checkout may call`);
  });

  it.each([
    [
      'component',
      {
        ...base,
        catalog: [
          ...CATALOG.slice(0, 2),
          component(
            'checkout',
            {},
            {
              'backstage.io/kubernetes-id': 'checkout',
              'callgate.dev/egress': 'enforce',
            },
          ),
        ],
      },
      ['shop/Deployment/checkout'],
    ],
    [
      'namespace',
      {
        ...base,
        estate: {
          prod: [
            namespace('shop', { 'callgate.dev/egress': 'enforce' }),
            ...ESTATE,
          ],
        },
      },
      ['shop/Deployment/checkout', 'shop/Deployment/orders'],
    ],
  ])(
    'closes callers where a %s asks for it, with DNS and control plane open',
    (_, texts, workloads) => {
      const { isolations, plumbing, edges } = planYaml(texts);
      expect(edges[0].egress).toBe('isolated-by-callgate');
      expect(
        isolations
          .filter(({ direction }) => direction === 'egress')
          .map(({ workload: end }) => end.id),
      ).toEqual(workloads);
      const checkout = plumbing.filter(
        ({ workload: end }) => end.id === 'shop/Deployment/checkout',
      );
      expect(checkout.map(({ purpose, ports }) => [purpose, ports])).toEqual([
        ['control-plane', [{ protocol: 'TCP', port: 15012 }]],
        [
          'dns',
          [
            { protocol: 'TCP', port: 53 },
            { protocol: 'UDP', port: 53 },
          ],
        ],
      ]);
    },
  );

  it('opens what the profile names, of whatever protocol', () => {
    const { plumbing } = planYaml({
      ...base,
      profiles: {
        prod: '{ mesh: { mode: none }, telemetry: [{ namespace: monitoring, ports: [{ port: 38412, protocol: SCTP }] }] }',
      },
      estate: {
        prod: [
          namespace('shop', { 'callgate.dev/egress': 'enforce' }),
          ...ESTATE,
        ],
      },
    });
    expect(
      plumbing
        .filter(({ purpose }) => purpose === 'telemetry')
        .map(({ ports }) => ports),
    ).toContainEqual([{ protocol: 'SCTP', port: 38412 }]);
  });
});
