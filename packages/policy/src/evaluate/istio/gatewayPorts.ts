import { namespaceOf } from '../../estate/buildCluster';
import { asArray, asJson, asLabels, asText } from '../../estate/json';
import { matchLabels } from '../../estate/podLabels';
import { groupOf } from '../../estate/podTemplates';
import { isTaken } from '../../estate/refusedObjects';
import { servicesOf, targetPort } from '../../estate/serviceLookup';
import { Cluster, Workload } from '../../estate/types';
import { PortProtocol } from './portProtocols';

/** How a gateway's proxy reads a port, and what certificates of its clients it asks for there. */
export interface GatewayPort {
  protocol: PortProtocol;
  /** `mesh`: those of the mesh; `any`: some, of whatever authority. */
  certificates: 'none' | 'mesh' | 'any';
}

const HTTP = /^(HTTP|HTTP2|GRPC|GRPC-WEB|HTTP_PROXY)$/;
const ENCRYPTED = /^(HTTPS|TLS)$/;
const PASSED_ON = /^(AUTO_)?PASSTHROUGH$/;
const NO_TRANSLATION = 'experimental.istio.io/disable-gateway-port-translation';

function certificates(mode: string): GatewayPort['certificates'] {
  if (mode === 'ISTIO_MUTUAL') return 'mesh';
  return mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL' ? 'any' : 'none';
}

/** A server of a Gateway of Istio: TLS that it terminates is HTTP to it, what it passes on is not. */
function ofServer(server: unknown): GatewayPort | undefined {
  const { port, tls } = asJson(server);
  const protocol = (asText(asJson(port).protocol) ?? '').toUpperCase();
  const mode = asText(asJson(tls).mode) ?? 'SIMPLE';
  if (HTTP.test(protocol)) return { protocol: 'http', certificates: 'none' };
  if (!ENCRYPTED.test(protocol))
    return { protocol: 'tcp', certificates: 'none' };
  if (PASSED_ON.test(mode)) return { protocol: 'tcp', certificates: 'none' };
  return {
    protocol: protocol === 'HTTPS' ? 'http' : 'tcp',
    certificates: certificates(mode),
  };
}

/** A listener of a Gateway of the Gateway API. */
function ofListener(listener: unknown): GatewayPort {
  const { protocol, tls } = asJson(listener);
  const asked = asJson(tls).frontendValidation !== undefined;
  return {
    protocol: protocol === 'HTTP' || protocol === 'HTTPS' ? 'http' : 'tcp',
    certificates: asked ? 'any' : 'none',
  };
}

/** Ports of the pods that a server's port stands for: the target of a Service's port, else the port itself. */
function podPorts(cluster: Cluster, workload: Workload, port: number) {
  const targets = servicesOf(cluster, workload)
    .filter(({ labels }) => labels[NO_TRANSLATION] === undefined)
    .flatMap(({ ports }) => ports)
    .filter(each => each.port === port && each.protocol === 'TCP')
    .map(each => targetPort(each, workload))
    .filter(target => target !== undefined);
  return targets.length > 0 ? targets : [port];
}

/**
 * Ports at which Gateways make a workload's proxies listen (istio
 * `pilot/pkg/model/gateway.go`, `MergeGateways`, `resolvePorts`). Empty where no
 * Gateway of the estate names these pods.
 */
export function gatewayPorts(
  cluster: Cluster,
  workload: Workload,
): ReadonlyMap<number, GatewayPort> {
  const found = new Map<number, GatewayPort>();
  const add = (port: number, read: GatewayPort) => {
    const known = found.get(port);
    // Several servers of one port are told apart by name, which nobody knows here.
    found.set(port, {
      protocol:
        known && known.protocol !== read.protocol ? 'conflict' : read.protocol,
      certificates:
        known && known.certificates !== read.certificates
          ? 'any'
          : read.certificates,
    });
  };
  for (const { object } of cluster.objects) {
    if (object.kind !== 'Gateway' || !isTaken(object)) continue;
    const spec = asJson(object.spec);
    if (groupOf(object) === 'networking.istio.io') {
      if (matchLabels(asLabels(spec.selector), workload) === 'no') continue;
      for (const server of asArray(spec.servers)) {
        const number = asJson(asJson(server).port).number;
        const read = ofServer(server);
        if (typeof number !== 'number' || !read) continue;
        for (const port of podPorts(cluster, workload, number)) add(port, read);
      }
    } else if (
      `${namespaceOf(object)}/${object.metadata.name}` === workload.gateway
    ) {
      for (const listener of asArray(spec.listeners)) {
        const { port } = asJson(listener);
        if (typeof port === 'number') add(port, ofListener(listener));
      }
    }
  }
  return found;
}
