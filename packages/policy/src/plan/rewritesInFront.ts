import { Cluster, ManifestObject, Service } from '../estate/types';

type Json = Record<string, unknown>;

const list = (value: unknown): Json[] =>
  Array.isArray(value)
    ? value.filter(
        (item): item is Json => typeof item === 'object' && item !== null,
      )
    : [];
const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : {};

function namesService(
  host: unknown,
  namespace: string,
  service: Service,
): boolean {
  if (typeof host !== 'string') return false;
  const { name, namespace: home } = service;
  if (host === name) return namespace === home;
  return (
    [`${name}.${home}`, `${name}.${home}.svc`].includes(host) ||
    host.startsWith(`${name}.${home}.svc.`)
  );
}

function virtualServiceRewrites(
  spec: Json,
  namespace: string,
  service: Service,
): boolean {
  return list(spec.http).some(
    route =>
      (object(route.rewrite).uri !== undefined ||
        object(route.rewrite).uriRegexRewrite !== undefined) &&
      list(route.route).some(({ destination }) =>
        namesService(object(destination).host, namespace, service),
      ),
  );
}

function httpRouteRewrites(
  spec: Json,
  namespace: string,
  service: Service,
): boolean {
  return list(spec.rules).some(rule => {
    const filters = [
      ...list(rule.filters),
      ...list(rule.backendRefs).flatMap(ref => list(ref.filters)),
    ];
    const rewrites = filters.some(
      filter => object(filter.urlRewrite).path !== undefined,
    );
    return (
      rewrites &&
      list(rule.backendRefs).some(
        ref =>
          ref.name === service.name &&
          (ref.namespace ?? namespace) === service.namespace,
      )
    );
  });
}

/** Routes of a cluster, looked for once. */
const routes = new WeakMap<Cluster, readonly ManifestObject[]>();

function routesOf(cluster: Cluster): readonly ManifestObject[] {
  let found = routes.get(cluster);
  if (!found) {
    found = cluster.objects.filter(({ object: { kind } }) =>
      ['VirtualService', 'HTTPRoute'].includes(kind),
    );
    routes.set(cluster, found);
  }
  return found;
}

/**
 * VirtualServices and HTTPRoutes that change the path of requests to one of the Services, as `Kind namespace/name`.
 */
export function rewritesInFront(
  cluster: Cluster,
  services: readonly Service[],
): string[] {
  const found: string[] = [];
  for (const { object: manifest } of routesOf(cluster)) {
    const namespace = manifest.metadata.namespace ?? 'default';
    const spec = object(manifest.spec);
    const rewrites =
      (manifest.kind === 'VirtualService' &&
        services.some(service =>
          virtualServiceRewrites(spec, namespace, service),
        )) ||
      (manifest.kind === 'HTTPRoute' &&
        services.some(service => httpRouteRewrites(spec, namespace, service)));
    if (rewrites)
      found.push(`${manifest.kind} ${namespace}/${manifest.metadata.name}`);
  }
  return found.sort();
}
