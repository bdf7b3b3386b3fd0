import { buildCluster } from './buildCluster';
import { gatewayExposure } from './gatewayExposure';
import { loadManifests } from './loadManifests';

const deployment = (template: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: ingress }
spec:
  selector: { matchLabels: { app: edge } }
  template:
    metadata:
      labels: { app: edge, sidecar.istio.io/inject: "true" }
      annotations: { inject.istio.io/templates: ${template} }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
---`;
const service = (spec: string, annotations = '', rest = '') => `
apiVersion: v1
kind: Service
metadata: { name: edge, namespace: ingress, annotations: { ${annotations} } }
spec: { selector: { app: edge }, ports: [{ port: 443 }], ${spec} }
${rest}
---`;

function exposure(...texts: string[]) {
  const { objects, findings } = loadManifests([
    { path: 'e.yaml', text: texts.join('\n') },
  ]);
  expect(findings).toEqual([]);
  const { cluster } = buildCluster({ name: 'prod', objects });
  const [workload] = cluster.workloads;
  return gatewayExposure(cluster, workload);
}

const GATEWAY = deployment('gateway');
const BALANCER = 'type: LoadBalancer';

describe('gatewayExposure', () => {
  it('is of gateways alone', () => {
    expect(exposure(deployment('sidecar'), service(BALANCER))).toBeUndefined();
  });

  it('is the internet behind a load balancer that nothing keeps inside, and names the Service', () => {
    expect(exposure(GATEWAY, service(BALANCER))).toEqual({
      takesFrom: 'internet',
      by: [
        {
          service: 'ingress/edge',
          type: 'LoadBalancer',
          takesFrom: 'internet',
        },
      ],
    });
  });

  // Each is the cloud's own way to say that the balancer has an address of a private network alone.
  it.each([
    'service.beta.kubernetes.io/aws-load-balancer-internal: "true"',
    'service.beta.kubernetes.io/aws-load-balancer-scheme: internal',
    'service.beta.kubernetes.io/azure-load-balancer-internal: "true"',
    'networking.gke.io/load-balancer-type: Internal',
    'cloud.google.com/load-balancer-type: Internal',
  ])('is the private network where %s', annotation => {
    expect(exposure(GATEWAY, service(BALANCER, annotation))).toMatchObject({
      takesFrom: 'network',
      by: [{ annotation: annotation.slice(0, annotation.indexOf(': ')) }],
    });
  });

  it('is the internet where such an annotation says no', () => {
    expect(
      exposure(
        GATEWAY,
        service(
          BALANCER,
          'service.beta.kubernetes.io/aws-load-balancer-internal: "false"',
        ),
      ),
    ).toMatchObject({ takesFrom: 'internet' });
  });

  it('is the private network where only private blocks are let in, or the balancer has private addresses alone', () => {
    expect(
      exposure(
        GATEWAY,
        service(`${BALANCER}, loadBalancerSourceRanges: [10.0.0.0/8]`),
      ),
    ).toMatchObject({ takesFrom: 'network' });
    expect(
      exposure(
        GATEWAY,
        service(
          `${BALANCER}, loadBalancerSourceRanges: [10.0.0.0/8, 8.8.8.0/24]`,
        ),
      ),
    ).toMatchObject({ takesFrom: 'internet' });
    expect(
      exposure(
        GATEWAY,
        service(
          BALANCER,
          '',
          'status: { loadBalancer: { ingress: [{ ip: 192.168.3.4 }] } }',
        ),
      ),
    ).toMatchObject({ takesFrom: 'network' });
  });

  it('is the cluster behind a Service that has an address inside it alone', () => {
    expect(exposure(GATEWAY, service('type: ClusterIP'))).toMatchObject({
      takesFrom: 'cluster',
      by: [{ service: 'ingress/edge', type: 'ClusterIP' }],
    });
  });

  it.each([
    ['nothing leads to it', ''],
    ['whoever reaches a node reaches it', service('type: NodePort')],
    [
      'it has addresses that something else leads to',
      service('type: ClusterIP, externalIPs: [203.0.113.7]'),
    ],
  ])('is not known where %s', (_, given) => {
    expect(exposure(GATEWAY, given)).toMatchObject({ takesFrom: 'unknown' });
  });

  it('is not known where something in front of it leads to its Service', () => {
    const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front, namespace: ingress }
spec: { defaultBackend: { service: { name: edge, port: { number: 443 } } } }
---`;
    expect(
      exposure(GATEWAY, service('type: ClusterIP'), ingress),
    ).toMatchObject({ takesFrom: 'unknown' });
  });

  it('is the widest of several Services', () => {
    const inside = service('type: ClusterIP').replace(
      'name: edge, namespace',
      'name: edge-inside, namespace',
    );
    expect(exposure(GATEWAY, inside, service(BALANCER))).toMatchObject({
      takesFrom: 'internet',
      by: [
        { service: 'ingress/edge' },
        { service: 'ingress/edge-inside', takesFrom: 'cluster' },
      ],
    });
  });
});
