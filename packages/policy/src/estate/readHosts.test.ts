import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';
import { targetPort } from './serviceLookup';

function read(text: string) {
  return buildCluster({
    name: 'prod',
    objects: loadManifests([{ path: 'estate.yaml', text }]).objects,
  }).cluster;
}

const entry = (spec: string, metadata = '') => `
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: one, namespace: shop${metadata} }
spec: { ${spec} }
`;

describe('hosts in the estate', () => {
  it('are workloads with the labels of the entry, those of its metadata first', () => {
    // istio ConvertWorkloadEntry: labels of the metadata take precedence.
    const { workloads } = read(
      entry(
        'address: 192.0.2.1, serviceAccount: billing, labels: { app: a, tier: x }',
        ', labels: { app: b }',
      ),
    );
    expect(workloads).toMatchObject([
      {
        id: 'shop/WorkloadEntry/one',
        runsOn: 'host',
        podLabels: { app: 'b', tier: 'x' },
        addresses: ['192.0.2.1'],
        serviceAccount: 'billing',
        mesh: 'sidecar',
        meshIsGuess: false,
      },
    ]);
  });

  // istio getTLSModeFromWorkloadEntry: the label says it, otherwise the service account.
  it.each([
    ['a service account', 'serviceAccount: a', 'sidecar'],
    [
      'the label istio',
      'labels: { security.istio.io/tlsMode: istio }',
      'sidecar',
    ],
    [
      'the label disabled beside a service account',
      'serviceAccount: a, labels: { security.istio.io/tlsMode: disabled }',
      'none',
    ],
    ['neither', 'labels: { app: a }', 'none'],
  ])('have a proxy or none by %s', (_, spec, mesh) => {
    const { workloads } = read(entry(`address: 192.0.2.1, ${spec}`));
    expect(workloads).toMatchObject([{ mesh }]);
  });

  it.each(['billing.example', 'unix:///var/run/app.sock', '192.0.2.0/24', ''])(
    'have no address where the entry says %j',
    address => {
      expect(
        read(entry(`address: ${JSON.stringify(address)}`)).workloads,
      ).toMatchObject([{ addresses: [] }]);
    },
  );

  it('of a group are one workload with the addresses of its entries', () => {
    const registered = (name: string, address: string, by: string) => `
apiVersion: networking.istio.io/v1alpha3
kind: WorkloadEntry
metadata: { name: ${name}, namespace: shop, ${by} }
spec: { address: ${address} }
`;
    const { workloads } = read(`
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: billing, namespace: shop }
spec:
  metadata: { labels: { app: billing } }
  template: { serviceAccount: billing, ports: { http: 8080 } }
---${registered(
      'a',
      '192.0.2.2',
      'annotations: { istio.io/autoRegistrationGroup: billing }',
    )}---${registered(
      'b',
      '192.0.2.1',
      'ownerReferences: [{ kind: WorkloadGroup, name: billing }]',
    )}`);
    expect(workloads).toMatchObject([
      {
        id: 'shop/WorkloadGroup/billing',
        podLabels: { app: 'billing' },
        serviceAccount: 'billing',
        mesh: 'sidecar',
        replicas: 'many',
        addresses: ['192.0.2.1', '192.0.2.2'],
      },
    ]);
  });

  it('take traffic on the port that the entry names for the port of a Service', () => {
    const { workloads, services } = read(`${entry(
      'address: 192.0.2.1, labels: { app: a }, ports: { http: 8080 }',
    )}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec:
  hosts: [a.example]
  workloadSelector: { labels: { app: a } }
  ports:
    - { number: 80, targetPort: 9000, name: http, protocol: HTTP }
    - { number: 90, targetPort: 9090, name: other, protocol: TCP }
    - { number: 70, name: bad, protocol: TCP }
`);
    const [host] = workloads;
    const [{ ports }] = services;
    expect(ports.map(port => targetPort(port, host))).toEqual([8080, 9090, 70]);
    expect(ports[0].appProtocol).toBe('http');
  });
});
