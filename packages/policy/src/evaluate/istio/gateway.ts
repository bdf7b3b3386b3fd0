import { Cluster, Workload } from '../../estate/types';
import { RequestSet } from '../../requestset/RequestSet';
import { Transports } from '../transports';
import { Authorization, policiesKey } from './Authorization';
import { gatewayPorts } from './gatewayPorts';
import { PortProtocol, portProtocols } from './portProtocols';
import { portsSet, readPorts } from './ProxyModel';
import { ProxyReadings, replicaReadings } from './replicaReadings';

const ALL_TCP = RequestSet.of({ protocol: 'TCP' });
const NOT_TCP = RequestSet.all.subtract(ALL_TCP);

/** Are the workload's pods a gateway of the mesh, which is called at its listeners? */
export function isGateway(cluster: Cluster, workload: Workload): boolean {
  if (workload.router) return true;
  // Those that the profile names may be proxies of other products.
  if (workload.mesh === 'sidecar')
    return cluster.gateways.some(({ workload: id }) => id === workload.id);
  return (
    workload.gateway !== undefined &&
    cluster.waypoints.every(waypoint => waypoint.workload !== workload.id)
  );
}

/** How the proxies of a workload read its TCP ports: as the listeners of a gateway say, and else as Services do. */
export function readProtocols(
  cluster: Cluster,
  workload: Workload,
): ReadonlyMap<number, PortProtocol> {
  const protocols = portProtocols(cluster, workload);
  if (!isGateway(cluster, workload)) return protocols;
  const listened = [...gatewayPorts(cluster, workload)].map(
    ([port, { protocol }]) => [port, protocol] as const,
  );
  return new Map([...protocols, ...listened]);
}

/**
 * What a gateway enforces for what comes to it: policies that target it or
 * select its pods, on its listeners as its Gateways say they are read; of other
 * ports what Services say. PeerAuthentications do not hold at gateways.
 */
export function gatewayModels(
  cluster: Cluster,
  workload: Workload,
  authorization: Authorization,
): ProxyReadings {
  const enforced = authorization.ofGateway(workload.gateway, workload);
  const protocols = readProtocols(cluster, workload);
  const excluded = portsSet(workload.inboundExcludedPorts);
  const outside = NOT_TCP.union(excluded);
  const ports = readPorts(protocols, ALL_TCP.subtract(excluded));
  return replicaReadings(workload, enforced, policies => ({
    kind: 'gateway',
    at: `gateway ${workload.gateway ?? workload.id}`,
    key: [
      'gateway',
      policiesKey(policies),
      ports.http.id,
      ports.tcp.id,
      ports.conflict.id,
      outside.id,
    ].join('/'),
    policies,
    mtls: {
      readings: [{ mode: 'PERMISSIVE', ports: new Map(), by: [] }],
      conditions: [],
      key: '',
    },
    invalidMtls: [],
    ...ports,
    outside,
  }));
}

/**
 * How a gateway is spoken to: without an identity of the mesh, because its pods
 * lack the label `security.istio.io/tlsMode` that sidecars negotiate by; where a
 * server asks for certificates, with them.
 */
export function gatewayTransports(
  cluster: Cluster,
  workload: Workload,
): Transports {
  const ports: Map<number, Transports['usual']> = new Map();
  for (const [port, { certificates }] of gatewayPorts(cluster, workload)) {
    if (certificates === 'mesh') ports.set(port, ['mtls']);
    if (certificates === 'any') ports.set(port, ['mtls', 'plaintext']);
  }
  return { usual: ['plaintext'], ports };
}
