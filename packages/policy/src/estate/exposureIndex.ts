import { namespaceOf } from './buildCluster';
import { asJson, asText } from './json';
import { groupOf } from './podTemplates';
import type { Cluster, ManifestObject } from './types';

/** What is asked of a cluster once for each of its gateways: whoever may make gateways chooses how many. */
export interface ExposureIndex {
  /** Workloads that are proxies of gateways, by id. */
  proxies: ReadonlySet<string>;
  /** Gateways of the Gateway API, by `namespace/name`. */
  gateways: ReadonlyMap<string, ManifestObject>;
  /** By `namespace/name`. */
  services: ReadonlyMap<string, ManifestObject>;
  /**
   * `namespace/name` of whatever an Ingress or a route of the Gateway API names, Services among it: what leads there is not
   * followed.
   */
  fronted: ReadonlySet<string>;
}

const known = new WeakMap<Cluster, ExposureIndex>();

/** The index of a cluster, made when it is asked for first. */
export function exposureIndexOf(cluster: Cluster): ExposureIndex {
  let index = known.get(cluster);
  if (!index) {
    index = build(cluster);
    known.set(cluster, index);
  }
  return index;
}

function build({ objects, gateways: proxied }: Cluster): ExposureIndex {
  const gateways = new Map<string, ManifestObject>();
  const services = new Map<string, ManifestObject>();
  const fronted = new Set<string>();
  for (const manifest of objects) {
    const { object } = manifest;
    const home = namespaceOf(object);
    const id = `${home}/${object.metadata.name}`;
    const group = groupOf(object);
    if (
      object.kind === 'Gateway' &&
      group === 'gateway.networking.k8s.io' &&
      !gateways.has(id)
    )
      gateways.set(id, manifest);
    if (object.kind === 'Service' && group === '' && !services.has(id))
      services.set(id, manifest);
    if (object.kind === 'Ingress' || object.kind.endsWith('Route'))
      addNamed(object.spec, home, fronted);
  }
  const proxies = new Set(proxied.map(({ workload }) => workload));
  return { proxies, gateways, services, fronted };
}

/** Everything below that has a name, in the namespace beside it or else in the object's own. */
function addNamed(value: unknown, home: string, into: Set<string>): void {
  if (Array.isArray(value)) {
    for (const each of value) addNamed(each, home, into);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const { name, namespace } = asJson(value);
  if (typeof name === 'string')
    into.add(`${asText(namespace) ?? home}/${name}`);
  for (const inner of Object.values(value)) addNamed(inner, home, into);
}
