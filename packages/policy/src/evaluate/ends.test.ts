import { Cluster, Workload } from '../estate/types';
import { evaluate } from './evaluate';
import { createWorld } from './World';
import {
  checkout,
  networkPolicy,
  orders,
  peerAuthentication,
  policy,
  shop,
  toOrders,
} from './__testUtils__/ask';
import { clusterOf, statedProfile, worldOf } from './__testUtils__/worlds';
import { Call } from './types';

/** Each test names the row of the design's table of traps that it is about. */

const HOST = 'shop/WorkloadEntry/billing';
const host: Workload = {
  id: HOST,
  cluster: 'c',
  namespace: 'shop',
  kind: 'WorkloadEntry',
  name: 'billing',
  podLabels: { app: 'billing' },
  labels: {},
  objectAnnotations: {},
  annotations: {},
  serviceAccount: 'billing',
  containerPorts: [],
  hostNetwork: false,
  replicas: 'one',
  mesh: 'sidecar',
  meshIsGuess: false,
  runsOn: 'host',
  addresses: ['192.0.2.7'],
  hbone: false,
  sendsHbone: 'unknown',
  inboundExcludedPorts: [],
  at: { file: 'world.yaml' },
};

function judge(yaml: string, call: Call) {
  const [cluster] = worldOf(shop + yaml, { mesh: 'sidecar' }).clusters;
  const withHost: Cluster = {
    ...cluster,
    workloads: [...cluster.workloads, host],
  };
  return evaluate(createWorld([withHost]), call);
}

describe('Hosts in the mesh', () => {
  const toHost = { from: checkout, to: HOST, port: 8080 };
  const fromHost = { from: HOST, to: orders, port: 8080 };
  const block = (cidr: string) =>
    toOrders(`ingress: [{ from: [{ ipBlock: { cidr: ${cidr} } }] }]`);

  it('are admitted by their address, never by labels', () => {
    expect(judge(block('192.0.2.0/24'), fromHost).verdict).toBe('allow');
    expect(judge(block('10.0.0.0/8'), fromHost).verdict).toBe('deny');
    expect(
      judge(toOrders('ingress: [{ from: [{ podSelector: {} }] }]'), fromHost)
        .verdict,
    ).toBe('deny');
  });

  it('are reached where the egress of the caller admits their address', () => {
    const egress = (cidr: string) =>
      networkPolicy(
        `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }] }`,
      );
    expect(judge(egress('192.0.2.7/32'), toHost).verdict).toBe('allow');
    expect(judge(egress('10.0.0.0/8'), toHost).verdict).toBe('deny');
  });

  it('O1: no network policy closes them, and a proxy enforces what selects the labels of the entry', () => {
    const closed = networkPolicy('{ podSelector: {} }');
    expect(judge(closed, toHost).verdict).toBe('allow');
    const only = (account: string) =>
      policy(
        `{ selector: { matchLabels: { app: billing } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/${account}] } }] }] }`,
      );
    expect(judge(only('checkout'), toHost).verdict).toBe('allow');
    expect(judge(only('orders'), toHost).verdict).toBe('deny');
    const strict = peerAuthentication('{ mtls: { mode: STRICT } }');
    expect(judge(strict, { ...toHost, from: '10.0.0.7' }).verdict).toBe('deny');
  });

  it('come with the identity of their service account', () => {
    const only = policy(
      '{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { serviceAccounts: [billing] } }] }] }',
    );
    expect(judge(only, fromHost).verdict).toBe('allow');
    expect(judge(only, { ...fromHost, from: checkout }).verdict).toBe('deny');
  });
});

describe('Calls between clusters (O7)', () => {
  const objectsOf = (yaml: string) =>
    worldOf(shop + yaml).clusters[0].objects.map(({ object }) => object);
  const world = (
    yaml: string,
    network: { a?: string; b?: string },
    trust: { a?: string; aliases?: string[] } = {},
  ) => {
    const { mesh } = statedProfile();
    const build = (name: 'a' | 'b', text: string, domain?: string) =>
      clusterOf(objectsOf(text), {
        name,
        mesh: 'sidecar',
        profile: statedProfile({
          name,
          mesh: {
            ...mesh,
            ...(domain ? { trustDomain: domain } : {}),
            ...(name === 'b'
              ? { trustDomainAliases: trust.aliases ?? [] }
              : {}),
            ...(network[name] ? { network: network[name] } : {}),
          },
        }),
      });
    return createWorld([build('a', '', trust.a), build('b', yaml)]);
  };
  const call = { from: `a:${checkout}`, to: `b:${orders}`, port: 8080 };
  const onOne = { a: 'net', b: 'net' };
  const only = policy(
    '{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { serviceAccounts: [checkout] } }] }] }',
  );

  it('are judged where both clusters state one network: by identity and by address', () => {
    expect(evaluate(world(only, onOne), call).verdict).toBe('allow');
    expect(
      evaluate(world(only, onOne), { ...call, from: `a:${orders}` }).verdict,
    ).toBe('deny');
    // No policy selects pods of another cluster.
    expect(
      evaluate(
        world(toOrders('ingress: [{ from: [{ podSelector: {} }] }]'), onOne),
        call,
      ).verdict,
    ).toBe('deny');
  });

  it.each([{}, { a: 'net' }, { a: 'net', b: 'other' }])(
    'are conditional where that is not so: %p',
    network => {
      expect(evaluate(world(only, network), call)).toMatchObject({
        verdict: 'conditional',
        conditions: [{ kind: 'not-supported-yet' }],
      });
    },
  );

  it('I5: another trust domain is taken where it is stated as an alias', () => {
    const foreign = { a: 'td-a' };
    expect(evaluate(world('', onOne, foreign), call)).toMatchObject({
      verdict: 'conditional',
      conditions: [{ kind: 'identity-unknown' }],
    });
    expect(
      evaluate(world('', onOne, { ...foreign, aliases: ['td-a'] }), call)
        .verdict,
    ).toBe('allow');
  });
});

describe('Gateways as callers and providers', () => {
  const gateway = `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: edge, namespace: shop }\nspec: { gatewayClassName: istio, listeners: [] }\n---\n`;
  const edge = 'shop/Deployment/edge-istio';
  const sidecars = { mesh: 'sidecar' as const };

  it('I7: a provider sees the identity of the gateway, not of whoever is behind it', () => {
    const only = policy(
      '{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/edge-istio] } }] }] }',
    );
    const world = worldOf(
      shop + gateway + only + peerAuthentication('{ mtls: { mode: STRICT } }'),
      sidecars,
    );
    expect(
      evaluate(world, { from: edge, to: orders, port: 8080 }).verdict,
    ).toBe('allow');
    expect(
      evaluate(world, { from: '203.0.113.9', to: orders, port: 8080 }).verdict,
    ).toBe('deny');
  });

  it('a gateway enforces what targets it, selects its pods, or holds for the whole mesh', () => {
    const call = { from: '203.0.113.9', to: edge, port: 80 };
    const verdictWith = (yaml: string) =>
      evaluate(worldOf(shop + gateway + yaml, sidecars), call).verdict;
    const target =
      'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: edge }]';
    expect(verdictWith('')).toBe('allow');
    expect(verdictWith(policy(`{ ${target}, rules: [] }`))).toBe('deny');
    expect(verdictWith(policy('{}', 'all', 'istio-system'))).toBe('deny');
    const selector =
      'selector: { matchLabels: { gateway.networking.k8s.io/gateway-name: edge } }';
    expect(
      verdictWith(policy(`{ ${selector}, action: DENY, rules: [{}] }`)),
    ).toBe('deny');
    expect(
      verdictWith(
        policy('{ selector: { matchLabels: { app: orders } }, rules: [] }'),
      ),
    ).toBe('allow');
  });

  it('no PeerAuthentication closes a gateway: it is called without the mesh', () => {
    const strict = peerAuthentication(
      '{ mtls: { mode: STRICT } }',
      'all',
      'istio-system',
    );
    expect(
      evaluate(worldOf(shop + gateway + strict, sidecars), {
        from: '203.0.113.9',
        to: edge,
        port: 80,
      }).verdict,
    ).toBe('allow');
  });
});
