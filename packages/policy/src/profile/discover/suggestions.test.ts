import { loadManifests } from '../../estate/loadManifests';
import { defaultPlatformProfile } from '../defaultPlatformProfile';
import { documents, istiod } from './__testUtils__/discovered';
import { discoverProfile } from './discoverProfile';

const slice = (namespace: string, name = 'kubernetes', address = '10.0.0.1') =>
  `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}, namespace: ${namespace} }
addressType: IPv4
endpoints: [{ addresses: [10.0.0.2] }, { addresses: ["${address}"] }]
ports: [{ name: https, port: 6443, protocol: TCP }]
`;

const PROMETHEUS = `apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: k8s, namespace: monitoring }
spec: { serviceAccountName: prometheus-k8s }
`;

const deployment = (image: string, labels = '{ app: prometheus }') =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: prometheus, namespace: monitoring }
spec:
  selector: { matchLabels: ${labels} }
  template:
    metadata: { labels: ${labels} }
    spec: { serviceAccountName: prom, containers: [{ name: main, image: "${image}" }] }
`;

function look(...yaml: string[]) {
  const { objects } = loadManifests([
    { path: 'estate.yaml', text: documents(...yaml) },
  ]);
  return discoverProfile(defaultPlatformProfile('prod'), objects);
}

describe('suggestions', () => {
  it('the API server is at the endpoints of Service default/kubernetes, and the profile stays as it is', () => {
    const { profile, suggestions } = look(slice('default'));
    expect(suggestions).toEqual([
      {
        field: 'apiServer',
        value: {
          cidrs: ['10.0.0.1/32', '10.0.0.2/32'],
          ports: [{ port: 6443, protocol: 'TCP' }],
        },
        object: 'EndpointSlice default/kubernetes',
        at: expect.objectContaining({ file: 'estate.yaml', line: 5 }),
      },
    ]);
    expect([profile.apiServer, profile.found]).toEqual([[], []]);
  });

  it('Endpoints say the same', () => {
    const { suggestions } = look(
      'apiVersion: v1\nkind: Endpoints\nmetadata: { name: kubernetes, namespace: default }\nsubsets: [{ addresses: [{ ip: "fd00::1" }], ports: [{ port: 443 }] }]\n',
    );
    expect(suggestions.map(({ value }) => value)).toEqual([
      { cidrs: ['fd00::1/128'], ports: [{ port: 443, protocol: 'TCP' }] },
    ]);
  });

  it.each([
    ['of another namespace', slice('shop')],
    ['of another Service', slice('default', 'kubernetes-abcde')],
    ['with a name for an address', slice('default', 'kubernetes', 'api.x')],
  ])('endpoints %s suggest nothing', (_, yaml) => {
    expect(look(yaml).suggestions).toEqual([]);
  });

  it("Prometheus of its operator reads sidecars' metrics, and is let in by nobody but who states it", () => {
    const { profile, suggestions } = look(PROMETHEUS, istiod());
    expect(suggestions).toMatchObject([
      {
        field: 'scrapers',
        value: {
          namespace: 'monitoring',
          podLabels: { 'operator.prometheus.io/name': 'k8s' },
          serviceAccount: 'prometheus-k8s',
          ports: [{ port: 15020, protocol: 'TCP' }],
        },
        object: 'Prometheus monitoring/k8s',
      },
    ]);
    expect(profile.scrapers).toEqual([]);
    expect(profile.found.map(({ field }) => field)).not.toContain('scrapers');
  });

  it('without a mesh nothing tells the ports, and no value is suggested', () => {
    const { suggestions } = look(PROMETHEUS);
    expect(suggestions.map(each => 'value' in each)).toEqual([false]);
  });

  it.each([
    ['prom/prometheus', 1],
    ['registry.corp.example:5000/mirror/prometheus:v3.1.0', 1],
    ['quay.io/prometheus/prometheus@sha256:0f', 1],
    ['quay.io/prometheus/alertmanager:v0.27.0', 0],
    ['shop.example/prometheus/exporter', 0],
  ])('of image %s: %s', (image, count) => {
    expect(look(deployment(image), istiod()).suggestions).toHaveLength(count);
  });

  it('what its operator made of a Prometheus is suggested once', () => {
    const made = deployment(
      'prom/prometheus',
      '{ operator.prometheus.io/name: k8s }',
    );
    expect(look(PROMETHEUS, made, istiod()).suggestions).toHaveLength(1);
    // Where nobody read the Prometheus, what runs is enough.
    expect(look(made, istiod()).suggestions).toMatchObject([
      { object: 'Deployment monitoring/prometheus' },
    ]);
  });
});
