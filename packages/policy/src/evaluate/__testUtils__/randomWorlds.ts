import fc from 'fast-check';
import { KubernetesObject } from '../../estate/types';

/** Random small worlds in which everything that is modelled meets everything else. */

export const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });
export const clean = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== undefined),
  ) as T;
const record = <T extends Record<string, unknown>>(model: {
  [K in keyof T]: fc.Arbitrary<T[K]>;
}) => fc.record(model).map(value => clean(value as object));
const some = <T>(...values: T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

const NAMESPACES = ['a', 'b', 'istio-system'];

const workload = fc.record({
  kind: fc.constantFrom('Deployment', 'Deployment', 'StatefulSet'),
  namespace: fc.constantFrom('a', 'a', 'b', 'istio-system'),
  app: fc.constantFrom('x', 'y'),
  tier: fc.constantFrom('front', 'back'),
  serviceAccount: fc.constantFrom('one', 'two'),
  hostNetwork: fc.constantFrom(false, false, false, true),
  replicas: fc.constantFrom(1, 2),
  sidecar: fc.constantFrom('true', 'true', 'false', ''),
  excluded: fc.constantFrom('', '', '9090'),
  portName: fc.constantFrom('http', 'web'),
  mesh: fc.constantFrom('', '', 'ambient', 'none'),
  tunnel: fc.constantFrom('', '', '', 'http'),
  waypoint: fc.constantFrom('', '', '', 'wp', 'none'),
});

const only = (key: string, value: unknown) =>
  value === '' ? {} : { [key]: value };

function toDeployment(
  value: { namespace: string } & Record<string, unknown>,
  index: number,
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: String(value.kind),
    metadata: { name: `w${index}`, namespace: value.namespace },
    spec: {
      replicas: value.replicas,
      template: {
        metadata: {
          labels: {
            app: value.app,
            tier: value.tier,
            ...(value.sidecar === ''
              ? {}
              : { 'sidecar.istio.io/inject': value.sidecar }),
            ...only('istio.io/dataplane-mode', value.mesh),
            ...only('networking.istio.io/tunnel', value.tunnel),
            ...only('istio.io/use-waypoint', value.waypoint),
          },
          annotations:
            value.excluded === ''
              ? {}
              : {
                  'traffic.sidecar.istio.io/excludeInboundPorts':
                    value.excluded,
                },
        },
        spec: {
          serviceAccountName: value.serviceAccount,
          hostNetwork: value.hostNetwork,
          containers: [
            {
              name: 'main',
              ports: [{ name: value.portName, containerPort: 8080 }],
            },
          ],
        },
      },
    },
  };
}

/** A host with or without a proxy on it; one in four has no address that a policy could name. */
const host = fc
  .record({
    namespace: fc.constantFrom('a', 'b'),
    app: fc.constantFrom('x', 'y'),
    serviceAccount: fc.constantFrom('one', 'two', undefined),
    address: fc.constantFrom(
      '10.1.0.7',
      '192.168.0.7',
      'host.example',
      '8.8.8.8',
    ),
    tunnel: fc.constantFrom('', '', 'http'),
  })
  .map(
    ({ namespace, app, tunnel, ...spec }): KubernetesObject => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      metadata: { name: 'host', namespace },
      spec: clean({
        ...spec,
        labels: { app, ...only('networking.istio.io/tunnel', tunnel) },
        ports: { http: 8080 },
      }),
    }),
  );

const labels = record({
  app: optional(fc.constantFrom('x', 'y')),
  tier: optional(fc.constantFrom('front', 'back')),
  // Of one pod of a StatefulSet; the others do not have it.
  'statefulset.kubernetes.io/pod-name': fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom('w0-0', 'w1-0') },
  ),
});
const selector = fc.oneof(
  labels.map(matchLabels => ({ matchLabels })),
  fc.constant({}),
  fc.constantFrom('In', 'NotIn').map(operator => ({
    matchExpressions: [{ key: 'app', operator, values: ['x'] }],
  })),
  fc
    .constantFrom('Exists', 'DoesNotExist')
    .chain(operator =>
      fc
        .constantFrom(
          'none',
          'pod-template-hash',
          'statefulset.kubernetes.io/pod-name',
        )
        .map(key => ({ matchExpressions: [{ key, operator }] })),
    ),
);
const namespaceSelector = fc.oneof(
  fc.constant({}),
  fc
    .constantFrom(...NAMESPACES)
    .map(name => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
);
const block = fc.constantFrom<object>(
  { cidr: '10.0.0.0/8' },
  { cidr: '10.1.0.0/16' },
  { cidr: '0.0.0.0/0' },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
  { cidr: '192.168.0.0/16' },
);
const peer = fc.oneof(
  record({ podSelector: selector }),
  record({ namespaceSelector }),
  record({ namespaceSelector, podSelector: selector }),
  record({ ipBlock: block }),
);
const policyPort = fc.constantFrom<object>(
  { port: 8080 },
  { port: 'http' },
  { port: 'web', protocol: 'TCP' },
  { port: 8000, endPort: 9000 },
  { protocol: 'UDP' },
  { port: 8080, protocol: 'UDP' },
  { port: 8080, protocol: 'SCTP' },
  { port: 9090 },
  // Not valid: what it closes is unknown.
  { port: 'http', endPort: 9000 },
);
const policyRule = (field: string) =>
  fc
    .record({
      peers: optional(fc.array(peer, { maxLength: 2 })),
      ports: optional(fc.array(policyPort, { maxLength: 2 })),
    })
    .map(({ peers, ports }) => clean({ [field]: peers, ports }));
const networkPolicy = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    podSelector: selector,
    ingress: optional(fc.array(policyRule('from'), { maxLength: 2 })),
    egress: optional(fc.array(policyRule('to'), { maxLength: 2 })),
    policyTypes: optional(some('Ingress', 'Egress')),
  })
  .map(
    ({ namespace, ...spec }): KubernetesObject => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'np', namespace },
      spec: clean(spec),
    }),
  );

const source = record({
  principals: optional(
    some(
      '*',
      'cluster.local/ns/a/sa/one',
      'td/ns/a/sa/two',
      '*/ns/b/sa/one',
      'old/ns/a/sa/one',
    ),
  ),
  notPrincipals: optional(some('*', 'td/ns/a/sa/one')),
  namespaces: optional(some('a', 'b*')),
  notNamespaces: optional(some('b')),
  ipBlocks: optional(some('10.0.0.0/8', '10.1.0.0/16', '192.168.0.1')),
  notIpBlocks: optional(some('10.1.0.0/16')),
  remoteIpBlocks: optional(some('1.2.3.4')),
  requestPrincipals: optional(some('*')),
  trustDomains: optional(some('td', 'other')),
});
const accounts = record({
  serviceAccounts: some('one', 'a/two'),
  notServiceAccounts: optional(some('b/one')),
});
const operation = record({
  methods: optional(some('GET', 'P*', '*')),
  notMethods: optional(some('POST', 'DELETE')),
  paths: optional(
    some('/a', '/a/*', '*.html', '*', '/a/{*}', '/{*}/b', '/a/{**}', '/{id}'),
  ),
  notPaths: optional(some('/a/secret', '/a/{*}')),
  hosts: optional(some('shop.a', '*.A', '*')),
  notHosts: optional(some('evil.*')),
  ports: optional(some('8080', '9090')),
  notPorts: optional(some('9090')),
});
const when = fc.constantFrom<object>(
  { key: 'request.headers[x]', values: ['1'] },
  { key: 'source.namespace', values: ['a'] },
  { key: 'source.principal', notValues: ['td/ns/a/sa/one'] },
  { key: 'destination.port', values: ['8080'] },
  { key: 'source.ip', values: ['10.0.0.0/8'] },
  { key: 'request.auth.claims[role]', notValues: ['x'] },
);
const notEmpty = (value: object) => Object.keys(value).length > 0;
const authRule = record({
  from: optional(
    fc.array(
      fc
        .oneof(source.filter(notEmpty), accounts)
        .map(each => ({ source: each })),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  to: optional(
    fc.array(
      operation.filter(notEmpty).map(each => ({ operation: each })),
      { minLength: 1, maxLength: 2 },
    ),
  ),
  when: optional(fc.array(when, { minLength: 1, maxLength: 2 })),
});
const target = fc.constantFrom<object>(
  { kind: 'Service', name: 'x' },
  { kind: 'Service', name: 'y' },
  { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'wp' },
  {
    group: 'gateway.networking.k8s.io',
    kind: 'GatewayClass',
    name: 'istio-waypoint',
  },
);
const authorizationPolicy = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    dryRun: fc.constantFrom(false, false, false, true),
    selector: optional(labels.map(matchLabels => ({ matchLabels }))),
    targetRefs: optional(target.map(each => [each])),
    action: fc.constantFrom(
      'ALLOW',
      'ALLOW',
      'ALLOW',
      'DENY',
      'DENY',
      'CUSTOM',
      'AUDIT',
    ),
    rules: optional(fc.array(authRule, { maxLength: 3 })),
  })
  .map(
    ({ namespace, dryRun, selector: own, ...spec }): KubernetesObject => ({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: {
        name: 'ap',
        namespace,
        ...(dryRun ? { annotations: { 'istio.io/dry-run': 'true' } } : {}),
      },
      spec: clean({
        ...spec,
        ...(spec.targetRefs ? {} : { selector: own }),
        ...(spec.action === 'CUSTOM' ? { provider: { name: 'ext' } } : {}),
      }),
    }),
  );
const mode = fc
  .constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET')
  .map(value => ({ mode: value }));
const peerAuthentication = fc
  .record({
    namespace: fc.constantFrom(...NAMESPACES),
    selector: optional(labels.map(matchLabels => ({ matchLabels }))),
    mtls: optional(mode),
    portLevelMtls: optional(mode.map(value => ({ 8080: value }))),
  })
  .map(
    ({ namespace, ...spec }): KubernetesObject => ({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'pa', namespace },
      spec: clean(spec),
    }),
  );
const service = fc
  .record({
    namespace: fc.constantFrom('a', 'b'),
    app: fc.constantFrom('x', 'y'),
    portName: fc.constantFrom('http', 'tcp-db', undefined),
    waypoint: fc.constantFrom('', 'wp', 'wp', 'none'),
    isHeadless: fc.constantFrom(false, false, false, true),
    type: fc.constantFrom('ClusterIP', 'ClusterIP', 'LoadBalancer', 'Local'),
  })
  .map(
    ({
      namespace,
      app,
      portName,
      waypoint,
      isHeadless,
      type,
    }): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: app,
        namespace,
        labels: only('istio.io/use-waypoint', waypoint) as Record<
          string,
          string
        >,
      },
      spec: {
        selector: { app },
        ...(isHeadless ? { clusterIP: 'None' } : {}),
        ...(type === 'Local'
          ? { type: 'NodePort', externalTrafficPolicy: 'Local' }
          : { type }),
        ports: [
          {
            port: 80,
            targetPort: 8080,
            ...(portName ? { name: portName } : {}),
          },
        ],
      },
    }),
  );
const gateway = fc
  .record({
    namespace: fc.constantFrom('a', 'a', 'b'),
    serves: fc.constantFrom('service', 'workload', 'all', 'none'),
  })
  .map(
    ({ namespace, serves }): KubernetesObject => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: {
        name: 'wp',
        namespace,
        labels: { 'istio.io/waypoint-for': serves },
      },
      spec: { gatewayClassName: 'istio-waypoint', listeners: [] },
    }),
  );
const destinationRule = fc.constantFrom('DISABLE', 'ISTIO_MUTUAL').map(
  (tls): KubernetesObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'dr', namespace: 'a' },
    spec: { host: 'x', trafficPolicy: { tls: { mode: tls } } },
  }),
);
const foreign = fc.constantFrom<KubernetesObject>(
  {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'cnp', namespace: 'b' },
    spec: {},
  },
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'ef', namespace: 'b' },
    spec: {},
  },
);

const list = (each: fc.Arbitrary<KubernetesObject>, maxLength: number) =>
  fc.array(each, { maxLength });
/** Services and Gateways are found by name, so that each may stand once. */
function distinct(objects: KubernetesObject[]): KubernetesObject[] {
  const seen = new Set<string>();
  return objects.filter(({ kind, metadata: { namespace, name } }) => {
    const key = `${kind} ${namespace}/${name}`;
    const isNew = !['Service', 'Gateway'].includes(kind) || !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Objects of a world. */
export const randomObjects = fc
  .tuple(
    fc.array(workload, { minLength: 2, maxLength: 3 }),
    list(networkPolicy, 2),
    list(authorizationPolicy, 3),
    list(peerAuthentication, 2),
    list(service, 2),
    list(gateway, 1),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: list(destinationRule, 1) },
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: list(foreign, 1) },
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: list(host, 1) },
    ),
  )
  .map(([workloads, ...rest]) => [
    ...workloads.map(toDeployment),
    // Names make objects: two of one name would be one object.
    ...distinct(rest.flat()).map((object, index) => ({
      ...object,
      metadata: {
        ...object.metadata,
        // Targets and waypoints are found by name.
        name: ['Service', 'Gateway'].includes(object.kind)
          ? object.metadata.name
          : `${object.metadata.name}-${index}`,
      },
    })),
  ]);

/** Worlds in which most calls go through a waypoint: both ends ambient, Services of both apps in front. */
export const randomWaypointObjects = fc
  .tuple(
    randomObjects,
    gateway,
    fc.constantFrom('http', 'tcp-db', undefined),
    fc.constantFrom('wp', 'wp', 'none'),
  )
  .map(([objects, found, portName, own]) => {
    const rest = objects.filter(
      ({ kind }) =>
        !['Gateway', 'Service', 'Deployment', 'StatefulSet'].includes(kind),
    );
    const deployments = objects
      .filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))
      .map((object): KubernetesObject => {
        const text = JSON.stringify(object)
          .replace(/"sidecar.istio.io\/inject":"[a-z]*",?/, '')
          .replace('"hostNetwork":true', '"hostNetwork":false')
          .replaceAll('"b"', '"a"')
          .replaceAll(',}', '}');
        return JSON.parse(text);
      });
    const services = ['x', 'y'].map(
      (app): KubernetesObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: app,
          namespace: 'a',
          labels: app === 'y' ? { 'istio.io/use-waypoint': own } : {},
        },
        spec: {
          selector: { app },
          ports: [
            {
              port: 9090,
              targetPort: 8080,
              ...(portName ? { name: portName } : {}),
            },
          ],
        },
      }),
    );
    const namespace: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'a',
        labels: {
          'istio.io/dataplane-mode': 'ambient',
          'istio.io/use-waypoint': 'wp',
        },
      },
    };
    const home = { ...found, metadata: { ...found.metadata, namespace: 'a' } };
    return [...deployments, ...services, namespace, home, ...rest];
  });
