import { groupOf } from '../estate/podTemplates';
import { asArray, asJson } from '../estate/json';
import { servicesOf } from '../estate/serviceLookup';
import type { Cluster, Service } from '../estate/types';
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
    found = cluster.objects
      .filter(
        ({ object }) =>
          NAMING_KINDS.test(object.kind) && NAMING.has(groupOf(object)),
      )
      .map(({ object: { spec } }) => ({
        texts: textsIn(spec),
        hosts: hostsIn(spec),
      }));
    namings.set(cluster.workloads, found);
  }
  return found;
}

function ownNames({ name, namespace }: Service): string[] {
  const long = `${name}.${namespace}`;
  return [name, long, `${long}.svc`, `${long}.svc.cluster.local`];
}

/** A host as Envoy compares it, with and without a port. */
function atomsOf(host: string): PathAtom[] {
  return host.startsWith('*')
    ? [{ suffix: host.slice(1) }]
    : [{ exact: host }, { prefix: `${host}:` }];
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
  const own = new Set(servicesOf(cluster, provider).flatMap(ownNames));
  if (own.size === 0) return requests;
  const others = namingsIn(cluster)
    .filter(({ texts }) => [...own].some(name => texts.has(name)))
    .flatMap(({ hosts }) => hosts);
  const hosts = [...own, ...others];
  if (hosts.includes('*')) return requests;
  const named = RequestSet.of({
    protocol: 'TCP',
    hosts: hosts.flatMap(atomsOf),
  });
  return requests.subtract(RequestSet.of(HTTP).subtract(named));
}
