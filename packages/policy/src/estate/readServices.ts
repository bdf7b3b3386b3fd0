import { asArray, asJson, asLabels, asText, asNumber } from './json';
import {
  HostEntry,
  ManifestObject,
  Protocol,
  Service,
  ServicePort,
} from './types';

function servicePort(value: unknown): ServicePort | undefined {
  const entry = asJson(value);
  if (typeof entry.port !== 'number') return undefined;
  const protocol: Protocol =
    entry.protocol === 'UDP' || entry.protocol === 'SCTP'
      ? entry.protocol
      : 'TCP';
  const target = entry.targetPort;
  const targetPort =
    typeof target === 'number' && target > 0
      ? target
      : asText(target) ?? entry.port;
  return {
    ...(asText(entry.name) ? { name: asText(entry.name) } : {}),
    port: entry.port,
    // Manifests may write a number as text.
    targetPort:
      typeof targetPort === 'string' && /^[0-9]+$/.test(targetPort)
        ? Number(targetPort)
        : targetPort,
    protocol,
    ...(asText(entry.appProtocol)
      ? { appProtocol: asText(entry.appProtocol) }
      : {}),
    ...(typeof entry.nodePort === 'number' ? { nodePort: entry.nodePort } : {}),
  };
}

/** Reads a core `v1` Service. */
export function readService(
  manifest: ManifestObject,
  cluster: string,
  namespace: string,
): Service {
  const { object, at } = manifest;
  const spec = asJson(object.spec);
  const selector = asLabels(spec.selector);
  const type = asText(spec.type) ?? 'ClusterIP';
  return {
    id: `${namespace}/${object.metadata.name}`,
    cluster,
    namespace,
    name: object.metadata.name,
    ...(Object.keys(selector).length > 0 && type !== 'ExternalName'
      ? { selector }
      : {}),
    headless: spec.clusterIP === 'None',
    type,
    externalTrafficPolicy:
      spec.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
    labels: asLabels(object.metadata.labels),
    annotations: asLabels(object.metadata.annotations),
    ports: asArray(spec.ports)
      .map(servicePort)
      .filter(port => port !== undefined),
    at,
  };
}

/**
 * A ServiceEntry that selects its endpoints by labels leads to them as a
 * Service does; nothing for others (Istio, ServiceEntry, `workloadSelector`).
 */
export function readEntryService(
  { object, at }: ManifestObject,
  cluster: string,
  namespace: string,
): Service | undefined {
  const spec = asJson(object.spec);
  const selector = asLabels(asJson(spec.workloadSelector).labels);
  if (object.kind !== 'ServiceEntry' || Object.keys(selector).length === 0)
    return undefined;
  const ports = asArray(spec.ports).map(raw => {
    const { number, targetPort, name, protocol } = asJson(raw);
    return servicePort({
      port: number,
      name,
      ...(typeof targetPort === 'number' ? { targetPort } : {}),
      ...(asText(protocol)
        ? { appProtocol: String(protocol).toLowerCase() }
        : {}),
    });
  });
  return {
    id: `${namespace}/${object.metadata.name}`,
    cluster,
    namespace,
    name: object.metadata.name,
    selector,
    headless: false,
    type: 'ServiceEntry',
    // Proxies send to the addresses of endpoints, past every node.
    externalTrafficPolicy: 'Cluster',
    labels: asLabels(object.metadata.labels),
    annotations: asLabels(object.metadata.annotations),
    ports: ports.filter(port => port !== undefined),
    at,
  };
}

/** Reads a ServiceEntry or WorkloadEntry of Istio. */
export function readHostEntry(
  manifest: ManifestObject,
  cluster: string,
  namespace: string,
): HostEntry {
  const { object, at } = manifest;
  const spec = asJson(object.spec);
  const kind =
    object.kind === 'ServiceEntry' ? 'ServiceEntry' : 'WorkloadEntry';
  const texts = (value: unknown) =>
    asArray(value).filter((item): item is string => typeof item === 'string');
  const endpointAddresses = asArray(spec.endpoints)
    .map(endpoint => asText(asJson(endpoint).address))
    .filter(address => address !== undefined);
  const ports =
    kind === 'ServiceEntry'
      ? asArray(spec.ports).map(value => {
          const port = asJson(value);
          return {
            ...(asText(port.name) ? { name: asText(port.name) } : {}),
            port: asNumber(port.number),
            ...(typeof port.targetPort === 'number'
              ? { targetPort: port.targetPort }
              : {}),
            ...(asText(port.protocol)
              ? { protocol: asText(port.protocol) }
              : {}),
          };
        })
      : Object.entries(asJson(spec.ports)).map(([name, port]) => ({
          name,
          port: asNumber(port),
        }));
  return {
    id: `${namespace}/${kind}/${object.metadata.name}`,
    cluster,
    kind,
    namespace,
    name: object.metadata.name,
    hosts: texts(spec.hosts),
    addresses:
      kind === 'ServiceEntry'
        ? [...texts(spec.addresses), ...endpointAddresses]
        : [asText(spec.address)].filter(address => address !== undefined),
    ports,
    labels: asLabels(spec.labels),
    ...(asText(spec.serviceAccount)
      ? { serviceAccount: asText(spec.serviceAccount) }
      : {}),
    ...(spec.location === 'MESH_INTERNAL' || spec.location === 'MESH_EXTERNAL'
      ? { location: spec.location }
      : {}),
    at,
  };
}
