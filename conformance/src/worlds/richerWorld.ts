import { Random } from './Random';
import { withForeign } from './foreign';
import { withPlatform } from './platform';
import { World, WorldPort, WorldWorkload } from './types';

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
 * The world with ends that are not as plain: ports of UDP and SCTP, Services that say gRPC, groups of hosts with several
 * addresses, and a Gateway.
 */
export function withMoreEnds(world: World, random: Random): World {
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
  const gateways = random.chance(0.4)
    ? [ingressOf(world.namespaces[0].name)]
    : [];
  return { ...world, workloads: [...workloads, ...gateways] };
}

/** What companies have beside that: what runs in every cluster, and policies of others. */
export function richerWorld(world: World, random: Random): World {
  return withForeign(
    withPlatform(withMoreEnds(world, random), random),
    random.fork(),
  );
}

/** Workloads that somebody of the company calls, and not the platform's. */
export function callableOf({ workloads }: World): number[] {
  return workloads.flatMap(({ ports, isPlatform }, index) =>
    ports.length > 0 && !isPlatform ? [index] : [],
  );
}
