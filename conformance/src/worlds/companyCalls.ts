import { Compilation, Edge } from '@callgate/policy';
import { Random } from './Random';
import {
  apiName,
  Company,
  CompanyGrant,
  entityName,
  GRPC_OPERATIONS,
  OPERATIONS,
} from './randomCompany';
import { idOf, viaOf, WorldCall } from './types';

/** Beside the operations: other methods of their paths, and paths beside them. */
const PROBES = [
  ...OPERATIONS.map(({ method, path }) => ({ method, path })),
  { method: 'HEAD', path: '/orders' },
  { method: 'PUT', path: '/orders/{id}' },
  { method: 'GET', path: '/orders/{id}/items/2' },
  { method: 'GET', path: '/ordersX' },
  { method: 'GET', path: '/' },
  ...GRPC_OPERATIONS.map(({ method, path }) => ({ method, path })),
  { method: 'POST', path: '/shop.Orders/Delete' },
  { method: 'GET', path: '/shop.Orders/Get' },
  { method: 'POST', path: '/shop.Orders' },
].map(({ method, path }) => ({ method, path: path.replace('{id}', '7') }));

const OUTSIDE = '127.3.0.9';

/** Calls of a company: those that are granted, and others at random. */
export function companyCalls(company: Company, seed: number): WorldCall[] {
  const { world, grants, declared } = company;
  const random = new Random(seed);
  const via = (to: number) => viaOf(world.workloads[to], random.chance(0.7));
  const byService = (from: number, to: number, port: number): WorldCall => ({
    from,
    to,
    port,
    protocol: 'TCP',
    via: viaOf(world.workloads[to], true),
  });
  const granted = grants.flatMap(({ caller, provider, access }) =>
    'port' in access
      ? [byService(caller, provider, access.port)]
      : access.operations.map(({ method, path }) => ({
          ...byService(caller, provider, 8080),
          http: { method, path: path.replace('{id}', '7'), host: 'orders' },
        })),
  );
  const callable = world.workloads.flatMap(({ ports }, index) =>
    ports.length > 0 ? [index] : [],
  );
  const others = Array.from({ length: 60 }, (): WorldCall => {
    // What is declared is asked about most: elsewhere the plan claims nothing.
    const to =
      declared.length > 0 && random.chance(0.85)
        ? random.one(declared).provider
        : random.one(callable);
    const from = random.chance(0.9)
      ? random.one(callable.filter(index => index !== to))
      : OUTSIDE;
    if (random.chance(0.2))
      return { from, to, port: 9090, protocol: 'TCP', via: via(to) };
    const http = { ...random.one(PROBES), host: 'orders' };
    return { from, to, port: 8080, protocol: 'TCP', via: via(to), http };
  });
  return [...granted, ...others];
}

/** A literal path against one with `{id}`, segment by segment. */
function fits(path: string, template: string): boolean {
  const [own, wanted] = [path.split('/'), template.split('/')];
  return (
    own.length === wanted.length &&
    wanted.every((part, index) => part.startsWith('{') || part === own[index])
  );
}

function isGranted({ access }: CompanyGrant, { port, http }: WorldCall) {
  if ('port' in access) return access.port === port;
  return (
    port === 8080 &&
    access.operations.some(
      ({ method, path }) =>
        http?.method === method && fits(http?.path ?? '', path),
    )
  );
}

/**
 * What a call has to come to by what is declared, and by the layers that the
 * plan claims for it: `either` where it claims nothing, as for a workload
 * without declaration, a gap that was acknowledged, and plaintext callers that
 * no layer tells apart.
 */
export function expectationOf(
  { world, declared, grants }: Company,
  { plan, failedApis, held }: Compilation,
  asked: WorldCall,
): 'allow' | 'deny' | 'either' {
  const provider = world.workloads[asked.to];
  const failed = failedApis.map(({ api }) => api);
  const apis = declared
    .filter(each => each.provider === asked.to)
    .map(({ kind }) => `api:default/${apiName(provider, kind)}`);
  // One of its declarations is refused: what the workload is closed by is not settled.
  if (apis.length === 0 || apis.some(api => failed.includes(api)))
    return 'either';
  const isolation = plan.isolations.find(
    each => each.direction === 'ingress' && each.workload.id === idOf(provider),
  );
  if (!isolation) return 'either';
  const own = grants.filter(
    each => each.caller === asked.from && each.provider === asked.to,
  );
  const isHeld = ({ access, caller }: CompanyGrant) =>
    held.some(
      each =>
        each.api ===
          `api:default/${apiName(
            provider,
            'port' in access ? 'tcp' : 'http',
          )}` &&
        each.caller ===
          `component:default/${entityName(world.workloads[caller])}`,
    );
  const granted = own.filter(grant => isGranted(grant, asked));
  // An error holds a grant alone: it is not generated, and nothing is in force that could stay.
  if (granted.some(grant => !isHeld(grant)))
    // Past the waypoint only who has to go past it is let in.
    return asked.via === 'service' || world.waypoints.length === 0
      ? 'allow'
      : 'either';
  const caller = typeof asked.from === 'string' ? undefined : asked.from;
  const edges = plan.edges.filter(
    (edge: Edge) =>
      caller !== undefined &&
      edge.from.id === idOf(world.workloads[caller]) &&
      edge.to.id === idOf(provider),
  );
  const claims = isolation.layers.kernel || isolation.layers.identity;
  if (edges.length === 0) return claims ? 'deny' : 'either';
  const onPort = edges.filter(({ port }) => port === asked.port);
  if (onPort.length === 0) {
    // In ambient one port carries all of them: identity tells ports apart. Outside the mesh the kernel does.
    const layer = provider.mesh === 'none' ? 'kernel' : 'identity';
    return edges.every(({ layers }) => layers[layer] === 'enforced')
      ? 'deny'
      : 'either';
  }
  return onPort.every(({ layers }) => layers.method === 'enforced')
    ? 'deny'
    : 'either';
}
