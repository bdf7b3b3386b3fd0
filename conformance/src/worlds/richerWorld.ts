import { Random } from './Random';
import { Manifest, World, WorldPort, WorldWorkload } from './types';

/** Where every cluster has its DNS, and what Callgate's default profile says of it. */
const DNS: WorldWorkload = {
  namespace: 'kube-system',
  name: 'coredns',
  labels: { app: 'coredns', 'k8s-app': 'kube-dns' },
  serviceAccount: 'coredns',
  mesh: 'none',
  hbone: false,
  isHost: false,
  isPlatform: true,
  ip: '127.1.3.1',
  ports: [
    {
      name: 'dns',
      number: 53,
      servicePort: 53,
      speaks: 'tcp',
      protocol: 'UDP',
    },
    { name: 'dns-tcp', number: 53, servicePort: 53, speaks: 'tcp' },
  ],
};

const ofDns = (
  apiVersion: string,
  kind: string,
  spec: Record<string, unknown>,
): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: 'dns', namespace: 'kube-system' },
  spec,
});

/** Policies of others about DNS alone: they stop nothing else. */
const FOREIGN: readonly Manifest[] = [
  ofDns('cilium.io/v2', 'CiliumNetworkPolicy', {
    endpointSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    ingress: [{ fromEntities: ['cluster'] }],
  }),
  ofDns('crd.projectcalico.org/v1', 'NetworkPolicy', {
    selector: "k8s-app == 'kube-dns'",
    types: ['Ingress'],
    ingress: [{ action: 'Allow' }],
  }),
  ofDns('crd.antrea.io/v1beta1', 'NetworkPolicy', {
    priority: 5,
    appliedTo: [{ podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
    ingress: [{ action: 'Allow' }],
  }),
  ofDns('networking.istio.io/v1alpha3', 'EnvoyFilter', {
    workloadSelector: { labels: { 'k8s-app': 'kube-dns' } },
    configPatches: [],
  }),
];

/** The proxies of a Gateway that lets people in. */
function ingressOf(namespace: string): WorldWorkload {
  return {
    namespace,
    name: 'edge-istio',
    labels: { 'gateway.networking.k8s.io/gateway-name': 'edge' },
    serviceAccount: 'edge-istio',
    mesh: 'sidecar',
    hbone: false,
    isHost: false,
    gateway: 'edge',
    ip: '127.1.4.1',
    ports: [],
  };
}

/** Ports past the proxies, which take TCP alone. */
const BESIDE: readonly WorldPort[] = [
  {
    name: 'udp-log',
    number: 5353,
    servicePort: 5353,
    speaks: 'tcp',
    protocol: 'UDP',
  },
  {
    name: 'sctp-sig',
    number: 3868,
    servicePort: 3868,
    speaks: 'tcp',
    protocol: 'SCTP',
  },
];

/** Some workloads speak gRPC where others have OpenAPI: their tier says which. */
export function isGrpc({ labels }: WorldWorkload): boolean {
  return labels.tier === 'front';
}

/**
 * What companies have beside the ends of a random world: ports of UDP and SCTP, Services that say gRPC, groups of hosts
 * with several addresses, DNS, a Gateway, and policies of others about ends that nobody calls.
 */
export function richerWorld(world: World, random: Random): World {
  const workloads = world.workloads.map((each, index): WorldWorkload => {
    if (each.ports.length === 0) return each;
    const saysGrpc = isGrpc(each) && random.chance(0.7);
    const ports = each.ports.map(port =>
      saysGrpc && port.speaks === 'http'
        ? { ...port, says: 'grpc' as const }
        : port,
    );
    if (!each.isHost) return { ...each, ports: [...ports, ...BESIDE] };
    // Whatever registers itself for a group is a proxy.
    const isGroup = each.mesh === 'sidecar' && random.chance(0.7);
    return {
      ...each,
      ports,
      ...(isGroup && {
        moreIps: [`127.2.1.${index + 20}`, `127.2.9.${index + 20}`],
      }),
    };
  });
  return {
    ...world,
    namespaces: [...world.namespaces, { name: 'kube-system', labels: {} }],
    workloads: [
      ...workloads,
      DNS,
      ...(random.chance(0.4) ? [ingressOf(world.namespaces[0].name)] : []),
    ],
    ...(random.chance(0.25) && { foreign: [random.one(FOREIGN)] }),
  };
}

/** Workloads that somebody of the company calls, and not the platform's. */
export function callableOf({ workloads }: World): number[] {
  return workloads.flatMap(({ ports, isPlatform }, index) =>
    ports.length > 0 && !isPlatform ? [index] : [],
  );
}
