import type {
  AccessRequestDraft,
  ExplainedCall,
  Operation,
} from '@callgate/plugin-callgate-common';

/** What is called: nothing but the connection, or a method and path on it, or a port. */
export interface CallParts {
  method: string;
  path: string;
  port?: number;
  /** Absent: as the port is declared. */
  protocol?: PortProtocol;
  /** The host that an HTTP call names; any when absent. */
  host?: string;
  /** Only this cluster; every one where both ends run when absent. */
  cluster?: string;
}

/** What a port speaks. */
export type PortProtocol = NonNullable<ExplainedCall['protocol']>;

export const PROTOCOLS: readonly PortProtocol[] = ['TCP', 'UDP', 'SCTP'];

/** The call that an operation stands for; a gRPC method is a POST to its full name. */
export function callOf(operation: Operation | undefined): CallParts {
  if (!operation || operation.kind === 'port') {
    return {
      method: '',
      path: '',
      port: operation?.port,
      protocol: PROTOCOLS.find(each => each === operation?.protocol),
    };
  }
  if (operation.kind === 'grpc') {
    return { method: 'POST', path: `/${operation.service}/${operation.rpc}` };
  }
  return {
    method: operation.method === '*' ? '' : operation.method ?? '',
    path: operation.path ?? '',
  };
}

/** The question to the backend. */
export function toExplainedCall(
  api: string,
  caller: string,
  { method, path, port, protocol, host, cluster }: CallParts,
): ExplainedCall {
  return {
    api,
    caller,
    ...(method && { method, path: examplePath(path) || '/' }),
    ...(method && host && { host }),
    ...(port !== undefined && { port }),
    ...(protocol && { protocol }),
    ...(cluster && { cluster }),
  };
}

/** Whether two calls ask for the same, wherever they are made. */
export function sameCall(a: CallParts, b: CallParts): boolean {
  return (
    a.method === b.method &&
    a.path === b.path &&
    a.port === b.port &&
    a.protocol === b.protocol
  );
}

/** The request that would allow a call: by its operation where the API offers one that fits, else as it was written. */
export function requestOf(
  api: string,
  caller: string,
  { method, path, port, protocol }: CallParts,
  offered: readonly Operation[],
): AccessRequestDraft {
  const fits = offered.find(operation => {
    const call = callOf(operation);
    return call.method === method && matches(call.path, path);
  });
  if (fits?.kind === 'grpc' && fits.service && fits.rpc) {
    const { service, rpc } = fits;
    return { api, caller, operations: [{ grpc: { service, methods: [rpc] } }] };
  }
  if (fits?.id) {
    return { api, caller, operations: [{ id: fits.id }] };
  }
  if (method && path) {
    return {
      api,
      caller,
      operations: [
        { http: { methods: [method], paths: [fits?.path ?? path] } },
      ],
    };
  }
  return {
    api,
    caller,
    operations: port === undefined ? [] : [portOperation(port, protocol)],
  };
}

function portOperation(
  port: number,
  protocol: PortProtocol | undefined,
): AccessRequestDraft['operations'][number] {
  switch (protocol) {
    case 'UDP':
      return { udp: { port } };
    case 'SCTP':
      return { sctp: { port } };
    default:
      return { tcp: { port } };
  }
}

/** A path that is really called: `/orders/1` for the template `/orders/{id}`, which no rule matches as it stands. */
function examplePath(path: string): string {
  return path.replace(/\{[^}/]+\}/g, '1');
}

/** Whether a path of the definition stands for a called one: `/orders/{id}` for `/orders/17`. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const called = path.split('?')[0].split('/');
  const last = wanted[wanted.length - 1];
  const open = /^\{[^}]+\+\}$/.test(last);
  if (open ? called.length < wanted.length : called.length !== wanted.length) {
    return false;
  }
  return wanted.every(
    (segment, index) =>
      segment === called[index] ||
      (/^\{[^}]+\}$/.test(segment) && called[index] !== ''),
  );
}
