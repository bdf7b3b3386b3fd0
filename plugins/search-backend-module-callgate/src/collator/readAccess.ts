import type { Declarations } from '@callgate/plugin-callgate-common';
import {
  declaredApiOf,
  type GrantOperation,
  parseAccessPolicy,
  parseCallerRef,
  type PolicyMode,
} from '@callgate/policy';

/** What is declared about one API. */
export interface DeclaredApi {
  grants: number;
  /** As the declaration writes them, whatever they stand for. */
  callers: Set<string>;
  /** As people write operations: `listOrders`, `GET /orders`, `TCP 5432`. */
  operations: Set<string>;
  /** The declaration's, where it can be read. */
  mode?: PolicyMode;
}

/** What is declared about one caller: numbers alone, so that no API is named. */
export interface DeclaredCaller {
  grants: number;
  apis: Set<string>;
}

/** Everything that is declared, by API and by caller, with full refs. */
export interface DeclaredAccess {
  apis: Map<string, DeclaredApi>;
  /** Components and resources: what the catalog has a page **Calls** for. */
  callers: Map<string, DeclaredCaller>;
}

/** Reads declarations. Of one that does not parse it is known which API it is about, at most. */
export function readAccess({
  items,
}: Pick<Declarations, 'items'>): DeclaredAccess {
  const apis = new Map<string, DeclaredApi>();
  const callers = new Map<string, DeclaredCaller>();
  for (const { file, text } of items) {
    const source = { path: file, text };
    const { policy } = parseAccessPolicy(source);
    const ref = policy?.spec.api ?? declaredApiOf(source);
    if (!ref) continue;
    const api = apis.get(ref) ?? {
      grants: 0,
      callers: new Set(),
      operations: new Set(),
    };
    apis.set(ref, api);
    if (!policy) continue;
    api.mode = policy.spec.mode;
    for (const grant of policy.spec.grants) {
      api.grants += 1;
      api.callers.add(grant.caller);
      grant.operations
        .flatMap(operationTexts)
        .forEach(operation => api.operations.add(operation));
      const caller = parseCallerRef(grant.caller, policy.metadata.namespace);
      if (caller?.kind === 'entity') {
        const known = callers.get(caller.ref) ?? { grants: 0, apis: new Set() };
        callers.set(caller.ref, known);
        known.grants += 1;
        known.apis.add(ref);
      }
    }
  }
  return { apis, callers };
}

function operationTexts(operation: GrantOperation): string[] {
  if ('id' in operation) return [operation.id];
  if ('http' in operation) {
    const { methods, paths } = operation.http;
    return paths.map(path => `${methods.join(', ')} ${path}`);
  }
  if ('grpc' in operation) {
    const { service, methods } = operation.grpc;
    return methods?.map(method => `${service}/${method}`) ?? [service];
  }
  if ('udp' in operation) return [`UDP ${operation.udp.port}`];
  if ('sctp' in operation) return [`SCTP ${operation.sctp.port}`];
  return [`TCP ${operation.tcp.port}`];
}
