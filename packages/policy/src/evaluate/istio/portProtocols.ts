import { servicesOf, targetPort } from '../../estate/serviceLookup';
import { matchLabels } from '../../estate/podLabels';
import { Cluster, Service, ServicePort, Workload } from '../../estate/types';

/**
 * What the sidecar takes a port's bytes for. `auto`: it looks at the first
 * ones. `conflict`: Services disagree, and which one wins is not known.
 */
export type PortProtocol = 'http' | 'tcp' | 'auto' | 'conflict';

const HTTP = new Set([
  'http',
  'http2',
  'grpc',
  'grpc-web',
  'http_proxy',
  'h2c',
]);
/** What the application encrypts itself is opaque too (docs/semantics.md, H1). */
const TCP = new Set(['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql']);
const KUBERNETES: Readonly<Record<string, string>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'https',
};
/** SMTP, DNS, MySQL, MongoDB: server-first or binary, so never sniffed (istio `pkg/config/kube/conversion.go`). */
const WELL_KNOWN_TCP = new Set([25, 53, 3306, 27017]);

/**
 * The protocol that Istio takes a Service port for: `appProtocol`, then the
 * name up to its first dash, then detection.
 */
export function protocolOfServicePort(
  port: ServicePort,
): 'http' | 'tcp' | 'auto' {
  const stated = (port.appProtocol ?? port.name ?? '').toLowerCase();
  const name = KUBERNETES[stated] ?? stated;
  const word = name.startsWith('grpc-web') ? 'grpc-web' : name.split('-')[0];
  if (HTTP.has(word)) return 'http';
  if (TCP.has(word)) return 'tcp';
  return WELL_KNOWN_TCP.has(port.port) ? 'tcp' : 'auto';
}

/** Protocols of the workload's TCP ports that Services declare; all others are detected. */
export function portProtocols(
  cluster: Cluster,
  workload: Workload,
): ReadonlyMap<number, PortProtocol> {
  const protocols = new Map<number, PortProtocol>();
  const isOfAll = ({ selector = {} }: Service) =>
    matchLabels(selector, workload) === 'yes';
  const services = servicesOf(cluster, workload);
  // What a Service of some pods says is not so for the others, whose ports are detected.
  const ordered = [
    ...services.filter(isOfAll),
    ...services.filter(service => !isOfAll(service)),
  ];
  for (const service of ordered) {
    for (const port of service.ports) {
      if (port.protocol !== 'TCP') continue;
      const target = targetPort(port, workload);
      if (target === undefined) continue;
      const protocol = protocolOfServicePort(port);
      const known = protocols.get(target);
      const first =
        protocol === 'tcp' && !isOfAll(service) ? 'conflict' : protocol;
      protocols.set(
        target,
        known === undefined || known === protocol ? known ?? first : 'conflict',
      );
    }
  }
  return protocols;
}
