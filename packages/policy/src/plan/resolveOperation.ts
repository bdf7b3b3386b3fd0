import { Contract, OfferedOperation } from '../contract/types';
import { Protocol } from '../estate/types';
import { FindingCode } from '../findings';
import {
  parsePathPattern,
  PathPattern,
  pathPatternCovers,
  withBasePath,
} from '../model/pathPattern';
import { GrantOperation } from '../model/types';

/** What an operation asks of the provider, before its port is known. */
export interface ResolvedOperation {
  /** for people */
  label: string;
  /** as the grant names it; of a service with the methods that it comes to */
  granted: GrantOperation;
  /** `api`: the port on which the API is served */
  port: 'api' | { protocol: Protocol; number: number };
  /** absent: everything on the port. Empty `methods` means every method. */
  http?: { methods: string[]; paths: PathPattern[] };
}

/** An operation that cannot be resolved, and why. */
export interface OperationProblem {
  problem: FindingCode;
  message: string;
}

/** Services that gRPC servers offer beside what their definition lists. */
const WELL_KNOWN_SERVICES: Record<string, string[]> = {
  'grpc.health.v1.Health': ['Check', 'List', 'Watch'],
  'grpc.reflection.v1.ServerReflection': ['ServerReflectionInfo'],
  'grpc.reflection.v1alpha.ServerReflection': ['ServerReflectionInfo'],
};

/** Methods that a definition seldom lists and that go with any path it does list. */
const ASIDE = new Set(['HEAD', 'OPTIONS', 'TRACE']);

const unknown = (message: string): OperationProblem => ({
  problem: 'unknown-operation',
  message,
});

/** gRPC is `POST /package.Service/Method` (gRPC over HTTP/2). */
function grpcAccess(
  service: string,
  methods: string[],
): ResolvedOperation['http'] {
  const paths = [...methods].sort().map(
    (method): PathPattern => ({
      text: `/${service}/${method}`,
      segments: [
        { kind: 'literal', text: service },
        { kind: 'literal', text: method },
      ],
    }),
  );
  return { methods: ['POST'], paths };
}

function patternOf(
  path: string,
  contract: Contract,
): PathPattern | OperationProblem {
  const parsed = parsePathPattern(path);
  if ('problem' in parsed)
    return {
      problem: 'path-not-expressible',
      message: `the path ${path} ${parsed.problem}`,
    };
  if (contract.basePath === undefined)
    return {
      problem: 'base-path-ambiguous',
      message: 'the base path of the API is not clear',
    };
  return withBasePath(contract.basePath, parsed.pattern);
}

function offered(
  operation: OfferedOperation,
  contract: Contract,
): ResolvedOperation | OperationProblem {
  const granted = { id: operation.id };
  if (operation.kind === 'port')
    return { label: operation.id, granted, port: 'api' };
  if (operation.kind === 'grpc')
    return {
      label: operation.id,
      granted,
      port: 'api',
      http: grpcAccess(operation.service ?? '', [operation.rpc ?? '']),
    };
  const pattern = patternOf(operation.path ?? '', contract);
  if ('problem' in pattern) return pattern;
  return {
    label: operation.id,
    granted,
    port: 'api',
    http: { methods: [operation.method ?? ''], paths: [pattern] },
  };
}

function inlineHttp(
  { methods, paths }: { methods: string[]; paths: string[] },
  contract: Contract,
): ResolvedOperation | OperationProblem {
  if (contract.kind === 'grpc')
    return unknown('the API is a gRPC API: grant grpc operations');
  const every = methods.includes('*');
  const patterns: PathPattern[] = [];
  const used = new Set<string>();
  for (const path of paths) {
    const pattern = patternOf(path, contract);
    if ('problem' in pattern) return pattern;
    patterns.push(pattern);
    const here = contract.operations.filter(operation => {
      const other = parsePathPattern(operation.path ?? '');
      const own = parsePathPattern(path);
      return (
        'pattern' in other &&
        'pattern' in own &&
        pathPatternCovers(own.pattern, other.pattern)
      );
    });
    if (contract.kind === 'http' && here.length === 0)
      return unknown(
        `the API's definition has no operation on the path ${path}`,
      );
    here.forEach(operation => used.add(operation.method ?? ''));
  }
  const stray = methods.find(
    method => method !== '*' && !ASIDE.has(method) && !used.has(method),
  );
  if (contract.kind === 'http' && stray !== undefined)
    return unknown(
      `the API's definition has no operation ${stray} on ${paths.join(', ')}`,
    );
  return {
    label: `${methods.join(',')} ${paths.join(' ')}`,
    granted: { http: { methods, paths } },
    port: 'api',
    http: {
      methods: every ? [] : [...new Set(methods)].sort(),
      paths: patterns,
    },
  };
}

/** The methods of a gRPC service: those that the definition lists, or those that go with a server whatever it lists. */
export function methodsOfService(
  service: string,
  contract: Contract,
): string[] {
  const listed = contract.operations
    .filter(operation => operation.service === service)
    .map(operation => operation.rpc ?? '');
  return listed.length > 0 ? listed : WELL_KNOWN_SERVICES[service] ?? [];
}

function inlineGrpc(
  { service, methods }: { service: string; methods?: string[] },
  contract: Contract,
): ResolvedOperation | OperationProblem {
  if (contract.kind === 'http')
    return unknown('the API is an HTTP API: grant http operations');
  const known = methodsOfService(service, contract);
  if (contract.kind === 'grpc') {
    if (known.length === 0)
      return unknown(`the API's definition has no service ${service}`);
    const stray = methods?.find(method => !known.includes(method));
    if (stray !== undefined)
      return unknown(`the service ${service} has no method ${stray}`);
  }
  const granted = methods ?? known;
  if (granted.length === 0)
    return unknown(
      `name the methods of ${service}: the API has no definition that lists them`,
    );
  return {
    label: `${service}/${
      granted.length === 1 ? granted[0] : `{${[...granted].sort().join(',')}}`
    }`,
    granted: { grpc: { service, methods: granted } },
    port: 'api',
    http: grpcAccess(service, [...new Set(granted)]),
  };
}

/** Operations that name a port by its number. */
type PortOperation = Exclude<
  GrantOperation,
  { id: string } | { http: unknown } | { grpc: unknown }
>;

function isPort(operation: GrantOperation): operation is PortOperation {
  return 'tcp' in operation || 'udp' in operation || 'sctp' in operation;
}

function portOf(operation: PortOperation): {
  protocol: Protocol;
  number: number;
} {
  if ('tcp' in operation)
    return { protocol: 'TCP', number: operation.tcp.port };
  return 'udp' in operation
    ? { protocol: 'UDP', number: operation.udp.port }
    : { protocol: 'SCTP', number: operation.sctp.port };
}

/** True where the operation can only be resolved with a readable definition. */
export function needsContract(operation: GrantOperation): boolean {
  return !isPort(operation);
}

/**
 * Resolves one operation of a grant against what the API offers. An operation that the definition does not have is a
 * problem, never ignored.
 */
export function resolveOperation(
  operation: GrantOperation,
  contract: Contract,
): ResolvedOperation | OperationProblem {
  if (isPort(operation)) {
    const port = portOf(operation);
    return {
      label: `${port.protocol} ${port.number}`,
      granted: operation,
      port,
    };
  }
  if ('http' in operation) return inlineHttp(operation.http, contract);
  if ('grpc' in operation) return inlineGrpc(operation.grpc, contract);
  const found = contract.operations.find(({ id }) => id === operation.id);
  if (found) return offered(found, contract);
  return unknown(
    contract.kind === 'port'
      ? `the API offers no operation ${operation.id}: its type is read neither as openapi nor as grpc, so that it offers its port alone`
      : `the API offers no operation ${operation.id}`,
  );
}
