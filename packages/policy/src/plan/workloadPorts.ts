import { servicesOf, targetPort } from '../estate';
import {
  Cluster,
  Protocol,
  Service,
  ServicePort,
  Workload,
} from '../estate/types';

/**
 * A port of a workload with the Service ports that lead to it.
 *
 * @public
 */
export interface WorkloadPort {
  protocol: Protocol;
  /** the port of the pods */
  port: number;
  ways: { service: Service; port: ServicePort }[];
}

/** Ports of a workload that Services lead to, by protocol and number. */
export function portsBehindServices(
  cluster: Cluster,
  workload: Workload,
): WorkloadPort[] {
  const found = new Map<string, WorkloadPort>();
  for (const service of servicesOf(cluster, workload)) {
    for (const port of service.ports) {
      const target = targetPort(port, workload);
      if (target === undefined) continue;
      const key = `${port.protocol} ${String(target).padStart(5, '0')}`;
      const entry = found.get(key) ?? {
        protocol: port.protocol,
        port: target,
        ways: [],
      };
      entry.ways.push({ service, port });
      found.set(key, entry);
    }
  }
  return [...found.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}

/** `namespace/name:port`, as people name a Service port. */
export function formatWay({
  service,
  port,
}: WorkloadPort['ways'][number]): string {
  return `${service.id}:${port.port}${port.name ? ` (${port.name})` : ''}`;
}

/** What the mesh takes a port to carry, going by `appProtocol` and the prefix of its name (Istio, protocol selection). */
export type CarriedProtocol = 'http' | 'opaque' | 'undeclared';

const HTTP = new Set([
  'http',
  'http2',
  'grpc',
  'grpc-web',
  'kubernetes.io/h2c',
  'kubernetes.io/ws',
]);

export function carriedProtocol(port: ServicePort): CarriedProtocol {
  if (port.protocol !== 'TCP') return 'opaque';
  const declared = port.appProtocol?.toLowerCase() ?? declaredByName(port.name);
  if (declared === undefined) return 'undeclared';
  return HTTP.has(declared) ? 'http' : 'opaque';
}

const NAMED = new Set([
  'grpc',
  'grpc-web',
  'http',
  'http2',
  'https',
  'hbone',
  'mongo',
  'mysql',
  'redis',
  'tcp',
  'tls',
  'udp',
  'auto',
  'thrift',
]);

function declaredByName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  if (lower === 'grpc-web' || lower.startsWith('grpc-web-')) return 'grpc-web';
  const prefix = lower.split('-')[0];
  return NAMED.has(prefix) && prefix !== 'auto' ? prefix : undefined;
}
