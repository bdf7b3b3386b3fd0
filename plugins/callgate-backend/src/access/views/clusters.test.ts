import { buildCluster, loadManifests, profileReport } from '@callgate/policy';
import type {
  ClusterPlatform,
  PlatformField,
} from '@callgate/plugin-callgate-common';
import { toClusterPlatform } from './clusters';

const { objects } = loadManifests([
  {
    path: 'estate.yaml',
    text: `apiVersion: apps/v1
kind: Deployment
metadata: { name: secret-project, namespace: hidden }
spec:
  template:
    metadata: { labels: { app: s, sidecar.istio.io/inject: "true" } }
    spec: { containers: [{ name: c, image: prom/prometheus, livenessProbe: { tcpSocket: { port: 26257 } } }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: secret-edge, namespace: hidden }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: v1
kind: Node
metadata: { name: n }
status: { addresses: [{ type: InternalIP, address: 10.0.0.1 }] }
`,
  },
]);
const report = profileReport(buildCluster({ name: 'prod', objects }).cluster);

function platformOf(...documents: string[]): ClusterPlatform {
  const { objects: read, findings } = loadManifests([
    { path: 'e.yaml', text: documents.join('---\n') },
  ]);
  expect(findings).toEqual([]);
  const { cluster } = buildCluster({ name: 'prod', objects: read });
  return toClusterPlatform(profileReport(cluster), true);
}

function gatewaysIn({ fields }: ClusterPlatform): PlatformField {
  const found = fields.find(({ field }) => field === 'gateways');
  if (!found) throw new Error('no field gateways');
  return found;
}

const probed = (name: string, port: number) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: c, readinessProbe: { httpGet: { port: ${port} } } }] }
`;

const gateway = (name: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;

describe('toClusterPlatform', () => {
  it('keeps from whoever may not see every entity what could name one', () => {
    const whole = JSON.stringify(toClusterPlatform(report, true));
    expect(whole).toMatch(/secret-project/);
    expect(whole).toMatch(/secret-edge/);
    const kept = toClusterPlatform(report, false);
    expect(JSON.stringify(kept)).not.toMatch(/secret|hidden|26257/);
    // How many there are names nobody.
    expect(kept.probes).toEqual({
      workloads: 1,
      ways: [{ way: 'node', workloads: 1, ports: [] }],
      withheld: true,
    });
    const of = (name: string) =>
      kept.fields.find(({ field }) => field === name);
    expect(of('gateways')).toEqual({
      field: 'gateways',
      state: 'found',
      conditional: false,
      found: [],
      suggestedBy: [],
      lines: [],
      withheld: true,
    });
    // What belongs to the platform alone is still there.
    expect(of('network.nodeCidrs')?.value).toBe('["10.0.0.1/32"]');
  });

  it('says what lets the probes of the kubelet through, and what keeps them out', () => {
    expect(platformOf(probed('a', 8080), probed('b', 9090)).probes).toEqual({
      workloads: 2,
      ways: [
        {
          way: 'node',
          workloads: 2,
          ports: [8080, 9090],
          example: 'shop/Deployment/a',
        },
      ],
    });
    const cilium = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: cilium, namespace: kube-system }
spec:
  template:
    metadata: { labels: { k8s-app: cilium } }
    spec: { containers: [{ name: cilium-agent, image: cilium }] }
`;
    const config = `apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data:
  allow-localhost: policy
`;
    expect(platformOf(config, cilium, probed('a', 8080)).probes).toEqual({
      workloads: 1,
      ways: [
        {
          way: 'refused',
          workloads: 1,
          ports: [8080],
          example: 'shop/Deployment/a',
        },
      ],
      closedBy: {
        value: '"policy"',
        object: 'ConfigMap kube-system/cilium-config',
        file: 'e.yaml',
        line: 5,
      },
    });
  });

  it('says nothing of probes where no workload has any', () => {
    expect(platformOf(gateway('edge'))).not.toHaveProperty('probes');
  });

  // Gateway API: `Programmed` is false where the controller has not set it up. 203.0.113.0/24 is of no private network (RFC 5737).
  it('says of a gateway which addresses of the internet it has, and that it is not programmed', () => {
    const status = `status:
  addresses: [{ type: IPAddress, value: '203.0.113.7' }]
  conditions: [{ type: Programmed, status: 'False' }]
`;
    const { found } = gatewaysIn(platformOf(`${gateway('edge')}${status}`));
    expect(found).toEqual([
      {
        value: '{"namespace":"edge","name":"edge","purpose":"ingress"}',
        object: 'Gateway edge/edge',
        file: 'e.yaml',
        line: 1,
        takesFrom: 'internet',
        addresses: ['203.0.113.7'],
        programmed: false,
      },
    ]);
  });

  it('leaves out none that takes calls from the internet, and says how many it leaves out', () => {
    const many = Array.from({ length: 22 }, (_, index) =>
      gateway(`g${String(index).padStart(2, '0')}`),
    );
    const last = `${gateway('z')}status: { addresses: [{ value: 203.0.113.7 }] }
`;
    const { found, foundLeftOut } = gatewaysIn(platformOf(...many, last));
    expect(found).toHaveLength(20);
    expect(found[0]).toMatchObject({
      object: 'Gateway edge/z',
      takesFrom: 'internet',
    });
    expect(foundLeftOut).toBe(3);
  });
});
