/** A field of the profile as it is reported. */
export interface ProfileField {
  field: string;
  /** Kinds of which objects can say it, as `group/Kind`. */
  saidBy: readonly string[];
  /** What to write where there is no default to state. */
  example?: unknown;
}

const MESH_CONFIG = ['/ConfigMap'];
const ISTIOD = ['apps/Deployment'];
const PLUGIN = ['apps/DaemonSet', '/ConfigMap'];
const PEER = { namespace: 'telemetry', podLabels: { app: 'collector' } };

/** Every field of `spec`, groups field by field; a test compares them with the schema. */
export const PROFILE_FIELDS: readonly ProfileField[] = [
  { field: 'environments', saidBy: [], example: ['production'] },
  { field: 'namespace', saidBy: [], example: 'default' },
  { field: 'mesh.mode', saidBy: ['/Namespace'], example: 'sidecar' },
  { field: 'mesh.istioVersion', saidBy: ISTIOD, example: '1.30.1' },
  { field: 'mesh.rootNamespace', saidBy: MESH_CONFIG },
  { field: 'mesh.trustDomain', saidBy: MESH_CONFIG },
  { field: 'mesh.trustDomainAliases', saidBy: MESH_CONFIG },
  { field: 'mesh.pathNormalization', saidBy: MESH_CONFIG },
  {
    field: 'mesh.ztunnelVersion',
    saidBy: ['apps/DaemonSet'],
    example: '1.30.1',
  },
  { field: 'mesh.sidecarHbone', saidBy: MESH_CONFIG, example: false },
  { field: 'mesh.sendsHbone', saidBy: ISTIOD, example: true },
  { field: 'mesh.ambientDryRun', saidBy: ISTIOD },
  { field: 'mesh.autoAllowWaypoint', saidBy: ISTIOD },
  { field: 'mesh.layeredWaypointPolicies', saidBy: ISTIOD },
  { field: 'mesh.network', saidBy: ['/Namespace'], example: 'network1' },
  { field: 'cni.name', saidBy: ['apps/DaemonSet'], example: 'calico' },
  { field: 'cni.ipBlockMatchesPods', saidBy: PLUGIN },
  { field: 'cni.ipBlockMatchesNodes', saidBy: PLUGIN },
  { field: 'cni.enforcesNetworkPolicy', saidBy: PLUGIN },
  { field: 'cni.fqdnPolicies', saidBy: PLUGIN },
  {
    field: 'network.podCidrs',
    saidBy: [
      '/Node',
      '/ConfigMap',
      'projectcalico.org/IPPool',
      'cilium.io/CiliumPodIPPool',
      'config.openshift.io/Network',
    ],
    example: ['10.244.0.0/16'],
  },
  { field: 'network.nodeCidrs', saidBy: ['/Node'], example: ['10.32.0.0/16'] },
  {
    field: 'network.serviceCidrs',
    saidBy: [
      'networking.k8s.io/ServiceCIDR',
      '/ConfigMap',
      'config.openshift.io/Network',
    ],
    example: ['10.96.0.0/12'],
  },
  { field: 'dns', saidBy: ['/Service', 'apps/DaemonSet'] },
  { field: 'controlPlane', saidBy: ISTIOD },
  {
    field: 'scrapers',
    saidBy: ['apps/Deployment', 'apps/StatefulSet'],
    example: [
      {
        namespace: 'monitoring',
        podLabels: { app: 'prometheus' },
        serviceAccount: 'prometheus',
        ports: [{ port: 15020 }],
      },
    ],
  },
  {
    field: 'telemetry',
    saidBy: [],
    example: [{ ...PEER, ports: [{ port: 4317 }] }],
  },
  { field: 'probes', saidBy: ['/ConfigMap', 'apps/DaemonSet'] },
  {
    field: 'apiServer',
    saidBy: ['discovery.k8s.io/EndpointSlice', '/Endpoints'],
    example: [{ cidrs: ['192.0.2.1/32'], ports: [{ port: 6443 }] }],
  },
  {
    field: 'eastWest',
    saidBy: [],
    example: [{ cluster: 'prod-us', addresses: ['192.0.2.1'], port: 15008 }],
  },
  {
    field: 'gateways',
    saidBy: ['gateway.networking.k8s.io/Gateway'],
    example: [{ namespace: 'edge', name: 'edge', podLabels: { app: 'edge' } }],
  },
  {
    field: 'trust',
    saidBy: [],
    example: { platform: { groups: ['system:masters'] } },
  },
  {
    field: 'owners',
    saidBy: [],
    example: [
      { namespaces: ['storefront'], owner: 'group:default/storefront-team' },
    ],
  },
  {
    field: 'addresses',
    saidBy: [],
    example: [{ cidrs: ['192.0.2.0/24'], owner: 'group:default/network-team' }],
  },
  {
    field: 'workloadKinds',
    saidBy: [],
    example: [
      {
        group: 'lab.example',
        kind: 'CloneGroup',
        templatePath: 'spec.template',
      },
    ],
  },
];
