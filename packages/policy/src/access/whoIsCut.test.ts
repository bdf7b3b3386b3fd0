import { policyText, shopCatalog, shopState } from '../__fixtures__/shop';
import { meaning } from '../meaning/meaning';
import { whoIsCut } from './whoIsCut';

const API = 'api:default/orders';

/** What the first grant means in a shop where everybody could call, and the catalog says that the cart consumes the API. */
const firstGrant = (grants: readonly string[], more = '') =>
  meaning({
    before: shopState([], more),
    after: shopState([policyText('orders', grants)], more),
    api: API,
    catalog: shopCatalog().map(entity =>
      entity.metadata.name === 'stock' && entity.kind === 'Component'
        ? { ...entity, spec: { ...entity.spec, consumesApis: ['orders'] } }
        : entity,
    ),
    scope: ['prod'],
  });

const SCALED = `apiVersion: apps/v1
kind: Deployment
metadata: { name: mail, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: mail } }
  template: { metadata: { labels: { app: mail } }, spec: { containers: [{ name: app }] } }
`;

/** The mesh's own proxies, and what a team calls ztunnel in a namespace of its own. */
const CARRIERS = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
---
${['istio-system', 'kube-system', 'shop']
  .map(
    namespace => `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ztunnel, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ztunnel } }
  template:
    metadata: { labels: { app: ztunnel }, annotations: { sidecar.istio.io/inject: 'false' } }
    spec: { containers: [{ name: ztunnel }] }
`,
  )
  .join('---\n')}`;

describe('who is cut', () => {
  it('is no waypoint and no ztunnel, which carry calls of others', () => {
    const change = firstGrant(['checkout: listOrders'], CARRIERS);
    const lost = change.flips.flatMap(({ cut }) =>
      cut.map(({ workload }) => workload),
    );
    // They can connect before and not after: that they are not counted is because of what they are.
    expect(lost).toEqual(
      expect.arrayContaining([
        'istio-system/DaemonSet/ztunnel',
        'kube-system/DaemonSet/ztunnel',
        expect.stringMatching(/^shop\/.*waypoint$/),
      ]),
    );
    const [{ callers }] = whoIsCut(change);
    expect(callers.map(({ ref }) => ref)).toEqual([
      'component:default/stock',
      'addresses',
      'component:default/cart',
      'workload:prod/shop/DaemonSet/ztunnel',
    ]);
    expect(change.text).toContain('(4 callers are cut)');
  });

  it('is neither the grantee nor the provider, and those that consume the API come first', () => {
    const [{ cluster, callers }] = whoIsCut(
      firstGrant(['checkout: listOrders'], SCALED),
    );
    expect(cluster).toBe('prod');
    // Checkout can do less than before, but it is who is let in; orders calls itself through no policy.
    expect(callers.map(({ ref, reasons }) => [ref, reasons])).toEqual([
      ['component:default/stock', ['consumes-api', 'allowed-today']],
      ['addresses', ['allowed-today']],
      ['component:default/cart', ['allowed-today']],
      ['workload:prod/shop/Deployment/mail', ['allowed-today']],
    ]);
  });

  it('counts everybody once, however many layers close and blocks of addresses there are', () => {
    const { flips, gained, restored } = firstGrant(['checkout: listOrders']);
    expect(flips.map(({ layer }) => layer)).toEqual(['kernel', 'identity']);
    const [{ callers }] = whoIsCut({ flips, gained, restored });
    const refs = callers.map(({ ref }) => ref);
    expect(refs).toEqual([...new Set(refs)]);
    expect(refs.filter(ref => ref === 'addresses')).toHaveLength(1);
  });

  it('is the number that the sentence about a change names', () => {
    const change = firstGrant(['checkout: listOrders']);
    const [{ callers }] = whoIsCut(change);
    expect(change.text).toContain(`(${callers.length} callers are cut)`);
  });

  it('tells addresses from workloads in meanings that were stored before they said which', () => {
    const change = firstGrant(['checkout: listOrders'], SCALED);
    const stored = {
      ...change,
      flips: change.flips.map(flip => ({
        ...flip,
        cut: flip.cut.map(({ outside: _, ...caller }) => caller),
      })),
    };
    expect(change.flips[0].cut.some(({ outside }) => outside)).toBe(true);
    expect(whoIsCut(stored)).toEqual(whoIsCut(change));
  });

  it('is nobody where nothing closes', () => {
    const { gained, restored } = firstGrant(['checkout: listOrders']);
    expect(whoIsCut({ flips: [], gained, restored })).toEqual([]);
  });
});
