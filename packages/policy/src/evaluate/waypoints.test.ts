import { PlatformProfile } from '../profile/types';
import { evaluate } from './evaluate';
import { Call } from './types';
import {
  checkout,
  kinds,
  networkPolicy,
  orders,
  policy,
  stranger,
  toOrders,
  verdict,
} from './__testUtils__/ask';
import { deployment, statedProfile, worldOf } from './__testUtils__/worlds';

/** Each test names the row of the design's table of traps that it is about. */

const namespace = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n---\n`;
const waypoint = (serves = 'service', name = 'wp', home = 'shop') =>
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${home}, labels: { istio.io/waypoint-for: ${serves} } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
`;
const service = (name = 'orders', more = '', labels = '') =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop, labels: { ${labels} } }\nspec: { selector: { app: orders }, ${more} ports: [{ name: http, port: 80, targetPort: 8080 }] }\n---\n`;
const USED = 'istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp';
const pods =
  deployment('shop/orders') +
  deployment('shop/checkout') +
  deployment('other/stranger');
const world =
  pods +
  namespace('shop', USED) +
  namespace('other', 'istio-injection: enabled') +
  service();
const shopWith = (serves = 'service') => world + waypoint(serves);

const get: Partial<Call> = {
  http: { method: 'GET', path: '/orders/7', host: 'orders' },
};
const post: Partial<Call> = {
  http: { method: 'POST', path: '/orders/7', host: 'orders' },
};
const viaService: Partial<Call> = { via: { service: 'shop/orders', port: 80 } };
const viaPod: Partial<Call> = { via: 'pod' };

const CHECKOUT = '{ principals: [cluster.local/ns/shop/sa/checkout] }';
const WAYPOINT = '{ principals: [cluster.local/ns/shop/sa/wp] }';
const toService = (rules: string, more = '') =>
  policy(
    `{ targetRefs: [{ kind: Service, name: orders }], ${more} rules: ${rules} }`,
    'l7',
  );
const getOnly = toService(
  `[{ from: [{ source: ${CHECKOUT} }], to: [{ operation: { methods: [GET] } }] }]`,
);
const admits = (source: string) =>
  policy(
    `{ selector: { matchLabels: { app: orders } }, rules: [{ from: [{ source: ${source} }] }] }`,
    'l4',
  );
const meshWith = (change: Partial<PlatformProfile['mesh']>) => {
  const { mesh } = statedProfile();
  return { profile: statedProfile({ mesh: { ...mesh, ...change } }) };
};

describe('Waypoints', () => {
  it('decide about methods where the Service is called, and admit nobody else', () => {
    const yaml = shopWith() + getOnly + admits(WAYPOINT);
    expect(verdict(yaml, { ...get, ...viaService })).toBe('allow');
    expect(verdict(yaml, { ...post, ...viaService })).toBe('deny');
    // The pod's own address is closed: only the waypoint gets in.
    expect(verdict(yaml, { ...get, ...viaPod })).toBe('deny');
    expect(verdict(yaml, get)).toBe('allow');
    expect(verdict(yaml, post)).toBe('deny');
  });

  it('A6: the provider sees the waypoint: a policy that admits the callers only refuses everybody', () => {
    const yaml = shopWith() + getOnly + admits(CHECKOUT);
    expect(verdict(yaml, { ...get, ...viaService })).toBe('deny');
    // Past the waypoint the caller comes with its own name: what holds depends on what it calls.
    expect(verdict(yaml, { ...post, ...viaPod })).toBe('allow');
    expect(kinds(yaml, get)).toEqual(['way-in']);
  });

  it('A6: sidecars do not use waypoints and come with their own name, without methods', () => {
    const labelled = deployment('other/stranger', {
      labels: 'networking.istio.io/tunnel: http',
    });
    const yaml =
      shopWith().replace(deployment('other/stranger'), labelled) + getOnly;
    expect(verdict(yaml + admits(WAYPOINT), { ...get, from: stranger })).toBe(
      'deny',
    );
    const direct = admits(
      '{ principals: [cluster.local/ns/other/sa/stranger] }',
    );
    expect(
      verdict(yaml + direct, { ...post, from: stranger, ...viaService }),
    ).toBe('allow');
  });

  it('A6: a gateway uses them only where the Service says so', () => {
    const gateway = `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: edge, namespace: shop }\nspec: { gatewayClassName: istio, listeners: [] }\n---\n`;
    const edge = { from: 'shop/Deployment/edge-istio', ...viaService };
    const closed = toService('[]') + gateway + waypoint();
    expect(verdict(world + closed, { ...get, ...edge })).toBe('allow');
    const opted = world.replace(
      service(),
      service('orders', '', 'istio.io/ingress-use-waypoint: "true"'),
    );
    expect(verdict(opted + closed, { ...get, ...edge })).toBe('deny');
  });

  it('A7: the kernel must admit caller to waypoint and waypoint to provider, both on 15008', () => {
    const app = (name: string) =>
      `ingress: [{ from: [{ podSelector: { matchLabels: { ${name} } } }], ports: [{ port: 15008 }] }]`;
    const fromWaypoint = toOrders(
      app('gateway.networking.k8s.io/gateway-name: wp'),
    );
    const intoWaypoint = (who: string) =>
      networkPolicy(
        `{ podSelector: { matchLabels: { gateway.networking.k8s.io/gateway-name: wp } }, ${app(
          who,
        )} }`,
        'into-waypoint',
      );
    const call = { ...get, ...viaService };
    expect(verdict(shopWith() + fromWaypoint, call)).toBe('allow');
    expect(verdict(shopWith() + toOrders(app('app: checkout')), call)).toBe(
      'deny',
    );
    expect(
      verdict(shopWith() + fromWaypoint + intoWaypoint('app: checkout'), call),
    ).toBe('allow');
    expect(
      verdict(shopWith() + fromWaypoint + intoWaypoint('app: nobody'), call),
    ).toBe('deny');
  });

  it('A8: calls to the address of a pod carry no policy of the Service, and only one of the Gateway', () => {
    const onGateway = policy(
      '{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: wp }], rules: [] }',
      'gateway',
    );
    const yaml = shopWith('all') + getOnly + admits(WAYPOINT);
    expect(verdict(yaml, { ...post, ...viaPod })).toBe('allow');
    expect(verdict(yaml + onGateway, { ...post, ...viaPod })).toBe('deny');
    // Without a word of the way it is neither: the Service refuses, the pod's address admits.
    expect(kinds(yaml, post)).toEqual(['way-in']);
  });

  it('A8: another Service of the same pods is another way in', () => {
    const yaml = shopWith() + service('second') + getOnly + admits(WAYPOINT);
    expect(
      verdict(yaml, { ...post, via: { service: 'shop/second', port: 80 } }),
    ).toBe('allow');
    expect(kinds(yaml, post)).toEqual(['way-in']);
    expect(verdict(yaml, get)).toBe('allow');
  });

  it.each([
    ['service', 'allow', 'deny'],
    ['workload', 'deny', 'allow'],
    ['all', 'allow', 'allow'],
    ['none', 'deny', 'deny'],
  ])(
    'A9: one for %s: the Service %s, the pod %s, where only the waypoint gets in',
    (serves, service_, pod) => {
      const yaml = shopWith(serves) + admits(WAYPOINT);
      expect(verdict(yaml, { ...get, ...viaService })).toBe(service_);
      expect(verdict(yaml, { ...get, ...viaPod })).toBe(pod);
    },
  );

  it('A9: a headless Service has no address to send to a waypoint', () => {
    const yaml =
      world.replace(service(), service('orders', 'clusterIP: None,')) +
      waypoint() +
      getOnly;
    expect(verdict(yaml, { ...post, ...viaService })).toBe('allow');
    expect(verdict(yaml + admits(WAYPOINT), { ...get, ...viaService })).toBe(
      'deny',
    );
  });

  it('A10: addresses are not those of the caller: a rule on them is conditional', () => {
    const yaml =
      shopWith() +
      toService('[{ from: [{ source: { ipBlocks: ["10.0.0.0/8"] } }] }]');
    expect(kinds(yaml, { ...get, ...viaService })).toEqual(['remote-address']);
  });

  it('A5: a policy with a selector, or with none, is not used by the waypoint', () => {
    const yaml =
      shopWith() +
      policy(
        '{ selector: { matchLabels: { gateway.networking.k8s.io/gateway-name: wp } }, rules: [] }',
      );
    expect(verdict(yaml, { ...get, ...viaService })).toBe('allow');
    expect(
      verdict(
        yaml,
        { ...get, ...viaService },
        meshWith({ layeredWaypointPolicies: true }),
      ),
    ).toBe('deny');
  });

  it("A5: one for a Service must stand in the Service's namespace, one for all waypoints in the root namespace", () => {
    const target =
      '{ targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], rules: [] }';
    const call = { ...get, ...viaService };
    expect(verdict(shopWith() + policy(target), call)).toBe('allow');
    expect(
      verdict(shopWith() + policy(target, 'all', 'istio-system'), call),
    ).toBe('deny');
    expect(
      verdict(
        shopWith() +
          toService('[]').replace('namespace: shop', 'namespace: other'),
        call,
      ),
    ).toBe('allow');
  });

  it("P2: ports in a waypoint's policy are ports of the Service", () => {
    const onPort = (port: number) =>
      toService(`[{ to: [{ operation: { ports: ["${port}"] } }] }]`);
    const call = { ...get, ...viaService };
    expect(verdict(shopWith() + onPort(80), call)).toBe('allow');
    expect(verdict(shopWith() + onPort(8080), call)).toBe('deny');
  });

  it('I4: principals stand for the trust domain and its aliases at a waypoint', () => {
    expect(
      verdict(
        shopWith() + getOnly,
        { ...get, ...viaService },
        meshWith({ trustDomain: 'prod' }),
      ),
    ).toBe('allow');
  });

  it('with PILOT_AUTO_ALLOW_WAYPOINT_POLICY providers admit their waypoints, and thereby nobody else', () => {
    const on = meshWith({ autoAllowWaypoint: true });
    expect(verdict(shopWith(), { ...get, ...viaService }, on)).toBe('allow');
    expect(verdict(shopWith(), { ...get, ...viaPod }, on)).toBe('deny');
    expect(verdict(shopWith(), { ...get, ...viaPod })).toBe('allow');
  });

  it('a waypoint may stand in another namespace, where its listener admits this one', () => {
    const far = waypoint('service', 'wp', 'infra');
    const lent = far.replace(
      'protocol: HBONE',
      'protocol: HBONE, allowedRoutes: { namespaces: { from: All } }',
    );
    const used = world.replace(
      USED,
      `${USED}, istio.io/use-waypoint-namespace: infra`,
    );
    // istiod does not use one that is not lent: what the Service's policy refuses passes.
    expect(verdict(used + far + toService('[]'), get)).toBe('allow');
    const yaml =
      used + lent + admits('{ principals: [cluster.local/ns/infra/sa/wp] }');
    expect(verdict(yaml, { ...get, ...viaService })).toBe('allow');
    expect(verdict(yaml + toService('[]'), { ...get, ...viaService })).toBe(
      'deny',
    );
  });

  it('callers without a mesh go past it', () => {
    const yaml = shopWith() + toService('[]');
    expect(verdict(yaml, { ...get, from: '10.0.0.7', ...viaService })).toBe(
      'allow',
    );
    expect(verdict(yaml, { ...get, ...viaService })).toBe('deny');
    expect(verdict(yaml, { ...get, ...viaService, tls: 'plaintext' })).toBe(
      'allow',
    );
  });

  it('hops name both kernels of each leg, the waypoint, and the ztunnel that sees it', () => {
    const { hops } = evaluate(
      worldOf(shopWith() + getOnly + admits(WAYPOINT)),
      { from: checkout, to: orders, port: 8080, ...get, ...viaService },
    );
    expect(
      hops.map(({ at, direction, layer }) => [at, direction, layer]),
    ).toEqual([
      [`node of ${checkout}`, 'egress', 'kernel'],
      ['node of shop/Deployment/wp', 'ingress', 'kernel'],
      ['waypoint shop/wp', 'ingress', 'identity'],
      ['waypoint shop/wp', 'ingress', 'method'],
      ['node of shop/Deployment/wp', 'egress', 'kernel'],
      [`node of ${orders}`, 'ingress', 'kernel'],
      [`ztunnel of ${orders}`, 'ingress', 'identity'],
      [`ztunnel of ${orders}`, 'ingress', 'identity'],
    ]);
    expect(hops[3].by).toMatchObject([{ name: 'l7', rule: 'rules[0]' }]);
    expect(hops[7].by).toMatchObject([{ name: 'l4', rule: 'rules[0]' }]);
  });
});
