/*
 * One object of every kind that others write and something is read of: kinds that are not modelled, and those of Istio
 * beside its policies. Each is sound, so that what is changed in it is the only thing that is odd.
 */

const SELECTOR = {
  matchLabels: { app: 'damaged' },
  matchExpressions: [{ key: 'app', operator: 'In', values: ['damaged'] }],
};

const object = (
  apiVersion: string,
  kind: string,
  spec: object,
  name = 'f',
) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  spec,
});

const container = (name: string) => ({
  name,
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
});

/** Pods and a ReplicaSet of one of the workloads, as a cluster has them. */
const running = ['a', 'b'].map(suffix => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `damaged-${suffix}`,
    namespace: 'shop',
    labels: { app: 'damaged', 'pod-template-hash': 'abc' },
    annotations: { 'proxy.istio.io/config': 'a' },
    ownerReferences: [
      { kind: 'ReplicaSet', name: 'damaged-abc', controller: true },
    ],
  },
  spec: {
    serviceAccountName: suffix,
    nodeName: 'n',
    initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }],
    containers: [container('app')],
  },
  status: { phase: 'Running' },
}));

const replicaSet = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: 'damaged-abc',
    namespace: 'shop',
    ownerReferences: [
      { kind: 'Deployment', name: 'damaged', controller: true },
    ],
  },
  spec: {
    template: {
      metadata: { labels: { app: 'damaged' } },
      spec: { serviceAccountName: 'c', containers: [container('app')] },
    },
  },
  status: { replicas: 1 },
};

/** A workload whose init containers call others. */
const loader = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'loader', namespace: 'shop' },
  spec: {
    template: {
      metadata: {
        labels: { app: 'loader', 'sidecar.istio.io/inject': 'true' },
        annotations: { 'sidecar.istio.io/nativeSidecar': 'false' },
      },
      spec: {
        initContainers: [
          {
            name: 'wait',
            command: ['nc'],
            args: ['damaged', '80'],
            env: [{ name: 'A', value: 'http://damaged:80' }],
          },
        ],
        containers: [container('discovery')],
      },
    },
  },
};

export const FOREIGN: readonly {
  apiVersion: string;
  kind: string;
  metadata: object;
}[] = [
  loader,
  object('cilium.io/v2', 'CiliumNetworkPolicy', {
    endpointSelector: SELECTOR,
    ingress: [{ fromEndpoints: [SELECTOR] }],
    egressDeny: [{ toEntities: ['world'] }],
  }),
  object('cilium.io/v2', 'CiliumClusterwideNetworkPolicy', {
    nodeSelector: SELECTOR,
    specs: [{ endpointSelector: SELECTOR, egress: [] }],
  }),
  object('projectcalico.org/v3', 'NetworkPolicy', {
    selector: "app == 'damaged' && has(x) || y in { 'a' }",
    serviceAccountSelector: "a == 'b'",
    types: ['Ingress'],
    ingress: [{ action: 'Deny', source: { selector: 'all()' } }],
  }),
  object('crd.projectcalico.org/v1', 'GlobalNetworkPolicy', {
    selector: "app == 'damaged'",
    namespaceSelector: "projectcalico.org/name == 'shop'",
    types: ['Egress'],
    order: 1,
  }),
  object('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', {
    priority: 1,
    subject: { pods: { namespaceSelector: SELECTOR, podSelector: SELECTOR } },
    ingress: [{ action: 'Deny', from: [{ namespaces: SELECTOR }] }],
  }),
  object('policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy', {
    subject: { namespaces: SELECTOR },
    egress: [{ action: 'Deny', to: [] }],
  }),
  object('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', {
    tier: 'Admin',
    subject: { pods: { namespaceSelector: SELECTOR, podSelector: SELECTOR } },
    ingress: [],
  }),
  object('crd.antrea.io/v1beta1', 'NetworkPolicy', {
    appliedTo: [
      { podSelector: SELECTOR, namespaceSelector: SELECTOR, group: 'g' },
    ],
    ingress: [{ appliedTo: [{ serviceAccount: { name: 'a' } }] }],
  }),
  object('networking.gke.io/v1alpha1', 'FQDNNetworkPolicy', {
    podSelector: SELECTOR,
  }),
  object('networking.k8s.aws/v1alpha1', 'ApplicationNetworkPolicy', {
    podSelector: SELECTOR,
    policyTypes: ['Ingress'],
  }),
  object('vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy', {
    podSelector: SELECTOR,
    serviceAccountSelector: SELECTOR,
    securityGroups: { groupIds: ['sg'] },
  }),
  object('k8s.ovn.org/v1', 'EgressFirewall', { egress: [{ type: 'Deny' }] }),
  object('nsx.vmware.com/v1alpha1', 'SecurityPolicy', {
    appliedTo: [{ podSelector: SELECTOR }],
  }),
  object('networking.istio.io/v1alpha3', 'EnvoyFilter', {
    workloadSelector: { labels: { app: 'damaged' } },
    targetRefs: [{ kind: 'Service', name: 'damaged' }],
    configPatches: [
      { applyTo: 'HTTP_FILTER', match: { context: 'SIDECAR_INBOUND' } },
    ],
  }),
  object('extensions.istio.io/v1alpha1', 'WasmPlugin', {
    selector: { matchLabels: { app: 'damaged' } },
    match: [{ mode: 'SERVER', ports: [{ number: 80 }] }],
  }),
  object('policy.linkerd.io/v1beta3', 'Server', {
    podSelector: SELECTOR,
    port: 'http',
  }),
  object('consul.hashicorp.com/v1alpha1', 'ServiceIntentions', {
    destination: { name: 'damaged' },
  }),
  object('kuma.io/v1alpha1', 'MeshTrafficPermission', {
    targetRef: { kind: 'Mesh' },
  }),
  object('networking.istio.io/v1', 'DestinationRule', {
    host: 'damaged',
    exportTo: ['.'],
    trafficPolicy: {
      tls: { mode: 'DISABLE' },
      portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }],
    },
    subsets: [{ name: 'a', labels: { app: 'damaged' } }],
  }),
  object('networking.istio.io/v1', 'Gateway', {
    selector: { app: 'damaged' },
    servers: [
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: ['*'],
        tls: { mode: 'SIMPLE', credentialName: 'c' },
      },
    ],
  }),
  object('networking.istio.io/v1', 'ServiceEntry', {
    hosts: ['x.example'],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    addresses: ['192.0.2.0/24'],
    ports: [{ number: 443, name: 'tls', protocol: 'TLS', targetPort: 8443 }],
    endpoints: [
      { address: '192.0.2.1', labels: { app: 'e' }, ports: { tls: 8443 } },
    ],
  }),
  object('networking.istio.io/v1', 'WorkloadGroup', {
    metadata: { labels: { app: 'g' }, annotations: { a: 'b' } },
    template: { serviceAccount: 'g', network: 'n', ports: { http: 80 } },
  }),
  object('networking.istio.io/v1', 'Sidecar', {
    workloadSelector: { labels: { app: 'damaged' } },
    egress: [{ hosts: ['./*'] }],
  }),
  object('networking.istio.io/v1beta1', 'ProxyConfig', {
    selector: { matchLabels: { app: 'damaged' } },
    concurrency: 1,
    environmentVariables: { ISTIO_META_ENABLE_HBONE: 'true' },
  }),
  object('security.istio.io/v1', 'RequestAuthentication', {
    selector: { matchLabels: { app: 'damaged' } },
    jwtRules: [
      {
        issuer: 'i',
        jwksUri: 'https://i.example',
        audiences: ['a'],
        fromHeaders: [{ name: 'x', prefix: 'y' }],
        timeout: '1s',
      },
    ],
  }),
  object('telemetry.istio.io/v1', 'Telemetry', {
    targetRefs: [{ kind: 'Service', group: '', name: 'damaged' }],
    accessLogging: [
      { match: { mode: 'SERVER' }, providers: [{ name: 'envoy' }] },
    ],
    tracing: [{ randomSamplingPercentage: 1 }],
  }),
  object('gateway.networking.k8s.io/v1', 'Gateway', {
    gatewayClassName: 'istio-waypoint',
    infrastructure: { labels: { a: 'b' } },
    listeners: [
      {
        name: 'mesh',
        port: 15008,
        protocol: 'HBONE',
        allowedRoutes: { namespaces: { from: 'Selector', selector: SELECTOR } },
      },
    ],
  }),
  object('gateway.networking.k8s.io/v1', 'GatewayClass', {
    controllerName: 'istio.io/mesh-controller',
  }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', {
    scaleTargetRef: { kind: 'Deployment', name: 'damaged' },
    maxReplicas: 3,
  }),
  ...running,
  replicaSet,
];
