import { Compilation, Edge } from '@callgate/policy';
import { touchOf } from '../verdict/touchOf';
import { Random } from './Random';
import { hostsOf } from './randomCalls';
import {
  ApiKind,
  apiName,
  Company,
  CompanyGrant,
  callerRef,
  GRPC_OPERATIONS,
  kindOf,
  OPERATIONS,
  PORTS,
} from './randomCompany';
import { ofPlatform, plumbingCalls, toPlatform } from './plumbingCalls';
import { callableOf } from './richerWorld';
import { idOf, viaOf, World, WorldCall } from './types';
import { waypointOf } from './waypointOf';

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

/** By the address of a pod or host: what is not TCP passes no waypoint. */
function beside(
  from: number | string,
  to: number,
  port: number,
  protocol: WorldCall['protocol'],
): WorldCall {
  return { from, to, port, protocol, via: 'pod' };
}

/** From and to any host of a group. */
function atAnyHost(world: World, call: WorldCall, random: Random): WorldCall {
  return { ...call, ...hostsOf(world, call.from, call.to, random) };
}

/** Where proxies do not look: UDP and SCTP to what is declared, and what closed callers need of the platform. */
function callsBeside(company: Company, random: Random): WorldCall[] {
  const { world, declared } = company;
  const callable = callableOf(world);
  const ofProtocols = declared.flatMap(({ provider, kind }) => {
    if (kind !== 'udp' && kind !== 'sctp') return [];
    const others = callable.filter(index => index !== provider);
    return random
      .some(others, 1, 3)
      .map(from =>
        beside(
          from,
          provider,
          PORTS[kind].number,
          random.one(['TCP', 'UDP', 'SCTP']),
        ),
      )
      .filter(({ protocol }) => protocol !== 'TCP');
  });
  const gateways = world.workloads.flatMap(({ gateway }, index) =>
    gateway ? [index] : [],
  );
  const fromGateways = gateways.flatMap(from =>
    declared.map(({ provider }): WorldCall => {
      const to = provider;
      const via = viaOf(world.workloads[to], true);
      const http = { ...random.one(PROBES), host: 'orders' };
      return random.chance(0.3)
        ? { from, to, port: 9090, protocol: 'TCP', via }
        : { from, to, port: 8080, protocol: 'TCP', via, http };
    }),
  );
  return [...ofProtocols, ...fromGateways, ...plumbingCalls(company, random)];
}

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
  const grantedPort = (from: number, to: number, kind: ApiKind): WorldCall => {
    const { number } = PORTS[kind];
    if (kind === 'tcp') return byService(from, to, number);
    return beside(from, to, number, kind === 'udp' ? 'UDP' : 'SCTP');
  };
  const granted = grants.flatMap(({ caller, provider, access }) =>
    'portOf' in access
      ? [grantedPort(caller, provider, access.portOf)]
      : access.operations.map(({ method, path }) => ({
          ...byService(caller, provider, 8080),
          http: { method, path: path.replace('{id}', '7'), host: 'orders' },
        })),
  );
  const callable = callableOf(world);
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
  const more = new Random(seed + 3_000_017);
  return [...granted, ...others, ...callsBeside(company, more)].map(call =>
    atAnyHost(world, call, more),
  );
}

/** A literal path against one with `{id}`, segment by segment. */
function fits(path: string, template: string): boolean {
  const [own, wanted] = [path.split('/'), template.split('/')];
  return (
    own.length === wanted.length &&
    wanted.every((part, index) => part.startsWith('{') || part === own[index])
  );
}

const PROTOCOLS = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' } as const;

function isGranted(
  { access }: CompanyGrant,
  { port, protocol, http }: WorldCall,
) {
  if ('portOf' in access)
    return (
      PORTS[access.portOf].number === port &&
      PROTOCOLS[access.portOf] === protocol
    );
  return (
    port === 8080 &&
    protocol === 'TCP' &&
    access.operations.some(
      ({ method, path }) =>
        http?.method === method && fits(http?.path ?? '', path),
    )
  );
}

/** Does the plan close what the caller itself may call? */
function isClosed(
  { world }: Company,
  { plan }: Compilation,
  { from }: WorldCall,
): boolean {
  return (
    typeof from === 'number' &&
    plan.isolations.some(
      ({ direction, workload }) =>
        direction === 'egress' && workload.id === idOf(world.workloads[from]),
    )
  );
}

function edgesOf(
  { world }: Company,
  { plan }: Compilation,
  { from, to }: WorldCall,
): Edge[] {
  if (typeof from === 'string') return [];
  const ids = [from, to].map(end => idOf(world.workloads[end]));
  return plan.edges.filter(
    edge => edge.from.id === ids[0] && edge.to.id === ids[1],
  );
}

/**
 * What a call has to come to: by what the provider declares, and where that claims nothing by what a closed caller may
 * call, which is what is granted to it and what it needs of the platform.
 */
export function expectationOf(
  company: Company,
  compilation: Compilation,
  asked: WorldCall,
): 'allow' | 'deny' | 'either' {
  const { world } = company;
  const isCallerClosed = isClosed(company, compilation, asked);
  // What policies of others may touch is theirs to say, and no engine here knows them.
  if (touchOf(world, asked) !== 'no') return 'either';
  if (world.workloads[asked.to].isPlatform)
    return toPlatform(company, asked, isCallerClosed);
  const expected = atProvider(company, compilation, asked);
  if (expected !== 'either' || !isCallerClosed) return expected;
  // What is granted through a waypoint opens the way to it, and what is behind it may be open.
  const isBeside =
    asked.via === 'pod' || !waypointOf(world, world.workloads[asked.to]);
  return isBeside && edgesOf(company, compilation, asked).length === 0
    ? 'deny'
    : 'either';
}

/**
 * What a call has to come to by what is declared, and by the layers that the
 * plan claims for it: `either` where it claims nothing, as for a workload
 * without declaration, a gap that was acknowledged, and plaintext callers that
 * no layer tells apart.
 */
function atProvider(
  company: Company,
  compilation: Compilation,
  asked: WorldCall,
): 'allow' | 'deny' | 'either' {
  const { world, declared, grants } = company;
  const { plan, failedApis, held } = compilation;
  const isTcp = asked.protocol === 'TCP';
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
  const plumbing = ofPlatform(company, compilation, asked);
  if (plumbing !== undefined) return plumbing;
  const own = grants.filter(
    each => each.caller === asked.from && each.provider === asked.to,
  );
  const isHeld = ({ access, caller }: CompanyGrant) =>
    held.some(
      each =>
        each.api === `api:default/${apiName(provider, kindOf(access))}` &&
        each.caller === callerRef(world.workloads[caller]),
    );
  const granted = own.filter(grant => isGranted(grant, asked));
  // An error holds a grant alone: it is not generated, and nothing is in force that could stay.
  if (granted.some(grant => !isHeld(grant)))
    // Past the waypoint only who has to go past it is let in.
    return asked.via === 'service' || !waypointOf(world, provider) || !isTcp
      ? 'allow'
      : 'either';
  const edges = edgesOf(company, compilation, asked).filter(
    ({ protocol }) => protocol === asked.protocol,
  );
  // Proxies do not see what is not TCP.
  const claims =
    isolation.layers.kernel || (isTcp && isolation.layers.identity);
  if (edges.length === 0) return claims ? 'deny' : 'either';
  const onPort = edges.filter(({ port }) => port === asked.port);
  if (onPort.length === 0) {
    // In ambient one port carries all of them: identity tells ports apart. Outside the mesh the kernel does.
    const layer = provider.mesh === 'none' || !isTcp ? 'kernel' : 'identity';
    return edges.every(({ layers }) => layers[layer] === 'enforced')
      ? 'deny'
      : 'either';
  }
  return onPort.every(({ layers }) => layers.method === 'enforced')
    ? 'deny'
    : 'either';
}
