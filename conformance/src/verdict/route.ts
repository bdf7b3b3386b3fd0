import { PAST_THE_PROXY, PROBE } from '../worlds/platform';
import { World, WorldCall, WorldWorkload } from '../worlds/types';
import { waypointOf } from '../worlds/waypointOf';

/** The port that HBONE takes (istio, "Ambient data plane"). */
export const HBONE_PORT = 15008;

/** One connection on the way of a call, and who looks at it where it arrives. */
export interface Stretch {
  /** A workload, or an address outside. */
  from: WorldWorkload | string;
  to: WorldWorkload;
  /** What the network sees. */
  kernelPort: number;
  protocol: WorldCall['protocol'];
  /** What is called behind it: the port of the application. */
  port: number;
  /** HBONE carries the identity of `from`. */
  isTunnel: boolean;
  /** Set where a waypoint looks at it, for this Service. */
  service?: { namespace: string; name: string };
}

/** What looks at a stretch where it arrives. */
export type Guard = 'sidecar' | 'ztunnel' | 'waypoint' | 'nobody';

export function guardOf({ from, to, protocol, port, service }: Stretch): Guard {
  // Proxies take TCP; anything else goes past them (istio, "Traffic capture").
  if (protocol !== 'TCP') return 'nobody';
  // The kubelet's probes go past ztunnel (istio `cni/pkg/iptables`), and what a sidecar serves itself past its policies.
  if (to.mesh === 'ambient' && from === PROBE) return 'nobody';
  if (to.mesh === 'sidecar' && PAST_THE_PROXY.includes(port)) return 'nobody';
  if (service) return 'waypoint';
  if (to.mesh === 'ambient') return 'ztunnel';
  return to.mesh === 'sidecar' ? 'sidecar' : 'nobody';
}

/** One host of a group. */
function atAddress(end: WorldWorkload, ip = end.ip): WorldWorkload {
  return ip === end.ip ? end : { ...end, ip };
}

/**
 * The way of a call (istio, "Ambient data plane", "Waypoints"): HBONE from ztunnel
 * and waypoints to whoever takes it, from sidecars to ambient pods only, because
 * sidecars take mutual TLS (`endpoint_builder.go`); from ambient pods by the
 * address of a Service with a waypoint through that, which sidecars do not use;
 * otherwise the pod is called as it is.
 */
export function routeOf(world: World, call: WorldCall): Stretch[] {
  const to = atAddress(world.workloads[call.to], call.toIp);
  const from =
    typeof call.from === 'string'
      ? call.from
      : atAddress(world.workloads[call.from], call.fromIp);
  const { port, protocol } = call;
  const plain: Stretch = {
    from,
    to,
    kernelPort: port,
    protocol,
    port,
    isTunnel: false,
  };
  const isAmbient = (end: WorldWorkload | string) =>
    typeof end !== 'string' && end.mesh === 'ambient';
  if (protocol !== 'TCP') return [plain];
  const tunnelled = (stretch: Stretch): Stretch => ({
    ...stretch,
    kernelPort: HBONE_PORT,
    isTunnel: true,
  });
  const isSidecar = typeof from !== 'string' && from.mesh === 'sidecar';
  const isTunnelled = isSidecar ? isAmbient(to) : isAmbient(from) && to.hbone;
  const last = isTunnelled ? tunnelled(plain) : plain;
  if (!isAmbient(from)) return [last];
  const waypoint = waypointOf(world, to);
  if (!waypoint || call.via === 'pod') return [last];
  // The Service's address leads to the waypoint whatever runs behind it.
  const pods = world.workloads[waypoint.workload];
  const service = { namespace: to.namespace, name: to.name };
  // What is called there is the Service: its policies see the Service's port.
  const named = to.ports.find(({ number }) => number === port);
  return [
    {
      ...tunnelled(plain),
      to: pods,
      port: named?.servicePort ?? port,
      service,
    },
    { ...last, from: pods },
  ];
}
