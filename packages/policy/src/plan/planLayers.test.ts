import { planYaml } from './__testUtils__/planYaml';
import {
  CATALOG,
  component,
  ESTATE,
  grant,
  namespace,
  policy,
  workload,
} from './__testUtils__/yaml';

const base = {
  catalog: CATALOG,
  policies: [policy()],
  estate: { prod: ESTATE },
};
const NONE = '{ mesh: { mode: none } }';

describe('plan: without mesh', () => {
  it('the whole port is told with the number that callers know it by, where that is another one', () => {
    const messageOf = (port: number) =>
      planYaml({
        ...base,
        estate: {
          prod: ESTATE.map(text =>
            text.includes('"kind":"Service"')
              ? text.replace('"port":8080', `"port":${port},"targetPort":8080`)
              : text,
          ),
        },
        profiles: { prod: NONE },
      }).errors.map(({ message }) => message);
    expect(messageOf(80)).toEqual([
      expect.stringMatching(
        /only its whole port 8080 \(port 80 of its Service\) can be opened$/,
      ),
    ]);
    expect(messageOf(8080)).toEqual([
      expect.stringMatching(/only its whole port 8080 can be opened$/),
    ]);
  });

  it('methods are an error until the gap is acknowledged', () => {
    expect(
      planYaml({ ...base, profiles: { prod: NONE } }).errors.map(
        ({ code }) => code,
      ),
    ).toEqual(['method-not-enforceable']);
    const { edges, errors } = planYaml({
      ...base,
      profiles: { prod: NONE },
      policies: [
        policy([grant(undefined, { acknowledges: ['method-not-enforced'] })]),
      ],
    });
    expect(errors).toEqual([]);
    expect(edges[0]).toMatchObject({
      row: 'plain-any',
      layers: {
        kernel: 'enforced',
        identity: 'none',
        method: 'acknowledged-gap',
      },
      gaps: ['method-not-enforced'],
    });
    expect(edges[0].http).toBeUndefined();
    expect(edges[0].from).not.toHaveProperty('principal');
  });

  it('nothing is granted where the network ignores policies', () => {
    const { errors } = planYaml({
      ...base,
      profiles: {
        prod: '{ mesh: { mode: none }, cni: { enforcesNetworkPolicy: false } }',
      },
    });
    expect(errors.map(({ code }) => code)).toEqual(['kernel-not-enforced']);
  });

  it('a caller without mesh needs an acknowledgement to reach a provider with a sidecar', () => {
    const plain = workload('checkout', { namespace: 'plain' });
    const estate = {
      prod: [
        namespace('plain', { 'istio-injection': 'disabled' }),
        ...ESTATE.slice(0, 2),
        plain,
      ],
    };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['identity-not-enforceable']);
    const { edges, isolations, errors } = planYaml({
      ...base,
      estate,
      policies: [
        policy([grant(undefined, { acknowledges: ['identity-not-enforced'] })]),
      ],
    });
    expect(errors).toEqual([]);
    expect(edges[0]).toMatchObject({
      row: 'mesh-plain',
      layers: {
        kernel: 'enforced',
        identity: 'acknowledged-gap',
        method: 'acknowledged-gap',
      },
    });
    expect(isolations[0].permissivePorts).toEqual([8080]);
  });
});

describe('plan: who the layers admit besides', () => {
  it('the default service account is refused unless acknowledged', () => {
    const estate = {
      prod: [
        ...ESTATE.slice(0, 2),
        workload('checkout', { serviceAccount: 'default' }),
      ],
    };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['default-service-account']);
    const { errors, edges } = planYaml({
      ...base,
      estate,
      policies: [
        policy([
          grant(undefined, { acknowledges: ['shared-service-account'] }),
        ]),
      ],
    });
    expect(errors).toEqual([]);
    expect(edges[0].gaps).toEqual(['shared-service-account']);
  });

  it('a service account that is shared with a stranger names the stranger', () => {
    const stranger = workload('stranger', { serviceAccount: 'checkout' });
    const { findings, errors } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, stranger] },
    });
    expect(errors).toEqual([]);
    expect(
      findings.find(({ code }) => code === 'identity-overgrant')?.objects,
    ).toEqual(['shop/Deployment/checkout', 'shop/Deployment/stranger']);
  });

  it('a caller on the host network is refused', () => {
    const estate = {
      prod: [
        ...ESTATE.slice(0, 2),
        workload('checkout', { hostNetwork: true }),
      ],
    };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['host-network-caller']);
  });

  it('a provider on the host network is refused, and so is closing it', () => {
    const host = workload('orders', {
      ports: [{ containerPort: 8080 }],
      hostNetwork: true,
    });
    const estate = { prod: [host, ...ESTATE.slice(1)] };
    expect(
      planYaml({ ...base, estate }).errors.map(({ code }) => code),
    ).toEqual(['host-network-provider']);
    expect(
      planYaml({ ...base, estate, policies: [policy([])] }).errors.map(
        ({ code }) => code,
      ),
    ).toEqual(['host-network-provider']);
  });

  it('pods that no label tells apart are an error that names the others', () => {
    const twin = workload('twin', {
      labels: {
        app: 'checkout',
        'backstage.io/kubernetes-id': 'checkout',
        extra: 'x',
      },
    });
    const catalog = [
      ...CATALOG.slice(0, 2),
      component(
        'checkout',
        {},
        { 'backstage.io/kubernetes-label-selector': 'app=checkout,!extra' },
      ),
    ];
    const { errors } = planYaml({
      ...base,
      catalog,
      estate: { prod: [...ESTATE, twin] },
    });
    expect(errors).toEqual([
      expect.objectContaining({
        code: 'kernel-overgrant',
        objects: ['shop/Deployment/checkout', 'shop/Deployment/twin'],
      }),
    ]);
  });

  it('a hand-written PeerAuthentication for the workload is an error', () => {
    const hand =
      '{ apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: { name: hand, namespace: shop }, spec: { selector: { matchLabels: { app: orders } }, mtls: { mode: PERMISSIVE } } }';
    const { errors } = planYaml({
      ...base,
      estate: { prod: [...ESTATE, hand] },
    });
    expect(errors.map(({ code }) => code)).toEqual([
      'peer-authentication-exists',
    ]);
    const wide = hand.replace(
      'selector: { matchLabels: { app: orders } }, ',
      '',
    );
    expect(
      planYaml({ ...base, estate: { prod: [...ESTATE, wide] } }).errors,
    ).toEqual([]);
  });

  it('isolation cuts replicas of a StatefulSet from each other until self is granted', () => {
    const estate = {
      prod: [
        workload('orders', {
          kind: 'StatefulSet',
          ports: [{ containerPort: 8080 }],
        }),
        ...ESTATE.slice(1),
      ],
    };
    expect(planYaml({ ...base, estate }).codes).toContain('cuts-peers');
    const own = grant('self', {
      id: 'replicas',
      operations: [{ tcp: { port: 8080 } }],
    });
    const { codes, edges } = planYaml({
      ...base,
      estate,
      policies: [policy([grant(), own])],
    });
    expect(codes).not.toContain('cuts-peers');
    expect(edges.map(({ from }) => from.id)).toContain(
      'shop/StatefulSet/orders',
    );
  });
});
