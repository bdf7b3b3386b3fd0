import type { ApiProvider, ApiSide } from '../access/ApiSide';
import { reachableOperations } from '../access/operations';
import { parsePathPattern } from '../model/pathPattern';
import type { GrantOperation } from '../model/types';
import { findNumberedPort } from '../plan/apiPort';
import { resolveOperation } from '../plan/resolveOperation';
import { portsBehindServices } from '../plan/workloadPorts';
import type { Protocol } from '../estate/types';
import { RequestSet } from '../requestset/RequestSet';
import type { HttpEntry } from '../requestset/types';
import { requestsOf } from '../verify/requestsOf';

/** One operation of a grant with the requests that it stands for. */
export interface SaidOperation {
  operation: GrantOperation;
  requests: RequestSet;
}

/** A set of requests in the words of a grant. */
export interface Said {
  operations: readonly SaidOperation[];
  /** What no operation can say without saying more. */
  rest: RequestSet;
}

/**
 * Says what may be sent to a provider as operations of a grant that come to exactly that: a port where everything on it is
 * open, otherwise operations of the definition and paths that it can write. Never wider; what is left over is `rest`.
 */
export function operationsOf(
  side: ApiSide,
  provider: ApiProvider,
  requests: RequestSet,
): Said {
  const operations = provider.ports.ports.flatMap(({ protocol, port }) => {
    const whole = RequestSet.of({ protocol, ports: [port] });
    const here = requests.intersect(whole);
    if (here.isEmpty) return [];
    if (!here.equals(whole)) return requestsOn(side, provider, here, port);
    const number = numberOf(provider, protocol, port);
    return number === undefined
      ? []
      : [{ operation: portOperation(protocol, number), requests: whole }];
  });
  const said = RequestSet.unionOf(operations.map(each => each.requests));
  return { operations, rest: requests.subtract(said) };
}

/** The number by which a grant names a port of a workload: that of a Service where there is one. */
function numberOf(
  { cluster, workload }: ApiProvider,
  protocol: Protocol,
  port: number,
): number | undefined {
  const behind = portsBehindServices(cluster, workload).find(
    each => each.protocol === protocol && each.port === port,
  );
  const numbers = [...(behind?.ways ?? []).map(way => way.port.port), port];
  return numbers.find(number => {
    const found = findNumberedPort(cluster, workload, protocol, number);
    return found !== undefined && found !== 'ambiguous' && found.port === port;
  });
}

function portOperation(protocol: Protocol, port: number): GrantOperation {
  switch (protocol) {
    case 'UDP':
      return { udp: { port } };
    case 'SCTP':
      return { sctp: { port } };
    default:
      return { tcp: { port } };
  }
}

/** A part of what may be sent on the port on which the API is served. */
function requestsOn(
  side: ApiSide,
  { ports: { own } }: ApiProvider,
  requests: RequestSet,
  port: number,
): SaidOperation[] {
  if (own?.protocol !== 'TCP' || own.port !== port) return [];
  const { contract } = side;
  const { operations, others } = reachableOperations(
    requests,
    () => contract,
    own,
  );
  const named = operations.flatMap(({ id }) =>
    id === undefined ? [] : resolved({ id }),
  );
  const written = others
    .flatMap(({ http = [] }) => http)
    .flatMap(entry => writtenOf(entry, contract.basePath))
    .flatMap(resolved);
  return [...named, ...written];

  function resolved(operation: GrantOperation): SaidOperation[] {
    const found = resolveOperation(operation, contract);
    if (!('http' in found) || !found.http) return [];
    const asked = requestsOf({ protocol: 'TCP', port, http: [found.http] });
    return asked.isSubset(requests) ? [{ operation, requests: asked }] : [];
  }
}

/** Methods and paths as an AccessPolicy writes them; nothing where it cannot say the same. */
function writtenOf(
  entry: HttpEntry,
  basePath: string | undefined,
): GrantOperation[] {
  const { methods, notMethods, paths, notPaths, hosts, notHosts } = entry;
  if (!entry.exact || notMethods || notPaths || hosts || notHosts) return [];
  if (basePath === undefined || !paths) return [];
  const written = paths.map(path => writtenPath(path, basePath));
  if (written.some(path => path === undefined)) return [];
  // One by one: a path that the definition does not have must not take the others with it.
  return (methods ?? ['*']).flatMap(method =>
    written.flatMap(path =>
      path === undefined
        ? []
        : [{ http: { methods: [method], paths: [path] } }],
    ),
  );
}

/** `/orders/{*}` as `/orders/{p1}`, without the base path. */
function writtenPath(path: string, basePath: string): string | undefined {
  if (!path.startsWith(`${basePath}/`)) return undefined;
  let count = 0;
  const text = path
    .slice(basePath.length)
    .replace(/\{\*\*\}/g, () => `{p${++count}+}`)
    .replace(/\{\*\}/g, () => `{p${++count}}`);
  return 'pattern' in parsePathPattern(text) ? text : undefined;
}
