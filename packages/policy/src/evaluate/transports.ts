import { Service } from '../estate/types';
import { DestinationRules, Transport } from './istio/destinationRules';
import { MtlsReadings } from './istio/peerAuthentication';
import { Party, WorkloadParty } from './party';
import { isWaypoint } from './ways/hbone';

/** What a pair would use: usually, and on ports that differ. */
export interface Transports {
  usual: Transport[];
  ports: ReadonlyMap<number, Transport[]>;
}

/** What a caller's own side sends where nothing else is said. */
function ownTransports(from: Party): Transport[] {
  if (from.kind === 'address') return ['plaintext'];
  if (from.workload.meshIsGuess) return ['mtls', 'plaintext'];
  const { mesh, gateway } = from.workload;
  return mesh === 'sidecar' || gateway !== undefined ? ['mtls'] : ['plaintext'];
}

/** Transports that the pair would use on each port: the usual ones, and those of ports that differ. */
export function transportsBetween(
  from: Party,
  to: WorkloadParty,
  options: { tls?: Transport; via?: Service },
  mtls: MtlsReadings,
  destinationRules: DestinationRules,
): Transports {
  const ports = new Map<number, Transport[]>();
  if (options.tls) return { usual: [options.tls], ports };
  // A waypoint sends HBONE or what it was given, and no mutual TLS of its own (istio `cluster_waypoint.go`, `buildWaypointTLSContext`).
  if (from.kind === 'workload' && isWaypoint(from))
    return { usual: ['plaintext'], ports };
  const own = ownTransports(from);
  if (from.kind === 'address' || !own.includes('mtls'))
    return { usual: own, ports };
  const { readings } = mtls;
  // Where the provider takes plaintext only, a sidecar that negotiates sends plaintext.
  const negotiated = (port?: number): Transport[] => {
    const modes = readings.map(({ mode, ports: special }) =>
      port === undefined ? mode : special.get(port) ?? mode,
    );
    if (modes.every(mode => mode === 'DISABLE')) return ['plaintext'];
    return modes.includes('DISABLE')
      ? [...new Set<Transport>([...own, 'plaintext'])]
      : own;
  };
  for (const { ports: special } of readings) {
    for (const port of special.keys()) ports.set(port, negotiated(port));
  }
  for (const [port, entries] of destinationRules.toPorts(
    from.workload.namespace,
    to.workload,
    options.via,
  )) {
    const used = entries.flatMap(({ transport }): Transport[] =>
      transport === 'auto' ? negotiated(port) : [transport],
    );
    ports.set(port, [
      ...new Set<Transport>([
        ...used,
        ...(from.workload.meshIsGuess ? own : []),
      ]),
    ]);
  }
  return { usual: negotiated(), ports };
}
