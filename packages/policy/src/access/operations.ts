import { methodWrites } from '../contract';
import type { Contract } from '../contract/types';
import type { Protocol } from '../estate/types';
import { parsePathPattern, pathPatternKey } from '../model/pathPattern';
import { methodsOfService, resolveOperation } from '../plan/resolveOperation';
import { answerOr } from '../requestset/budget';
import { RequestSet } from '../requestset/RequestSet';
import { toAccessRanges } from '../requestset/toAccessRanges';
import { requestsOf } from '../verify/requestsOf';
import type { AccessOperation, ReachableOperations } from './types';

/**
 * One operation as a grant or a request names it: one of the fields.
 *
 * @public
 */
export interface NamedOperation {
  id?: string;
  http?: { methods: readonly string[]; paths: readonly string[] };
  grpc?: { service: string; methods?: readonly string[] };
  tcp?: { port: number };
  udp?: { port: number };
  sctp?: { port: number };
}

/**
 * Operations of a grant, with what the definition says of them and in its order. What it does not offer stays as it was
 * written.
 *
 * @public
 */
export function grantedOperations(
  granted: readonly NamedOperation[],
  contract: Contract,
): AccessOperation[] {
  const { operations: offered } = contract;
  const found = granted.flatMap((input): AccessOperation[] => {
    if (input.id !== undefined)
      return [
        offered.find(({ id }) => id === input.id) ?? {
          id: input.id,
          kind: 'http',
          writes: true,
        },
      ];
    if (input.http) {
      const { methods, paths } = input.http;
      return methods.flatMap(method =>
        paths.map(
          path =>
            offered.find(
              each => each.method === method && isSamePath(each.path, path),
            ) ?? { kind: 'http', method, path, writes: methodWrites(method) },
        ),
      );
    }
    if (input.grpc) {
      const { service, methods } = input.grpc;
      const named = methods ?? methodsOfService(service, contract);
      return named.map(
        rpc =>
          offered.find(
            each => each.service === service && each.rpc === rpc,
          ) ?? { kind: 'grpc', service, rpc, writes: true, assumed: true },
      );
    }
    return [{ kind: 'port', ...portOf(input), writes: true }];
  });
  return inOrderOf(contract, found);
}

/**
 * Operations in the order in which everybody reads them: that of the definition, and after it what it does not offer, as it
 * stood.
 *
 * @public
 */
export function inOrderOf<
  T extends Pick<
    AccessOperation,
    'kind' | 'id' | 'method' | 'path' | 'service' | 'rpc'
  >,
>({ operations }: Contract, listed: readonly T[]): T[] {
  const keyOf = ({ kind, id, method, path, service, rpc }: T | Offered) =>
    JSON.stringify([kind, id, method, path, service, rpc]);
  const places = new Map(
    operations.map((each, index) => [keyOf(each), index] as const),
  );
  const placeOf = (each: T) => places.get(keyOf(each)) ?? operations.length;
  return [...listed].sort((a, b) => placeOf(a) - placeOf(b));
}

type Offered = Contract['operations'][number];

function portOf({ tcp, udp, sctp }: NamedOperation): {
  protocol: Protocol;
  port?: number;
} {
  if (udp) return { protocol: 'UDP', port: udp.port };
  return sctp
    ? { protocol: 'SCTP', port: sctp.port }
    : { protocol: 'TCP', ...(tcp && { port: tcp.port }) };
}

function isSamePath(a: string | undefined, b: string): boolean {
  const [left, right] = [parsePathPattern(a ?? ''), parsePathPattern(b)];
  return (
    'pattern' in left &&
    'pattern' in right &&
    pathPatternKey(left.pattern) === pathPatternKey(right.pattern)
  );
}

/**
 * The name of a gRPC service without its package: `Orders` of `shop.v1.Orders`.
 *
 * @public
 */
export function shortService(service: string = ''): string {
  return service.slice(service.lastIndexOf('.') + 1);
}

/** Each operation that a definition offers, as requests to a port; those that cannot be expressed are left out. */
export function offeredRequests(
  contract: Contract,
  port: number,
): { operation: AccessOperation; requests: RequestSet }[] {
  return contract.operations.flatMap(operation => {
    const resolved = resolveOperation({ id: operation.id }, contract);
    return 'http' in resolved && resolved.http
      ? [
          {
            operation,
            requests: requestsOf({
              protocol: 'TCP' as const,
              port,
              http: [resolved.http],
            }),
          },
        ]
      : [];
  });
}

/**
 * What a set of requests comes to: operations of the definition where it has them as a whole, ports on which it has
 * everything, and the rest.
 */
export function reachableOperations(
  requests: RequestSet,
  contract: () => Contract,
  own: { protocol: Protocol; port: number } | undefined,
): ReachableOperations {
  const ranges = toAccessRanges(requests);
  const everythingOn = ranges
    .filter(({ http }) => !http)
    .map(({ protocol, ports }) => ({ protocol, ports }));
  const narrowed = ranges.filter(({ http }) => http);
  if (narrowed.length === 0 || own?.protocol !== 'TCP')
    return { operations: [], everythingOn, others: narrowed };
  const whole = answerOr(
    () =>
      offeredRequests(contract(), own.port).filter(
        each => !each.requests.isEmpty && each.requests.isSubset(requests),
      ),
    () => [],
  );
  const rest = answerOr(
    () =>
      requests.subtract(RequestSet.unionOf(whole.map(each => each.requests))),
    () => requests,
  );
  return {
    operations: whole.map(({ operation }) => operation),
    everythingOn,
    others: toAccessRanges(rest).filter(({ http }) => http),
  };
}
