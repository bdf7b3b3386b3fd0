import { namespaceOf } from '../estate/buildCluster';
import { groupOf } from '../estate/podTemplates';
import { asArray, asJson } from '../estate/json';
import { servicesOf } from '../estate/serviceLookup';
import type {
  Cluster,
  KubernetesObject,
  Service,
  Workload,
} from '../estate/types';
import { workloadOf } from '../plan/workloadIndex';
import { RequestSet } from '../requestset/RequestSet';
import type { PathAtom } from '../requestset/types';
import type { EffectivePair } from './EffectiveAccessIndex';

/** Groups of objects that give further names to Services: routes, gateways, entries for hosts. */
const NAMING = new Set([
  'networking.istio.io',
  'gateway.networking.k8s.io',
  'networking.k8s.io',
]);
const NAMING_KINDS =
  /^(VirtualService|ServiceEntry|(HTTP|GRPC|TLS)Route|Ingress)$/;

/** All texts in an object, however deep. */
function textsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === 'string') found.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) textsIn(inner, found);
  return found;
}

function hostsIn(spec: unknown): string[] {
  const { hosts, hostnames, rules } = asJson(spec);
  return [
    ...asArray(hosts),
    ...asArray(hostnames),
    ...asArray(rules).map(rule => asJson(rule).host ?? '*'),
  ].filter(host => typeof host === 'string');
}

interface Naming {
  texts: ReadonlySet<string>;
  hosts: readonly string[];
}

const namings = new WeakMap<Cluster['workloads'], readonly Naming[]>();

function namingsIn(cluster: Cluster): readonly Naming[] {
  let found = namings.get(cluster.workloads);
  if (!found) {
    found = cluster.objects.flatMap(({ object }) => namingOf(object) ?? []);
    namings.set(cluster.workloads, found);
  }
  return found;
}

function namingOf(object: KubernetesObject): Naming | undefined {
  const { kind, spec, metadata } = object;
  if (NAMING_KINDS.test(kind) && NAMING.has(groupOf(object)))
    return { texts: textsIn(spec), hosts: hostsIn(spec) };
  const alias = kind === 'Service' ? asJson(spec).externalName : undefined;
  if (typeof alias !== 'string') return undefined;
  const namespace = namespaceOf(object);
  return {
    texts: new Set([alias.replace(/\.$/, '')]),
    hosts: ownNames({ name: metadata.name, namespace }),
  };
}

function ownNames({
  name,
  namespace,
}: Pick<Service, 'name' | 'namespace'>): string[] {
  const long = `${name}.${namespace}`;
  const domains = ['cluster', 'clusterset'].map(
    domain => `${long}.svc.${domain}.local`,
  );
  return [name, long, `${long}.svc`, ...domains];
}

/** A host as Envoy compares it, with and without a port. */
function atomsOf(host: string, ports: readonly number[]): PathAtom[] {
  const spelled = [host, ...ports.map(port => `${host}:${port}`)];
  return host.startsWith('*')
    ? spelled.map(each => ({ suffix: each.slice(1) }))
    : spelled.map(exact => ({ exact }));
}

/** Where the provider is called: at ports of its Services, its own, and those that routes have by default. */
function portsOf(services: readonly Service[], provider: Workload): number[] {
  const ports = [
    ...services.flatMap(service => service.ports.map(({ port }) => port)),
    ...provider.containerPorts.map(({ port }) => port),
    ...[80, 443],
  ];
  return [...new Set(ports)];
}

const HTTP = { protocol: 'TCP', methods: [{ present: true }] } as const;

/**
 * Of some requests those that a caller sends who calls the workload by its names: those of its Services, and what routes and
 * entries call these. A rule about another host does not meet them. What comes through a gateway or from outside may have any host.
 */
export function calledByName(
  cluster: Cluster,
  { from, to, outside }: EffectivePair,
  requests: RequestSet,
): RequestSet {
  const [caller, provider] = [from, to].map(id => workloadOf(cluster, id));
  if (requests.isEmpty || outside || !caller || !provider) return requests;
  if (caller.gateway !== undefined || caller.router) return requests;
  const services = servicesOf(cluster, provider);
  const own = new Set(services.flatMap(ownNames));
  if (own.size === 0) return requests;
  const others = namingsIn(cluster)
    .filter(({ texts }) => [...own].some(name => texts.has(name)))
    .flatMap(({ hosts }) => hosts);
  const hosts = [...own, ...others];
  if (hosts.includes('*')) return requests;
  const ports = portsOf(services, provider);
  const named = RequestSet.of({
    protocol: 'TCP',
    hosts: hosts.flatMap(host => atomsOf(host, ports)),
  });
  return requests.subtract(RequestSet.of(HTTP).subtract(named));
}
