import { buildCluster } from '../../estate/buildCluster';
import { loadManifests } from '../../estate/loadManifests';
import { daemonSet, documents } from '../discover/__testUtils__/discovered';
import { parsePlatformProfile } from '../parsePlatformProfile';
import { profileReport } from './profileReport';

const deployment = (
  name: string,
  container: string,
  more: { labels?: string; spec?: string } = {},
) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  template:
    metadata: { labels: { app: ${name}${more.labels ?? ''} } }
    spec: { ${more.spec ?? ''} containers: [{ name: c, ${container} }] }
`;
const HTTP = 'readinessProbe: { httpGet: { port: 8080 } }';
const SIDECAR = { labels: ', sidecar.istio.io/inject: "true"' };
const AMBIENT = { labels: ', istio.io/dataplane-mode: ambient' };
const ciliumConfig = (
  value: string,
  namespace = 'kube-system',
) => `apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: ${namespace} }
data:
  allow-localhost: ${value}
`;

function probes(yaml: string, spec = '{}') {
  const { objects, findings } = loadManifests([{ path: 'e.yaml', text: yaml }]);
  expect(findings).toEqual([]);
  const { profile } = parsePlatformProfile({
    path: 'p.yaml',
    text: `apiVersion: callgate.dev/v1alpha1\nkind: PlatformProfile\nmetadata: { name: prod }\nspec: ${spec}\n`,
  });
  const { cluster } = buildCluster({ name: 'prod', objects, profile });
  return profileReport(cluster).probes;
}

describe('probeReport', () => {
  it('counts workloads that are probed over the network, with the ports that their containers state', () => {
    const yaml = documents(
      deployment('a', HTTP),
      deployment(
        'b',
        'ports: [{ name: grpc, containerPort: 9000 }], livenessProbe: { tcpSocket: { port: grpc } }, startupProbe: { grpc: { port: 9001 } }',
      ),
      deployment('c', 'livenessProbe: { exec: { command: ["true"] } }'),
      deployment('d', 'image: d'),
    );
    expect(probes(yaml)).toEqual({
      workloads: 2,
      ways: [
        {
          way: 'node',
          workloads: 2,
          ports: [8080, 9000, 9001],
          example: 'shop/Deployment/a',
        },
      ],
    });
    expect(probes('')).toEqual({ workloads: 0, ways: [] });
  });

  // Kubernetes, "Network Policies": traffic to and from the node where a pod runs is always allowed. Istio, "Ambient and
  // Kubernetes NetworkPolicy": probes of ambient pods come from 169.254.7.127, which is not the node's.
  it.each([
    ['without a mesh', {}, 'node'],
    ['with a sidecar', SIDECAR, 'node'],
    ['in ambient mode', AMBIENT, 'address'],
    ['on the host network', { spec: 'hostNetwork: true,' }, 'node'],
  ])('of a pod %s they come by its way', (_, more, way) => {
    expect(probes(deployment('a', HTTP, more)).ways).toMatchObject([{ way }]);
  });

  it('tells from which addresses those of ambient pods come', () => {
    const found = probes(
      deployment('a', HTTP, AMBIENT),
      '{ probes: [{ cidrs: [198.51.100.7/32], ports: [{ port: 1 }] }] }',
    );
    expect(found.addresses).toEqual(['198.51.100.7/32']);
    expect(probes(deployment('a', HTTP)).addresses).toBeUndefined();
  });

  it('nothing lets them through to ambient pods where the profile states that there is no such address', () => {
    const { ways, closedBy } = probes(
      deployment('a', HTTP, AMBIENT),
      '{ probes: [] }',
    );
    expect(ways).toMatchObject([{ way: 'refused' }]);
    expect(closedBy).toBeUndefined();
  });

  it('is not known where a mesh is there, and nothing says whether it has the pod', () => {
    const mesh =
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: default, namespace: shop }\n';
    const { ways } = probes(documents(deployment('a', HTTP), mesh));
    expect(ways).toMatchObject([{ way: 'unknown' }]);
  });

  // cilium `pkg/option`: `policy` requires a rule to allow the local stack; `auto` is `always` on Kubernetes.
  it.each([
    ['policy', 'refused'],
    ['Policy', 'refused'],
    ['auto', 'node'],
    ['always', 'node'],
  ])('of a Cilium with allow-localhost: %s they are %s', (value, way) => {
    const { ways, closedBy } = probes(
      documents(
        daemonSet('cilium', 'kube-system'),
        ciliumConfig(value),
        deployment('a', HTTP),
        deployment('b', HTTP, AMBIENT),
        deployment('c', HTTP, { spec: 'hostNetwork: true,' }),
      ),
    );
    const byExample = new Map(ways.map(each => [each.example, each.way]));
    expect(byExample.get('shop/Deployment/a')).toBe(way);
    expect(byExample.get('shop/Deployment/b')).toBe('address');
    expect(closedBy?.object).toBe(
      way === 'refused' ? 'ConfigMap kube-system/cilium-config' : undefined,
    );
    // Whom no policy selects is let in whatever the plugin is told.
    expect(ways.find(each => each.way === 'node')?.workloads).toBe(
      way === 'refused' ? 1 : 2,
    );
  });

  it('does not believe a ConfigMap in a namespace that anybody could make', () => {
    const { ways } = probes(
      documents(ciliumConfig('policy', 'cilium'), deployment('a', HTTP)),
    );
    expect(ways).toMatchObject([{ way: 'node' }]);
  });
});
