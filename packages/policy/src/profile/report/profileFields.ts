/** A field of the profile as it is reported. */
export interface ProfileField {
  field: string;
  /** Kinds of which objects can say it, as `group/Kind`. */
  saidBy: readonly string[];
  /**
   * What to write where there is no default to state. Whoever adds it as it stands opens nothing and trusts nobody: names are
   * of nothing that exists, addresses are those of documentation (RFC 5737).
   */
  example?: unknown;
}

const MESH_CONFIG = ['/ConfigMap'];
const ISTIOD = ['apps/Deployment'];
const PLUGIN = ['apps/DaemonSet', '/ConfigMap'];
const PEER = { namespace: 'your-namespace', podLabels: { app: 'your-app' } };

/** Every field of `spec`, groups field by field; a test compares them with the schema. */
export const PROFILE_FIELDS: readonly ProfileField[] = [
  { field: 'environments', saidBy: [], example: ['your-environment'] },
  { field: 'namespace', saidBy: [], example: 'your-namespace' },
  { field: 'mesh.mode', saidBy: ['/Namespace'], example: 'none' },
  { field: 'mesh.istioVersion', saidBy: ISTIOD, example: 'your-version' },
  { field: 'mesh.rootNamespace', saidBy: MESH_CONFIG },
  { field: 'mesh.trustDomain', saidBy: MESH_CONFIG },
  { field: 'mesh.trustDomainAliases', saidBy: MESH_CONFIG },
  { field: 'mesh.pathNormalization', saidBy: MESH_CONFIG },
  {
    field: 'mesh.ztunnelVersion',
    saidBy: ['apps/DaemonSet'],
    example: 'your-version',
  },
  { field: 'mesh.sidecarHbone', saidBy: MESH_CONFIG, example: false },
  { field: 'mesh.sendsHbone', saidBy: ISTIOD, example: false },
  { field: 'mesh.ambientDryRun', saidBy: ISTIOD },
  { field: 'mesh.autoAllowWaypoint', saidBy: ISTIOD },
  { field: 'mesh.layeredWaypointPolicies', saidBy: ISTIOD },
  { field: 'mesh.network', saidBy: ['/Namespace'], example: 'your-network' },
  {
    field: 'cni.name',
    saidBy: ['apps/DaemonSet'],
    example: 'your-network-plugin',
  },
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
    example: ['192.0.2.0/24'],
  },
  { field: 'network.nodeCidrs', saidBy: ['/Node'], example: ['192.0.2.0/24'] },
  {
    field: 'network.serviceCidrs',
    saidBy: [
      'networking.k8s.io/ServiceCIDR',
      '/ConfigMap',
      'config.openshift.io/Network',
    ],
    example: ['192.0.2.0/24'],
  },
  { field: 'dns', saidBy: ['/Service', 'apps/DaemonSet'] },
  { field: 'controlPlane', saidBy: ISTIOD },
  {
    field: 'scrapers',
    saidBy: ['apps/Deployment', 'apps/StatefulSet'],
    example: [
      {
        ...PEER,
        serviceAccount: 'your-account',
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
    example: [
      { cluster: 'your-other-cluster', addresses: ['192.0.2.1'], port: 15008 },
    ],
  },
  {
    field: 'gateways',
    saidBy: ['gateway.networking.k8s.io/Gateway'],
    example: [{ ...PEER, name: 'your-gateway' }],
  },
  {
    field: 'trust',
    saidBy: [],
    example: { platform: { groups: ['your-platform-group'] } },
  },
  {
    field: 'owners',
    saidBy: [],
    example: [
      { namespaces: ['your-namespace'], owner: 'group:default/your-team' },
    ],
  },
  {
    field: 'addresses',
    saidBy: [],
    example: [{ cidrs: ['192.0.2.0/24'], owner: 'group:default/your-team' }],
  },
  {
    field: 'workloadKinds',
    saidBy: [],
    example: [
      {
        group: 'your.group',
        kind: 'YourKind',
        templatePath: 'spec.template',
      },
    ],
  },
];
