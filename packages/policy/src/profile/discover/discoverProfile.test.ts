import { amendCluster } from '../../estate/amendCluster';
import { buildCluster } from '../../estate/buildCluster';
import { loadManifests } from '../../estate/loadManifests';
import { createWorld } from '../../evaluate/World';
import { evaluate } from '../../evaluate/evaluate';
import { lint } from '../../lint';
import {
  daemonSet,
  discovered,
  documents,
  istiod,
  meshConfigMap,
} from './__testUtils__/discovered';

const POOL =
  'apiVersion: crd.projectcalico.org/v1\nkind: IPPool\nmetadata: { name: p }\nspec: { cidr: 10.1.0.0/16 }\n';

const NODE =
  'apiVersion: v1\nkind: Node\nmetadata: { name: n }\nspec: { podCIDRs: [10.244.0.0/24] }\n';

const KUBE_DNS =
  'apiVersion: v1\nkind: Service\nmetadata: { name: kube-dns, namespace: kube-system }\nspec: { selector: { k8s-app: kube-dns }, ports: [{ port: 53, protocol: UDP, targetPort: 1053 }] }\n';

const SHOP = `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: shop }
spec:
  template:
    metadata: { labels: { app: orders, sidecar.istio.io/inject: "true" } }
    spec: { serviceAccountName: orders, containers: [{ name: c, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    metadata: { labels: { app: web, sidecar.istio.io/inject: "true" } }
    spec: { serviceAccountName: web, containers: [{ name: c }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: orders, namespace: shop }
spec:
  selector: { matchLabels: { app: orders } }
  rules: [{ from: [{ source: { principals: [shop.example/ns/shop/sa/web] } }] }]
`;

const clusterOf = (yaml: string) =>
  buildCluster({
    name: 'prod',
    objects: loadManifests([{ path: 'estate.yaml', text: yaml }]).objects,
  });

describe('discoverProfile', () => {
  it('what the profile states goes before what is found, silently where both say the same', () => {
    const { profile, findings } = discovered(
      documents(meshConfigMap('trustDomain: a.example'), POOL),
      '  mesh: { trustDomain: a.example }\n  network: { podCidrs: [10.0.0.0/8] }',
    );
    expect(profile.mesh.trustDomain).toBe('a.example');
    expect(profile.network.podCidrs).toEqual(['10.0.0.0/8']);
    expect([profile.found, findings]).toEqual([[], []]);
  });

  it('a stated value that an object contradicts counts, and is a finding that names both', () => {
    const { profile, findings } = discovered(
      meshConfigMap('trustDomain: b.example'),
      '  mesh:\n    trustDomain: a.example',
    );
    expect(profile.mesh.trustDomain).toBe('a.example');
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'profile-disagrees',
        severity: 'warning',
        message:
          'mesh.trustDomain is stated as "a.example"; ConfigMap istio-system/istio (estate.yaml:6) says "b.example". Verdicts that rest on it are conditional.',
        at: expect.objectContaining({ file: 'profile.yaml', line: 6 }),
        objects: ['ConfigMap istio-system/istio'],
      }),
    ]);
  });

  it.each([
    ['mesh: { istioVersion: "1.30" }', istiod(), 0],
    ['mesh: { istioVersion: v1.30.1-distroless }', istiod(), 0],
    ['mesh: { istioVersion: "1.3" }', istiod(), 1],
    [
      'mesh: { trustDomainAliases: [b, a] }',
      meshConfigMap('trustDomainAliases: [a, b]'),
      0,
    ],
    [
      'mesh: { trustDomainAliases: [b] }',
      meshConfigMap('trustDomainAliases: [a, b]'),
      1,
    ],
    ['network: { podCidrs: [10.1.0.0/17, 10.1.128.0/17] }', POOL, 0],
    ['network: { podCidrs: [10.1.0.0/17] }', POOL, 1],
    ['network: { podCidrs: [] }', POOL, 0],
    [
      'cni: { name: tigera-calico }',
      daemonSet('calico-node', 'kube-system'),
      0,
    ],
    ['cni: { name: cilium }', daemonSet('calico-node', 'kube-system'), 1],
    [
      'cni: { enforcesNetworkPolicy: true }',
      daemonSet('kube-flannel-ds', 'kube-flannel'),
      1,
    ],
    ['dns: []', KUBE_DNS, 0],
    [
      'dns: [{ namespace: kube-system, ports: [{ port: 1000, endPort: 2000, protocol: UDP }] }]',
      KUBE_DNS,
      0,
    ],
    [
      'dns: [{ namespaceLabels: { team: dns }, ports: [{ port: 1053, protocol: UDP }] }]',
      KUBE_DNS,
      0,
    ],
    [
      'dns: [{ namespace: kube-system, ports: [{ port: 53, protocol: UDP }] }]',
      KUBE_DNS,
      1,
    ],
    [
      'dns: [{ namespace: dns, ports: [{ port: 1053, protocol: UDP }] }]',
      KUBE_DNS,
      1,
    ],
    [
      'dns: [{ namespace: kube-system, podLabels: { k8s-app: coredns }, ports: [{ port: 1053, protocol: UDP }] }]',
      KUBE_DNS,
      1,
    ],
  ])('%s beside an object: disagreements', (spec, yaml, count) => {
    const { findings } = discovered(yaml, `  ${spec}`);
    expect(findings.map(({ code }) => code)).toEqual(
      Array(count).fill('profile-disagrees'),
    );
  });

  it("ranges of Nodes count beside a plugin's pools, but contradict nobody who states the pools", () => {
    expect(discovered(documents(POOL, NODE)).profile.network.podCidrs).toEqual([
      '10.1.0.0/16',
      '10.244.0.0/24',
    ]);
    const stated = '  network: { podCidrs: [10.1.0.0/16] }';
    expect(discovered(documents(POOL, NODE), stated).findings).toEqual([]);
    expect(discovered(NODE, stated).findings.map(({ code }) => code)).toEqual([
      'profile-disagrees',
    ]);
  });

  const V1 = meshConfigMap('trustDomain: a.example');
  const V2 = meshConfigMap(
    'trustDomain: b.example',
    'name: istio-v2, namespace: istio-system, labels: { istio.io/rev: v2 }',
  );

  it('objects that contradict each other decide nothing: the guess stays one', () => {
    const { profile, findings } = discovered(documents(V1, V2));
    expect(profile.mesh.trustDomain).toBe('cluster.local');
    expect(profile.guesses).toContain('mesh.trustDomain');
    expect(findings).toEqual([
      expect.objectContaining({
        code: 'profile-ambiguous',
        message:
          'mesh.trustDomain: ConfigMap istio-system/istio (estate.yaml:6) says "a.example", ConfigMap istio-system/istio-v2 (estate.yaml:13) says "b.example".',
      }),
    ]);
  });

  it('a profile that states what one of two revisions says is right', () => {
    const { findings } = discovered(
      documents(V1, V2),
      '  mesh: { trustDomain: b.example, rootNamespace: istio-system }',
    );
    expect(findings).toEqual([]);
  });

  it('the order of objects decides nothing', () => {
    const all = [V1, istiod(), POOL, NODE, KUBE_DNS];
    const values = (texts: string[]) => {
      const { guesses, found, mesh, network, dns } = discovered(
        documents(...texts),
      ).profile;
      return {
        guesses,
        mesh,
        network,
        dns,
        found: found.map(({ field, value, source }) => [
          field,
          value,
          source.object,
        ]),
      };
    };
    expect(values([...all].reverse())).toEqual(values(all));
  });

  it('a verdict that rests on a guess is conditional, and is none once the value is found', () => {
    const verdict = (yaml: string) => {
      const { cluster } = clusterOf(yaml);
      return evaluate(createWorld([cluster]), {
        from: 'shop/Deployment/web',
        to: 'shop/Deployment/orders',
        port: 8080,
        protocol: 'TCP',
      }).verdict;
    };
    expect(verdict(SHOP)).toBe('conditional');
    expect(
      verdict(documents(SHOP, meshConfigMap('trustDomain: shop.example'))),
    ).toBe('allow');
    expect(
      verdict(documents(SHOP, meshConfigMap('trustDomain: other.example'))),
    ).toBe('deny');
  });

  it('what is found is part of the cluster, and what is wrong of its findings', () => {
    const { cluster, findings } = clusterOf(
      documents(SHOP, meshConfigMap('trustDomain: {')),
    );
    expect(cluster.profile.found).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(['platform-not-readable']);
    expect(lint(createWorld([cluster])).map(({ code }) => code)).not.toContain(
      'profile-disagrees',
    );
  });

  it('a cluster that changes is looked through again', () => {
    const { cluster } = clusterOf(
      documents(SHOP, meshConfigMap('trustDomain: a.example')),
    );
    const apply = loadManifests([
      { path: 'new.yaml', text: meshConfigMap('trustDomain: b.example') },
    ]).objects;
    const changed = amendCluster(cluster, { apply });
    expect(changed.profile.mesh.trustDomain).toBe('b.example');
    const without = amendCluster(changed, { remove: apply });
    expect(without.profile.mesh.trustDomain).toBe('cluster.local');
    expect(without.profile.guesses).toContain('mesh.trustDomain');
  });

  it('looking a second time changes nothing', () => {
    const yaml = documents(meshConfigMap('trustDomain: a.example'), KUBE_DNS);
    const { cluster } = clusterOf(yaml);
    const again = buildCluster({
      name: 'prod',
      objects: cluster.objects,
      profile: cluster.profile,
    });
    expect(again.cluster.profile).toEqual(cluster.profile);
    expect(again.findings).toEqual([]);
  });
});
