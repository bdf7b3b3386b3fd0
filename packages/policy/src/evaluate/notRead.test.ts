import { buildCluster, loadManifests } from '../estate';
import { amendCluster } from '../estate/amendCluster';
import { notReadIn } from '../estate/notRead';
import { emptyEstate } from '../estate/loadManifests';
import {
  checkout,
  kinds,
  networkPolicy,
  orders,
  policy,
  shop,
  sidecar,
  stranger,
  toOrders,
  verdict,
} from './__testUtils__/ask';
import { deployment } from './__testUtils__/worlds';

const notRead = (
  kind: string,
  namespace: string | undefined,
  leftOut = '[{ reason: too-large, count: 1, names: [x] }]',
) =>
  `apiVersion: callgate.dev/v1alpha1\nkind: NotRead\nmetadata: { name: ${kind}${
    namespace === undefined ? '' : `, namespace: ${namespace}`
  } }\nspec: { leftOut: ${leftOut} }\n---\n`;

const second = 'other/Deployment/second';
const third = 'third/Deployment/third';
const world = shop + deployment('other/second') + deployment('third/third');

const elsewhere = { from: stranger, to: second };

// Nobody knows what is left out: a NetworkPolicy closes what is open without it (Kubernetes, "Network Policies": isolated pods)
// and opens what another one closes (policies add up); an ALLOW of Istio's does both (Istio, "Authorization Policy": implicit
// enablement). So neither answer stays sure where it may be, and both do elsewhere.
describe('objects that were left out of what was read', () => {
  it.each([
    ['what comes in', { from: stranger, to: orders }],
    ['what goes out', { from: checkout, to: second }],
    ['what stays inside', { from: checkout, to: orders }],
  ])('of a namespace leave nothing sure there: %s', (_, call) => {
    expect(verdict(world, call)).toBe('allow');
    const text = world + notRead('networkpolicies', 'shop');
    expect(verdict(text, call)).toBe('conditional');
    expect(new Set(kinds(text, call))).toEqual(new Set(['not-read']));
  });

  it('leave other namespaces as they are', () => {
    const text = world + notRead('networkpolicies', 'shop');
    expect(verdict(text, elsewhere)).toBe('allow');
    const closed = networkPolicy(
      '{ podSelector: {}, policyTypes: [Ingress] }',
      'np',
      'other',
    );
    expect(verdict(text + closed, elsewhere)).toBe('deny');
    // What is closed on the other side stays so, whatever was left out on this one.
    expect(verdict(text + closed, { from: checkout, to: second })).toBe('deny');
  });

  it('may open what is closed: a refusal by the others is not sure either', () => {
    const closed = toOrders('policyTypes: [Ingress]');
    const gap = notRead('networkpolicies', 'shop');
    expect(verdict(world + closed)).toBe('deny');
    expect(verdict(world + closed + gap)).toBe('conditional');
  });

  it('may be of the mesh: neither is a refusal by its other policies sure', () => {
    const closed = policy('{}');
    const gap = notRead('authorizationpolicies.security.istio.io', 'shop');
    expect(verdict(world + closed, {}, sidecar)).toBe('deny');
    expect(verdict(world + closed + gap, {}, sidecar)).toBe('conditional');
  });

  it.each([
    ['outside of namespaces', notRead('nodes', undefined)],
    ['in the root namespace of the mesh', notRead('services', 'istio-system')],
    // Whether policies are enforced at all is found there.
    ['as network plugins', notRead('daemonsets.apps', 'kube-system')],
    ['as settings of the platform', notRead('configmaps', 'kube-system')],
    [
      'as Namespaces of which not all are named',
      notRead(
        'namespaces',
        undefined,
        '[{ reason: too-large, count: 2, names: [third] }]',
      ),
    ],
    [
      'as Namespaces of which none is named',
      notRead('namespaces', undefined, '[]'),
    ],
  ])('are about everybody %s', (_, gap) => {
    expect(verdict(world + gap, elsewhere)).toBe('conditional');
  });

  it('are about kube-system alone where they set nothing up', () => {
    const gap = notRead('pods', 'kube-system');
    expect(verdict(world + gap, elsewhere)).toBe('allow');
  });

  it('are about the Namespaces that they are', () => {
    const text =
      world +
      notRead(
        'namespaces',
        undefined,
        '[{ reason: too-large, count: 1, names: [third] }]',
      );
    expect(verdict(text, elsewhere)).toBe('allow');
    expect(verdict(text, { from: stranger, to: third })).toBe('conditional');
  });

  // istiod sends calls to the waypoint that a label names, wherever it stands, and past it where there is none. Whether a Gateway
  // that was left out is there, and what its policies refuse, nobody knows (istio `ambient/waypoints.go`).
  it.each([
    ['Service', ['istio.io/use-waypoint: wp', '']],
    ['pod', ['', 'istio.io/use-waypoint: wp']],
  ])(
    'may be the waypoint that the labels of a %s name',
    (_, [ofService, ofPod]) => {
      const lent = (labels: string) =>
        labels && `${labels}, istio.io/use-waypoint-namespace: infra`;
      const used = `${
        deployment('shop/orders', {
          labels: [lent(ofPod), 'istio.io/dataplane-mode: ambient']
            .filter(Boolean)
            .join(', '),
        }) + deployment('shop/checkout')
      }apiVersion: v1\nkind: Service\nmetadata: { name: orders, namespace: shop, labels: { ${lent(
        ofService,
      )} } }\nspec: { selector: { app: orders }, ports: [{ port: 80, targetPort: 8080 }] }\n---\n`;
      const gap = notRead('gateways.gateway.networking.k8s.io', 'infra');
      expect(verdict(used)).toBe('allow');
      expect(verdict(used + gap)).toBe('conditional');
      expect(verdict(world + gap)).toBe('allow');
    },
  );

  it('are all told: what one note says takes the place of no other', () => {
    const all = notRead(
      'namespaces',
      undefined,
      '[{ reason: too-large, count: 2, names: [] }]',
    );
    const some = notRead(
      'namespaces',
      undefined,
      '[{ reason: too-large, count: 1, names: [third] }]',
    );
    expect(verdict(world + some, elsewhere)).toBe('allow');
    expect(verdict(world + all + some, elsewhere)).toBe('conditional');
    // Neither does one that is put beside what runs, as manifests of the policy repository are.
    const read = (text: string) =>
      loadManifests([{ path: 'w.yaml', text }]).objects;
    const cluster = buildCluster({ name: 'c', objects: read(world + all) });
    const amended = amendCluster(cluster.cluster, { apply: read(some) });
    expect(notReadIn(amended).map(({ namespaces }) => namespaces)).toEqual([
      undefined,
      new Set(['third']),
    ]);
  });

  it('are named in a finding that says why, and how many, whoever wrote it', () => {
    const { objects, findings } = loadManifests([
      {
        path: 'prod/networkpolicies/shop.yaml',
        text:
          notRead(
            'networkpolicies',
            'shop',
            '[{ reason: too-deep, count: 7, names: ["a\\u202e", b] }, { reason: toString, count: x }]',
          ) + notRead('services', 'shop', '{ toString: 1 }'),
      },
    ]);
    const built = buildCluster({ name: 'prod', objects });
    expect([...findings, ...built.findings]).toEqual([
      expect.objectContaining({
        code: 'part-not-read',
        severity: 'warning',
        message:
          'The cluster prod has objects that were not read (networkpolicies of shop): a\\u202e, b, 5 more: nested deeper than the reader follows; left out for a reason that is not known. What they would say about shop is not known: access there is conditional, and nothing is generated for it.',
        at: expect.objectContaining({ file: 'prod/networkpolicies/shop.yaml' }),
      }),
      expect.objectContaining({
        code: 'part-not-read',
        message: expect.stringContaining('nobody says why'),
      }),
    ]);
    expect(emptyEstate('prod', [], { objects, findings })).toEqual([]);
  });

  it('stay about everybody where a profile says which namespace nameless objects are in', () => {
    const { objects } = loadManifests([
      { path: 'nodes.yaml', text: notRead('nodes', undefined) },
    ]);
    const { findings } = buildCluster({
      name: 'prod',
      objects,
      namespace: 'shop',
    });
    expect(findings[0].message).toContain('about any namespace');
  });
});
