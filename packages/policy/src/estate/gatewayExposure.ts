import { parseAddress, parseCidr } from '../net/cidr';
import { servicesOf } from './serviceLookup';
import type { Cluster, Service, Workload } from './types';

/**
 * From where calls come to a gateway. `internet`: also from outside the company's networks; `network`: from a private
 * network; `cluster`: from inside the cluster alone; `unknown`: nothing that was read says it.
 *
 * @public
 */
export type TakesFrom = 'internet' | 'network' | 'cluster' | 'unknown';

/**
 * What a Service says of where calls to a gateway come from.
 *
 * @public
 */
export interface ExposedBy {
  /** `namespace/name`. */
  service: string;
  type: string;
  takesFrom: TakesFrom;
  /** The annotation that keeps its load balancer inside. */
  annotation?: string;
}

/**
 * From where calls come to a gateway, and which Services say it: the widestOf counts.
 *
 * @public
 */
export interface GatewayExposure {
  takesFrom: TakesFrom;
  /** Sorted by Service; none where no Service leads to it. */
  by: readonly ExposedBy[];
}

/** How clouds are told that a load balancer has an address of a private network alone. */
const INTERNAL: Readonly<Record<string, string>> = {
  'service.beta.kubernetes.io/aws-load-balancer-internal': 'true',
  'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
  'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
  'networking.gke.io/load-balancer-type': 'internal',
  'cloud.google.com/load-balancer-type': 'internal',
};

/** RFC 1918, shared address space (RFC 6598), unique local addresses (RFC 4193). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
].flatMap(block => parseCidr(block) ?? []);

/** What is not known may be the internet, and goes before what is known to be narrower. */
const WIDEST: readonly TakesFrom[] = [
  'internet',
  'unknown',
  'network',
  'cluster',
];

/**
 * From where calls come to a gateway; `undefined` for whatever is none. A load balancer that nothing keeps inside takes calls from
 * the internet: that is what clouds make of it. Whatever a firewall outside the cluster refuses is not seen here.
 *
 * @public
 */
export function gatewayExposure(
  cluster: Cluster,
  workload: Workload,
): GatewayExposure | undefined {
  const isGateway =
    workload.router === true ||
    workload.gateway !== undefined ||
    cluster.gateways.some(({ workload: id }) => id === workload.id);
  if (!isGateway) return undefined;
  const by = servicesOf(cluster, workload)
    .map(service => exposedBy(cluster, service))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
  // Its pods may have the ports of their node.
  if (by.length === 0 || workload.hostNetwork)
    return { takesFrom: widestOf([...by, { takesFrom: 'unknown' }]), by };
  return { takesFrom: widestOf(by), by };
}

/**
 * The widestOf of several, such as of one gateway in two clusters.
 *
 * @public
 */
export function widestOf(all: readonly Pick<GatewayExposure, 'takesFrom'>[]) {
  return (
    WIDEST.find(each => all.some(({ takesFrom }) => takesFrom === each)) ??
    'unknown'
  );
}

function exposedBy(cluster: Cluster, service: Service): ExposedBy {
  const { id, type } = service;
  const annotation = internalAnnotation(service);
  return {
    service: id,
    type,
    takesFrom: reachOf(cluster, service, annotation !== undefined),
    ...(annotation !== undefined && { annotation }),
  };
}

function reachOf(
  cluster: Cluster,
  service: Service,
  isInternal: boolean,
): TakesFrom {
  const { spec, status } = objectOf(cluster, service);
  if (listOf(spec, 'externalIPs').length > 0) return 'unknown';
  switch (service.type) {
    case 'LoadBalancer': {
      const ranges = listOf(spec, 'loadBalancerSourceRanges');
      const addresses = listOf(fieldOf(status, 'loadBalancer'), 'ingress').map(
        each => fieldOf(each, 'ip') ?? '',
      );
      return isInternal || allPrivate(ranges) || allPrivate(addresses)
        ? 'network'
        : 'internet';
    }
    case 'ClusterIP':
      return hasFront(cluster, service) ? 'unknown' : 'cluster';
    default:
      // Who reaches a node is not known here, nor where a name leads.
      return 'unknown';
  }
}

function internalAnnotation({ annotations }: Service): string | undefined {
  return Object.keys(INTERNAL).find(
    key => annotations[key]?.toLowerCase() === INTERNAL[key],
  );
}

function allPrivate(texts: readonly unknown[]): boolean {
  return (
    texts.length > 0 &&
    texts.every(text => {
      if (typeof text !== 'string') return false;
      const range = parseCidr(text) ?? rangeOf(text);
      return (
        range !== undefined &&
        PRIVATE.some(
          block =>
            block.family === range.family &&
            block.from <= range.from &&
            range.to <= block.to,
        )
      );
    })
  );
}

function rangeOf(text: string) {
  const address = parseAddress(text);
  return address && parseCidr(`${text}/${address.family === 4 ? 32 : 128}`);
}

/** Whether an Ingress or a route of the Gateway API in the same namespace names the Service: what leads there is not followed. */
function hasFront(cluster: Cluster, { namespace, name }: Service): boolean {
  return cluster.objects.some(({ object }) => {
    const isFront = object.kind === 'Ingress' || object.kind.endsWith('Route');
    return (
      isFront &&
      object.metadata.namespace === namespace &&
      names(object.spec, name)
    );
  });
}

/** Whether a field `name` anywhere below has a value. */
function names(value: unknown, name: string): boolean {
  if (Array.isArray(value)) return value.some(each => names(each, name));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => (key === 'name' && inner === name) || names(inner, name),
  );
}

function objectOf(cluster: Cluster, { namespace, name }: Service) {
  const found = cluster.objects.find(
    ({ object }) =>
      object.kind === 'Service' &&
      object.metadata.namespace === namespace &&
      object.metadata.name === name,
  )?.object as { spec?: unknown; status?: unknown } | undefined;
  return { spec: found?.spec, status: found?.status };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}
