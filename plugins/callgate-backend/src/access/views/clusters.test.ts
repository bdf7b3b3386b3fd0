import { buildCluster, loadManifests, profileReport } from '@callgate/policy';
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
    spec: { containers: [{ name: c, image: prom/prometheus }] }
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

describe('toClusterPlatform', () => {
  it('keeps from whoever may not see every entity what could name one', () => {
    const whole = JSON.stringify(toClusterPlatform(report, true));
    expect(whole).toMatch(/secret-project/);
    expect(whole).toMatch(/secret-edge/);
    const kept = toClusterPlatform(report, false);
    expect(JSON.stringify(kept)).not.toMatch(/secret|hidden/);
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
});
