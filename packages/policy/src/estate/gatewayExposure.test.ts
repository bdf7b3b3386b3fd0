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

  // A cloud that does not know the annotation gives an address of the internet all the same.
  it('is the internet where the balancer got an address of it, whatever an annotation says', () => {
    const [annotation, ip] = [
      'networking.gke.io/load-balancer-type: Internal',
      'status: { loadBalancer: { ingress: [{ ip: 8.8.4.4 }] } }',
    ];
    expect(exposure(GATEWAY, service(BALANCER, annotation, ip))).toMatchObject({
      takesFrom: 'internet',
    });
  });

  it.each([
    ['Services of its namespace', 'services', 'ingress', 'unknown'],
    [
      'routes of any namespace',
      'httproutes.gateway.networking.k8s.io',
      'front',
      'unknown',
    ],
    ['Services of another one', 'services', 'front', 'cluster'],
  ])('is %s that were left out: %s of %s, %s', (_, kinds, home, takesFrom) => {
    const gap = `
apiVersion: callgate.dev/v1alpha1
kind: NotRead
metadata: { name: ${kinds}, namespace: ${home} }
spec: { leftOut: [{ reason: too-large, count: 1, names: [x] }] }
---`;
    expect(exposure(GATEWAY, service('type: ClusterIP'), gap)).toMatchObject({
      takesFrom,
    });
    expect(exposure(GATEWAY, service(BALANCER), gap)).toMatchObject({
      takesFrom: 'internet',
    });
  });

  it('looks at the objects of a cluster once, however many gateways it has', () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const { objects } = loadManifests([
      {
        path: 'e.yaml',
        text: numbers
          .map(index =>
            [GATEWAY, service('type: ClusterIP')]
              .join('')
              .replaceAll('edge', `edge-${index}`),
          )
          .join(''),
      },
    ]);
    const { cluster } = buildCluster({ name: 'prod', objects });
    let looks = 0;
    const watched = {
      ...cluster,
      objects: new Proxy([...cluster.objects], {
        get: (target, key) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
          return Reflect.get(target, key);
        },
      }),
    };
    const found = cluster.workloads.map(each => gatewayExposure(watched, each));
    expect(found.map(each => each?.takesFrom)).toEqual(
      numbers.map(() => 'cluster'),
    );
    // Once for what leads where, and once for what was left out.
    expect(looks).toBeLessThanOrEqual(2 * cluster.objects.length);
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

  it('is not known where its ports are ports of the node too', () => {
    // Kubernetes, `ContainerPort.hostPort`: the port is exposed on the address of the host.
    const onHost = GATEWAY.replace(
      'image: auto',
      'image: auto, ports: [{ containerPort: 8443, hostPort: 443 }]',
    );
    expect(exposure(onHost, service('type: ClusterIP'))).toMatchObject({
      takesFrom: 'unknown',
    });
    const inside = onHost.replace(', hostPort: 443', '');
    expect(exposure(inside, service('type: ClusterIP'))).toMatchObject({
      takesFrom: 'cluster',
    });
  });

  it.each([
    ['leads there', '', 'unknown'],
    ['leads to one of that name elsewhere', ', namespace: front', 'cluster'],
  ])('a route of another namespace that %s', (_, rest, takesFrom) => {
    const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: front, namespace: front }
spec: { rules: [{ backendRefs: [{ name: edge, port: 443${
      rest || ', namespace: ingress'
    } }] }] }
---`;
    expect(exposure(GATEWAY, service('type: ClusterIP'), route)).toMatchObject({
      takesFrom,
    });
  });

  describe('of a Gateway of the Gateway API', () => {
    const gateway = (spec: string, status: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: ingress }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }]${spec} }
status: { ${status} }
---`;
    // What istiod makes for it bears this label (istio `kube-gateway.yaml`).
    const made = (spec: string) => `
apiVersion: v1
kind: Service
metadata: { name: edge-istio, namespace: ingress }
spec: { selector: { gateway.networking.k8s.io/gateway-name: edge }, ports: [{ port: 80 }], ${spec} }
---`;
    const at = (value: string, type = 'IPAddress') =>
      `addresses: [{ type: ${type}, value: '${value}' }]`;

    it.each([
      ['status', '', at('203.0.113.7')],
      ['spec', `, ${at('203.0.113.7')}`, ''],
      // The default of the type is IPAddress (Gateway API, `GatewayStatusAddress`).
      ['status without a type', '', "addresses: [{ value: '203.0.113.7' }]"],
    ])(
      'is the internet where its %s has such an address, whatever its Service says',
      (_, spec, status) => {
        const expected = { takesFrom: 'internet', addresses: ['203.0.113.7'] };
        expect(exposure(gateway(spec, status))).toMatchObject(expected);
        expect(
          exposure(gateway(spec, status), made('type: ClusterIP')),
        ).toMatchObject(expected);
      },
    );

    // Whoever writes a file can write a status, so that it must not make a gateway look narrower.
    it.each([
      ['a private address', at('10.0.0.7')],
      ['a private address of IPv6', at('fd00::7')],
      ['loopback', at('127.0.0.1')],
      [
        'a name inside the cluster',
        at('edge.ingress.svc.cluster.local', 'Hostname'),
      ],
      ['a name', at('edge.shop.example', 'Hostname')],
      ['no address', at('203.0.113.7/0')],
      [
        'that it is not programmed',
        "conditions: [{ type: Programmed, status: 'False' }]",
      ],
    ])('is what its Services say where its status has %s', (_, status) => {
      const given = gateway('', status);
      expect(exposure(given)?.takesFrom).toBe('unknown');
      expect(exposure(given, made('type: ClusterIP'))?.takesFrom).toBe(
        'cluster',
      );
      expect(exposure(given, made(BALANCER))?.takesFrom).toBe('internet');
      expect(exposure(given)?.addresses).toBeUndefined();
    });

    it.each([
      ['False', false],
      ['True', undefined],
      ['Unknown', undefined],
    ])('Programmed: %s is told beside it', (state, isProgrammed) => {
      const conditions = `conditions: [{ type: Accepted, status: 'True' }, { type: Programmed, status: '${state}' }]`;
      expect(exposure(gateway('', conditions))?.isProgrammed).toBe(
        isProgrammed,
      );
    });
  });
});
