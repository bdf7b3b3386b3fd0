import { PlatformProfile } from './types';

/**
 * What is assumed about a cluster of which nothing is stated. Each value that
 * a verdict may rest on is named in `guesses`. What Kubernetes itself
 * specifies (an ipBlock matches pods and nodes; network policies are enforced)
 * is not a guess.
 *
 * @public
 */
export function defaultPlatformProfile(name: string): PlatformProfile {
  return {
    name,
    environments: [],
    mesh: {
      rootNamespace: 'istio-system',
      trustDomain: 'cluster.local',
      trustDomainAliases: [],
      pathNormalization: 'BASE',
      ambientDryRun: false,
      autoAllowWaypoint: false,
      layeredWaypointPolicies: false,
    },
    cni: {
      ipBlockMatchesPods: true,
      ipBlockMatchesNodes: true,
      enforcesNetworkPolicy: true,
      fqdnPolicies: false,
    },
    network: { podCidrs: [], nodeCidrs: [], serviceCidrs: [] },
    dns: [
      {
        namespace: 'kube-system',
        podLabels: { 'k8s-app': 'kube-dns' },
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
    ],
    controlPlane: [
      {
        namespace: 'istio-system',
        podLabels: { app: 'istiod' },
        ports: [{ port: 15012, protocol: 'TCP' }],
      },
    ],
    scrapers: [],
    telemetry: [],
    // Addresses that Istio's CNI gives the kubelet's probes of ambient pods.
    probes: [
      {
        cidrs: [
          '169.254.7.127/32',
          'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128',
        ],
        ports: [{ port: 1, endPort: 65535, protocol: 'TCP' }],
      },
    ],
    apiServer: [],
    eastWest: [],
    gateways: [],
    trust: { platform: { users: [], groups: [] } },
    workloadKinds: [],
    owners: [],
    addresses: [],
    guesses: [
      'mesh.rootNamespace',
      'mesh.trustDomain',
      'mesh.pathNormalization',
      'dns',
      'controlPlane',
    ],
    stated: [],
    found: [],
  };
}
