import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { manifest } from '../__fixtures__/others';
import { compile } from '../compile/compile';
import { withGenerated } from '../compile/generatedObjects';
import { buildCluster } from '../estate/buildCluster';
import { loadManifests } from '../estate/loadManifests';
import { parseAccessPolicy } from '../model/parseAccessPolicy';
import type { CatalogEntity } from '../model/types';
import { parsePlatformProfile } from '../profile/parsePlatformProfile';
import { prove } from '../proof/prove';
import { verify } from '../verify/verify';

const CASES = resolve(__dirname, '../../testdata');

/** What a case of testdata compiles to with more manifests in its estate. */
function compiled(name: string, more: string) {
  const file = (path: string) => ({
    path,
    text: readFileSync(resolve(CASES, name, path), 'utf8'),
  });
  const { text } = file('estate/shop.yaml');
  const { cluster } = buildCluster({
    name: 'prod',
    objects: loadManifests([
      { path: 'estate.yaml', text: `${text}---\n${more}` },
    ]).objects,
    profile: parsePlatformProfile(file('profile.yaml')).profile,
  });
  const { policy } = parseAccessPolicy(file('policies/orders.yaml'));
  const input = {
    catalog: parseAllDocuments(file('catalog.yaml').text).map(
      (document): CatalogEntity => document.toJS(),
    ),
    clusters: [cluster],
  };
  return {
    cluster,
    before: compile({ ...input, policies: [] }),
    compilation: compile({
      ...input,
      policies: policy ? [{ policy, file: 'policies/orders.yaml' }] : [],
    }),
  };
}

function judged(name: string, more: string) {
  const { cluster, compilation } = compiled(name, more);
  const { equal, others } = verify({
    plan: compilation.plan,
    clusters: [
      withGenerated(cluster, loadManifests(compilation.files).objects),
    ],
  });
  return { equal, others: others.map(({ name: own, ends }) => [own, ends]) };
}

const policy = (spec: string) =>
  manifest(
    'security.istio.io/v1',
    'AuthorizationPolicy',
    'shop',
    'guard',
    spec,
  );
const selects = (rest: string) =>
  policy(`{ selector: { matchLabels: { app: orders } }, ${rest} }`);
const onService = (rest: string) =>
  policy(
    `{ targetRefs: [{ kind: Service, group: "", name: orders }], ${rest} }`,
  );

const CUSTOM = 'action: CUSTOM, provider: { name: oidc }';
const ORDERS = 'shop/Deployment/orders';
const NOTHING = { equal: true, others: [] };

// A waypoint reads policies that name its Services or itself, with their HTTP fields; ztunnel is sent those with a selector, never
// CUSTOM, and a DENY without its HTTP fields, as a whole where nothing is left (istio `ambient/authorization.go`).
describe('a policy of others at a waypoint', () => {
  it.each([
    [
      'another path',
      onService(
        `${CUSTOM}, rules: [{ to: [{ operation: { paths: ["/admin/*"] } }] }]`,
      ),
    ],
    [
      'another method',
      onService(
        `${CUSTOM}, rules: [{ to: [{ operation: { methods: [GET] } }] }]`,
      ),
    ],
    [
      'another port of the Service',
      onService(
        `${CUSTOM}, rules: [{ to: [{ operation: { ports: ["8080"] } }] }]`,
      ),
    ],
    [
      'another host',
      onService(
        'action: DENY, rules: [{ to: [{ operation: { hosts: [admin.example.com] } }] }]',
      ),
    ],
    [
      'a selector, which waypoints do not read',
      selects(`${CUSTOM}, rules: [{}]`),
    ],
    [
      'a selector and HTTP, of which ztunnel is not told',
      selects(
        'action: DENY, rules: [{ to: [{ operation: { paths: ["/orders"] } }] }]',
      ),
    ],
  ])('about %s touches nothing', (_, text) => {
    expect(judged('a6-a7-waypoint', text)).toEqual(NOTHING);
  });

  it.each([
    [
      'its Service',
      onService(
        `${CUSTOM}, rules: [{ to: [{ operation: { paths: ["/orders"] } }] }]`,
      ),
    ],
    [
      'itself',
      policy(
        `{ targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: waypoint }], ${CUSTOM}, rules: [{}] }`,
      ),
    ],
    [
      'the port of the Service',
      onService(
        `${CUSTOM}, rules: [{ to: [{ operation: { ports: ["80"] } }] }]`,
      ),
    ],
    [
      'a header',
      onService(
        'action: DENY, rules: [{ when: [{ key: "request.headers[x-env]", values: [test] }] }]',
      ),
    ],
  ])('about %s is a gap', (_, text) => {
    expect(judged('a6-a7-waypoint', text)).toEqual({
      equal: true,
      others: [['guard', [ORDERS]]],
    });
  });

  it('that filters what the waypoint takes touches the waypoint', () => {
    const filter = manifest(
      'networking.istio.io/v1alpha3',
      'EnvoyFilter',
      'shop',
      'guard',
      '{ targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: waypoint }], configPatches: [{ applyTo: HTTP_FILTER }] }',
    );
    expect(judged('a6-a7-waypoint', filter)).toEqual({
      equal: true,
      others: [['guard', ['shop/Deployment/waypoint']]],
    });
  });

  it('that selects its pods in the kernel touches the waypoint on both stretches', () => {
    const cilium = manifest(
      'cilium.io/v2',
      'CiliumNetworkPolicy',
      'shop',
      'guard',
      '{ endpointSelector: { matchLabels: { gateway.networking.k8s.io/gateway-name: waypoint } }, ingress: [{}], egress: [{}] }',
    );
    expect(judged('a6-a7-waypoint', cilium)).toEqual({
      equal: true,
      others: [['guard', ['shop/Deployment/waypoint']]],
    });
  });
});

describe('a policy of others at ztunnel', () => {
  it.each([
    ['CUSTOM', selects(`${CUSTOM}, rules: [{}]`)],
    [
      'a filter of proxies',
      manifest(
        'networking.istio.io/v1alpha3',
        'EnvoyFilter',
        'shop',
        'guard',
        '{ workloadSelector: { labels: { app: orders } } }',
      ),
    ],
    [
      'a DENY of a path alone',
      selects(
        'action: DENY, rules: [{ to: [{ operation: { paths: ["/orders"] } }] }]',
      ),
    ],
    [
      'a DENY of a token alone',
      selects(
        'action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }]',
      ),
    ],
    [
      'a DENY of a header',
      selects(
        'action: DENY, rules: [{ when: [{ key: "request.headers[x-env]", values: [test] }] }]',
      ),
    ],
    [
      'a DENY of another port',
      selects(
        'action: DENY, rules: [{ to: [{ operation: { ports: ["9090"] } }] }]',
      ),
    ],
  ])('touches nothing where it is %s', (_, text) => {
    expect(judged('a1-a2-ambient-port', text)).toEqual(NOTHING);
  });

  it('blocks where a DENY is left that matches: its path is not read', () => {
    const deny = selects(
      'action: DENY, rules: [{ from: [{ source: { namespaces: [shop] } }], to: [{ operation: { paths: ["/admin"], ports: ["8080"] } }] }]',
    );
    expect(judged('a1-a2-ambient-port', deny).equal).toBe(false);
  });

  it('is a gap where the kernel may decide', () => {
    const cilium = manifest(
      'cilium.io/v2',
      'CiliumNetworkPolicy',
      'shop',
      'guard',
      '{ endpointSelector: { matchLabels: { app: orders } }, ingress: [{}] }',
    );
    expect(judged('a1-a2-ambient-port', cilium)).toEqual({
      equal: true,
      others: [['guard', [ORDERS]]],
    });
  });
});

describe('a policy of others without a mesh', () => {
  const CILIUM = manifest(
    'cilium.io/v2',
    'CiliumNetworkPolicy',
    'shop',
    'guard',
    '{ endpointSelector: { matchLabels: { app: orders } }, ingress: [{ fromCIDR: [192.0.2.0/24] }] }',
  );

  it('is a gap, and what it may open is not ours', () => {
    expect(judged('no-mesh-acknowledged', CILIUM)).toEqual({
      equal: true,
      others: [['guard', [ORDERS]]],
    });
  });

  it('hides nothing that generated files open and nobody approved', () => {
    const { cluster, before, compilation } = compiled(
      'no-mesh-acknowledged',
      CILIUM,
    );
    const [file] = compilation.files;
    const closed = {
      ...file,
      text: file.text.replace(/app: checkout/g, 'app: nobody'),
    };
    expect(closed.text).not.toBe(file.text);
    const { unapproved } = prove({
      before: { compilation: before, clusters: [cluster], files: [closed] },
      after: { compilation, clusters: [cluster] },
      approved: [],
    });
    expect(unapproved.map(({ from, to }) => [from, to])).toEqual([
      ['shop/Deployment/checkout', ORDERS],
    ]);
  });
});
