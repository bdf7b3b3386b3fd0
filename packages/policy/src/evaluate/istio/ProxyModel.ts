import { RequestSet } from '../../requestset/RequestSet';
import { CompiledAuthorizationPolicy } from './Authorization';
import { MtlsReadings } from './peerAuthentication';
import { PortProtocol } from './portProtocols';

/** How a port's bytes are read; `none`: the sidecar does not see them (docs/semantics.md, I9). */
export type PortKind = PortProtocol | 'none';

/**
 * What a proxy enforces for a workload: its sidecar, the ztunnel of its node,
 * a waypoint, or a gateway for itself. Equal models have equal keys, so that answers are computed
 * once for all workloads that have them.
 */
export interface ProxyModel {
  kind: 'sidecar' | 'ztunnel' | 'waypoint' | 'gateway';
  /** Where it stands, such as `sidecar of shop/Deployment/orders`. */
  at: string;
  key: string;
  policies: readonly CompiledAuthorizationPolicy[];
  mtls: MtlsReadings;
  /** PeerAuthentications that Istio would reject. */
  invalidMtls: readonly { name: string }[];
  protocols: ReadonlyMap<number, PortProtocol>;
  http: RequestSet;
  tcp: RequestSet;
  conflict: RequestSet;
  auto: RequestSet;
  /** What it never sees: other protocols, and ports that it does not capture. */
  outside: RequestSet;
}

/** All that TCP may carry on some ports. */
export function portsSet(ports: readonly number[]): RequestSet {
  return ports.length === 0
    ? RequestSet.empty
    : RequestSet.of({ protocol: 'TCP', ports });
}

/** Sorts captured ports by how their bytes are read. */
export function readPorts(
  protocols: ReadonlyMap<number, PortProtocol>,
  captured: RequestSet,
): Pick<ProxyModel, 'protocols' | 'http' | 'tcp' | 'conflict' | 'auto'> {
  const of = (kind: PortProtocol) =>
    captured.intersect(
      portsSet(
        [...protocols]
          .filter(([, protocol]) => protocol === kind)
          .map(([port]) => port),
      ),
    );
  const [http, tcp, conflict] = [of('http'), of('tcp'), of('conflict')];
  const auto = captured.subtract(http).subtract(tcp).subtract(conflict);
  return { protocols, http, tcp, conflict, auto };
}

/** How the proxy reads a port. */
export function portKind(model: ProxyModel, port: number): PortKind {
  if (model.outside.contains({ protocol: 'TCP', port })) return 'none';
  if (model.kind === 'ztunnel') return 'tcp';
  return model.protocols.get(port) ?? 'auto';
}
