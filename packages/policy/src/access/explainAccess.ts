import type { Protocol, Workload } from '../estate/types';
import { servicesOf } from '../estate/serviceLookup';
import { explain } from '../evaluate/explain';
import type { Explanation } from '../evaluate/types';
import { createWorld, type World } from '../evaluate/World';
import type { Steps } from '../steps';
import { AccessBook } from './AccessBook';
import { type ApiProvider, ApiSide } from './ApiSide';
import type { AccessInput } from './types';

/**
 * A call of one entity to an API, as somebody asks about it. What is not said is not guessed.
 *
 * @public
 */
export interface AskedCall {
  /** Entity reference of the caller. */
  caller: string;
  /** Entity reference of the API. */
  api: string;
  /** Name of the one cluster that is asked about; absent: each in which both run. */
  cluster?: string;
  /** Port of the provider's workload; absent: the one on which the API is served. */
  port?: number;
  protocol?: Protocol;
  method?: string;
  /** Raw, as sent; `/` where a method is given without one. */
  path?: string;
  host?: string;
}

/**
 * Why a call cannot be asked of the evaluator.
 *
 * @public
 */
export type CallUnclear =
  /** Nothing says on which port the API is served. */
  | { why: 'port' }
  /** The port has several protocols, or none that anything declares. */
  | { why: 'protocol'; port: number; declared: readonly Protocol[] }
  /** A method is asked of TCP alone. */
  | { why: 'method'; port: number; protocol: Protocol };

/**
 * The answer for one workload of the caller and one of the provider; ids are `namespace/Kind/name`.
 *
 * @public
 */
export type ExplainedPair = { cluster: string; from: string; to: string } & (
  | { explanation: Explanation }
  | { unclear: CallUnclear }
);

/**
 * Answers about a call; or what has no workload, so that there is nothing to ask about: the caller, the API's provider, or any
 * one cluster of them both (or the one asked about).
 *
 * @public
 */
export type ExplainedAccess =
  | { pairs: readonly ExplainedPair[] }
  | { missing: 'caller' | 'provider' | 'cluster'; from?: string; to?: string };

type WorkloadPort = { protocol: Protocol; port: number };

const worlds = new WeakMap<AccessBook, Map<string, World>>();

/**
 * Why a call to an API is allowed or refused, for each pair of workloads in one cluster, sorted by cluster. It pauses after each
 * pair.
 *
 * @public
 */
export function* explainAccess(
  input: AccessInput,
  call: AskedCall,
): Steps<ExplainedAccess> {
  const book = AccessBook.of(input);
  const callers = book.workloadsOf(call.caller);
  const { providers } = ApiSide.of(book, call.api);
  const clusters = [...new Set(providers.map(({ cluster }) => cluster.name))]
    .filter(name => call.cluster === undefined || call.cluster === name)
    .sort();
  const pairs: ExplainedPair[] = [];
  for (const cluster of clusters)
    for (const provider of providers)
      for (const caller of callers)
        if (provider.cluster.name === cluster && caller.cluster === cluster) {
          pairs.push(explainPair(book, call, caller, provider));
          yield;
        }
  if (pairs.length > 0) return { pairs };
  let missing: 'caller' | 'provider' | 'cluster' = 'cluster';
  if (callers.length === 0) {
    missing = 'caller';
  } else if (providers.length === 0) {
    missing = 'provider';
  }
  return {
    missing,
    ...(callers[0] && { from: callers[0].id }),
    ...(providers[0] && { to: providers[0].workload.id }),
  };
}

function explainPair(
  book: AccessBook,
  call: AskedCall,
  caller: Workload,
  provider: ApiProvider,
): ExplainedPair {
  const pair = {
    cluster: provider.cluster.name,
    from: caller.id,
    to: provider.workload.id,
  };
  const port = portOf(provider, call);
  if ('why' in port) return { ...pair, unclear: port };
  if (call.method && port.protocol !== 'TCP')
    return { ...pair, unclear: { why: 'method', ...port } };
  const { method, path = '/', host } = call;
  return {
    ...pair,
    explanation: explain(worldOf(book, provider), {
      from: pair.from,
      to: pair.to,
      ...port,
      ...(method && { http: { method, path, ...(host && { host }) } }),
    }),
  };
}

/** The port that is asked about; a port without a protocol has the one that is declared for it, where there is one. */
function portOf(
  { ports: { own, ports } }: ApiProvider,
  { port, protocol }: AskedCall,
): WorkloadPort | CallUnclear {
  const known = own ? [own, ...ports] : ports;
  if (port === undefined)
    return (
      (protocol ? known.find(each => each.protocol === protocol) : own) ?? {
        why: 'port',
      }
    );
  if (protocol !== undefined) return { port, protocol };
  const declared = [
    ...new Set(
      known.filter(each => each.port === port).map(each => each.protocol),
    ),
  ];
  return declared.length === 1
    ? { port, protocol: declared[0] }
    : { why: 'protocol', port, declared };
}

function worldOf(book: AccessBook, { cluster }: ApiProvider): World {
  const made = worlds.get(book) ?? new Map<string, World>();
  worlds.set(book, made);
  const world = made.get(cluster.name) ?? createWorld([cluster]);
  made.set(cluster.name, world);
  return world;
}

/**
 * A port of a Service that leads to an API: what its callers know.
 *
 * @public
 */
export interface ApiServicePort {
  port: number;
  protocol: Protocol;
  name?: string;
}

/**
 * Ports of the Services that lead to an API's providers, by number.
 *
 * @public
 */
export function apiServicePorts(
  input: AccessInput,
  api: string,
): ApiServicePort[] {
  const found = new Map<string, ApiServicePort>();
  for (const { cluster, workload } of ApiSide.of(AccessBook.of(input), api)
    .providers)
    for (const service of servicesOf(cluster, workload))
      for (const { port, name, protocol } of service.ports)
        found.set(`${protocol} ${port}`, {
          port,
          protocol,
          ...(name && { name }),
        });
  return [...found.values()].sort((a, b) => a.port - b.port);
}
