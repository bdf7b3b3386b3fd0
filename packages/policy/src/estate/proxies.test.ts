import { buildCluster } from './buildCluster';
import { loadManifests } from './loadManifests';
import { waypointOfService, waypointOfWorkload } from './waypointLookup';

function clusterOf(text: string) {
  const { objects, findings } = loadManifests([{ path: 'e.yaml', text }]);
  expect(findings).toEqual([]);
  return buildCluster({ name: 'prod', objects }).cluster;
}

const NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp } }
---`;
const waypoint = (
  name: string,
  namespace: string,
  serves?: string,
  allowed = '',
) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: { ${serves ? `istio.io/waypoint-for: ${serves}` : ''} }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE${
  allowed && `, allowedRoutes: { namespaces: ${allowed} }`
} }] }
---`;
const service = (name: string, labels = '') => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop, labels: { ${labels} } }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
---`;
const deployment = (name: string, labels = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}${labels} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: app }] }
---`;

describe('waypoints', () => {
  it('are Gateways of class istio-waypoint, with the Deployment that istiod makes', () => {
    const cluster = clusterOf(NAMESPACE + waypoint('wp', 'shop'));
    expect(cluster.waypoints).toEqual([
      expect.objectContaining({
        id: 'shop/wp',
        serves: 'service',
        serviceAccount: 'wp',
        workload: 'shop/Deployment/wp',
      }),
    ]);
    expect(cluster.workloads).toEqual([
      expect.objectContaining({
        id: 'shop/Deployment/wp',
        gateway: 'shop/wp',
        hbone: true,
        mesh: 'none',
      }),
    ]);
  });

  it('keep the pods that manifests have', () => {
    const cluster = clusterOf(
      NAMESPACE +
        waypoint('wp', 'shop') +
        deployment(
          'own',
          ', gateway.networking.k8s.io/gateway-name: wp, istio.io/dataplane-mode: none',
        ),
    );
    expect(cluster.workloads.map(({ id }) => id)).toEqual([
      'shop/Deployment/own',
    ]);
    expect(cluster.waypoints[0].workload).toBe('shop/Deployment/own');
    expect(cluster.waypoints[0].serviceAccount).toBe('own');
  });

  it('are found by the label of the Service, else of its namespace; none opts out', () => {
    const cluster = clusterOf(
      NAMESPACE +
        waypoint('wp', 'shop') +
        waypoint('far', 'infra', 'all', '{ from: All }') +
        service('a') +
        service('b', 'istio.io/use-waypoint: none') +
        service(
          'c',
          'istio.io/use-waypoint: far, istio.io/use-waypoint-namespace: infra',
        ) +
        service('d', 'istio.io/use-waypoint: gone') +
        service('e', 'istio.io/use-waypoint: ""'),
    );
    expect(
      cluster.services.map(each => waypointOfService(cluster, each)?.id),
    ).toEqual(['shop/wp', undefined, 'infra/far', undefined, undefined]);
  });

  it.each([
    ['nothing', '', undefined],
    ['its own namespace', '{ from: Same }', undefined],
    ['all namespaces', '{ from: All }', 'infra/far'],
    [
      'namespaces with a label that this one has',
      '{ from: Selector, selector: { matchLabels: { istio.io/dataplane-mode: ambient } } }',
      'infra/far',
    ],
    [
      'namespaces with a label that this one lacks',
      '{ from: Selector, selector: { matchLabels: { team: red } } }',
      undefined,
    ],
    ['a selector that is not there', '{ from: Selector }', undefined],
  ])(
    'of another namespace is used only where its listener admits: %s',
    (_, allowed, expected) => {
      const cluster = clusterOf(
        NAMESPACE +
          waypoint('far', 'infra', 'all', allowed) +
          service(
            'a',
            'istio.io/use-waypoint: far, istio.io/use-waypoint-namespace: infra',
          ) +
          deployment(
            'a',
            ', istio.io/use-waypoint: far, istio.io/use-waypoint-namespace: infra',
          ),
      );
      const [workload] = cluster.workloads.filter(({ name }) => name === 'a');
      expect([
        waypointOfService(cluster, cluster.services[0])?.id,
        waypointOfWorkload(cluster, workload)?.id,
      ]).toEqual([expected, expected]);
    },
  );

  it('serve Services, workloads or both, as their label says', () => {
    const cluster = clusterOf(
      NAMESPACE +
        waypoint('wp', 'shop') +
        waypoint('pods', 'shop', 'workload') +
        deployment('a') +
        deployment('b', ', istio.io/use-waypoint: pods') +
        service('b', 'istio.io/use-waypoint: pods'),
    );
    const of = (name: string) =>
      cluster.workloads.find(each => each.name === name);
    const [a, b] = [of('a'), of('b')];
    // wp serves Services only, pods serves workloads only.
    expect(a && waypointOfWorkload(cluster, a)).toBeUndefined();
    expect(b && waypointOfWorkload(cluster, b)?.id).toBe('shop/pods');
    expect(waypointOfService(cluster, cluster.services[0])).toBeUndefined();
  });
});

describe('gateways', () => {
  it('of class istio are deployed under their name and -istio', () => {
    const cluster = clusterOf(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: infra }
spec: { gatewayClassName: istio, listeners: [] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: foreign, namespace: infra }
spec: { gatewayClassName: nginx, listeners: [] }
`);
    expect(cluster.gateways).toEqual([
      expect.objectContaining({
        id: 'infra/edge',
        purpose: 'ingress',
        serviceAccount: 'edge-istio',
        workload: 'infra/Deployment/edge-istio',
      }),
    ]);
  });
});

describe('HBONE', () => {
  it('is taken by ambient pods, and by sidecars that are labelled for it', () => {
    const cluster = clusterOf(
      NAMESPACE +
        deployment('plain', ', istio.io/dataplane-mode: none') +
        deployment('ambient') +
        deployment('sidecar', ", sidecar.istio.io/inject: 'true'") +
        deployment(
          'tunnel',
          ", sidecar.istio.io/inject: 'true', networking.istio.io/tunnel: http",
        ),
    );
    expect(
      cluster.workloads.map(({ name, mesh, hbone }) => [name, mesh, hbone]),
    ).toEqual([
      ['ambient', 'ambient', true],
      ['plain', 'none', false],
      ['sidecar', 'sidecar', false],
      ['tunnel', 'sidecar', true],
    ]);
  });
});

describe('injection', () => {
  // istiod's webhooks select pods by the label; the annotation is read only
  // once the namespace's label has brought the pod to the injector.
  const pod = (label: string, annotation: string) => `
apiVersion: v1
kind: Pod
metadata:
  name: p
  namespace: shop
  labels: { ${label} }
  annotations: { ${annotation} }
spec: { containers: [{ name: app }] }
---`;
  const namespace = (label: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { ${label} } }
---`;
  const asked = "sidecar.istio.io/inject: 'true'";
  const refused = "sidecar.istio.io/inject: 'false'";

  it.each([
    ['a label asks, the namespace says nothing', '', asked, '', 'sidecar'],
    ['an annotation asks, the namespace says nothing', '', '', asked, 'none'],
    [
      'an annotation asks in an injected namespace',
      'istio-injection: enabled',
      '',
      asked,
      'sidecar',
    ],
    [
      'an annotation refuses in an injected namespace',
      'istio-injection: enabled',
      '',
      refused,
      'none',
    ],
    [
      'a label asks against an annotation',
      'istio-injection: enabled',
      asked,
      refused,
      'sidecar',
    ],
    [
      'a label asks in a namespace that is disabled',
      'istio-injection: disabled',
      asked,
      '',
      'none',
    ],
  ])('when %s', (_case, ofNamespace, label, annotation, mesh) => {
    const cluster = clusterOf(namespace(ofNamespace) + pod(label, annotation));
    expect(cluster.workloads.map(each => each.mesh)).toEqual([mesh]);
  });

  it('is a guess when an annotation asks beside namespaces that are labelled', () => {
    // Upstream does not inject such a pod; OpenShift Service Mesh 2 does.
    const labelled = `
apiVersion: v1
kind: Namespace
metadata: { name: other, labels: { istio-injection: enabled } }
---`;
    const guesses = (annotation: string) =>
      clusterOf(labelled + namespace('') + pod('', annotation)).workloads.map(
        each => each.meshIsGuess,
      );
    expect(guesses(asked)).toEqual([true]);
    expect(guesses('')).toEqual([false]);
  });
});

describe('the class of a Gateway', () => {
  const gatewayClass = (name: string, controller: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: ${name} }
spec: { controllerName: ${controller} }
---`;
  const gateway = (className: string) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: shop }
spec: { gatewayClassName: ${className} }
---`;

  it("with Istio's mesh controller makes a waypoint, whatever its name", () => {
    const { waypoints, gateways, workloads } = clusterOf(
      gateway('shop-waypoint') +
        gatewayClass('shop-waypoint', 'istio.io/mesh-controller'),
    );
    expect(waypoints).toEqual([
      expect.objectContaining({
        id: 'shop/gw',
        serviceAccount: 'gw',
        podLabels: expect.objectContaining({
          'gateway.networking.k8s.io/gateway-class-name': 'shop-waypoint',
        }),
      }),
    ]);
    expect(gateways).toEqual([]);
    expect(workloads.map(({ id }) => id)).toEqual(['shop/Deployment/gw']);
  });

  it("with Istio's gateway controller makes a gateway, named after both", () => {
    const { waypoints, gateways } = clusterOf(
      gateway('edge') + gatewayClass('edge', 'istio.io/gateway-controller'),
    );
    expect(waypoints).toEqual([]);
    expect(gateways).toEqual([
      expect.objectContaining({
        id: 'shop/gw',
        purpose: 'ingress',
        workload: 'shop/Deployment/gw-edge',
      }),
    ]);
  });

  it('without an object is none that istiod serves, unless it is built in', () => {
    const unknown = clusterOf(gateway('shop-waypoint'));
    expect([unknown.waypoints, unknown.gateways]).toEqual([[], []]);
    expect(clusterOf(gateway('istio-waypoint')).waypoints).toHaveLength(1);
    expect(clusterOf(gateway('istio')).gateways).toHaveLength(1);
    expect(clusterOf(gateway('istio-east-west')).gateways).toEqual([
      expect.objectContaining({ purpose: 'east-west' }),
    ]);
  });

  it.each(['example.com/controller', '7', '{}'])(
    'of another controller (%s) is not served by istiod, even by the name of a built-in one',
    controller => {
      const { waypoints, gateways, workloads } = clusterOf(
        gateway('istio-waypoint') + gatewayClass('istio-waypoint', controller),
      );
      expect([waypoints, gateways, workloads]).toEqual([[], [], []]);
    },
  );

  it.each(['constructor', '__proto__', '7', '[]'])(
    'may be called anything: %s',
    name => {
      const { waypoints, gateways } = clusterOf(gateway(name));
      expect([waypoints, gateways]).toEqual([[], []]);
    },
  );
});
