import { type AddressRange, parseAddress, parseCidr } from '../net/cidr';
import { asArray, asJson, asText } from './json';
import { exposureIndexOf } from './exposureIndex';
import { notReadIn } from './notRead';
import { notReadAbout } from './notReadAbout';
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
 * From where calls come to a gateway, and which Services and addresses say it: the widest counts.
 *
 * @public
 */
export interface GatewayExposure {
  takesFrom: TakesFrom;
  /** Sorted by Service; none where no Service leads to it. */
  by: readonly ExposedBy[];
  /** Addresses of the internet that its Gateway (Gateway API) asks for or has, sorted; absent where it names none. */
  addresses?: readonly string[];
  /** False where its Gateway's controller says that it has not set it up, so that it takes no calls for now. Narrows nothing. */
  isProgrammed?: false;
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

/** No addresses of the internet either: this host, the link, loopback, multicast (RFC 6890). */
const SPECIAL = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '::/127',
  'fe80::/10',
  'ff00::/8',
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
 * What a Gateway says of its addresses only widens: its controller writes its status, and whoever writes files could write it
 * too. A name may lead anywhere, and a private address may be one of several, so neither says anything.
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
    exposureIndexOf(cluster).proxies.has(workload.id);
  if (!isGateway) return undefined;
  const by = servicesOf(cluster, workload)
    .map(service => exposedBy(cluster, service))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
  const { addresses, isProgrammed } = saidByGateway(cluster, workload);
  const isOnNode = workload.hostNetwork || workload.hasHostPorts;
  const all: Pick<ExposedBy, 'takesFrom'>[] = [
    ...by,
    ...(addresses.length > 0 ? [{ takesFrom: 'internet' } as const] : []),
    // Its pods may have the ports of their node, or a Service that was not read leads to them.
    ...(by.length === 0 ||
    isOnNode ||
    notReadAbout(cluster, workload).length > 0
      ? [{ takesFrom: 'unknown' } as const]
      : []),
  ];
  return {
    takesFrom: widestOf(all),
    by,
    ...(addresses.length > 0 && { addresses }),
    ...(isProgrammed === false && { isProgrammed }),
  };
}

/** What the Gateway says whose proxies these pods are. */
function saidByGateway(
  cluster: Cluster,
  { gateway }: Workload,
): { addresses: string[]; isProgrammed?: boolean } {
  const manifest =
    gateway === undefined
      ? undefined
      : exposureIndexOf(cluster).gateways.get(gateway);
  if (!manifest) return { addresses: [] };
  const { spec } = manifest.object;
  const status = asJson(manifest.object.status);
  const addresses = [
    ...asArray(asJson(spec).addresses),
    ...asArray(status.addresses),
  ]
    .map(asJson)
    // Without a type it is an IPAddress (Gateway API, `GatewayStatusAddress`).
    .filter(({ type }) => type === undefined || type === 'IPAddress')
    .flatMap(({ value }) => asText(value) ?? [])
    .filter(isOfInternet);
  const programmed = asArray(status.conditions)
    .map(asJson)
    .find(({ type }) => type === 'Programmed');
  return {
    addresses: [...new Set(addresses)].sort(),
    ...(programmed?.status === 'False' && { isProgrammed: false }),
  };
}

function isOfInternet(text: string): boolean {
  const range = parseAddress(text) && rangeOf(text);
  return range !== undefined && !isWithin(range, [...PRIVATE, ...SPECIAL]);
}

function isWithin(
  range: AddressRange,
  blocks: readonly AddressRange[],
): boolean {
  return blocks.some(
    block =>
      block.family === range.family &&
      block.from <= range.from &&
      range.to <= block.to,
  );
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
      if (allPrivate(ranges)) return 'network';
      // Another cloud does not know the annotation: the address that the balancer got goes before it.
      if (
        addresses.some(each => typeof each === 'string' && isOfInternet(each))
      )
        return 'internet';
      return isInternal || allPrivate(addresses) ? 'network' : 'internet';
    }
    case 'ClusterIP':
      return exposureIndexOf(cluster).fronted.has(service.id) ||
        areFrontsMissing(cluster)
        ? 'unknown'
        : 'cluster';
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
      return range !== undefined && isWithin(range, PRIVATE);
    })
  );
}

function rangeOf(text: string) {
  const address = parseAddress(text);
  return address && parseCidr(`${text}/${address.family === 4 ? 32 : 128}`);
}

/** Whether ingresses or routes were left out of what was read: these of any namespace may lead to any Service. */
function areFrontsMissing(cluster: Cluster): boolean {
  return notReadIn(cluster).some(({ kinds }) =>
    /^(ingresses|[a-z]*routes)(\.|$)/.test(kinds),
  );
}

function objectOf(cluster: Cluster, { namespace, name }: Service) {
  const found = exposureIndexOf(cluster).services.get(
    `${namespace}/${name}`,
  )?.object;
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
