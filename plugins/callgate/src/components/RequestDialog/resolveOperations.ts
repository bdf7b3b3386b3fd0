import type {
  Operation,
  OperationInput,
} from '@callgate/plugin-callgate-common';

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** Operations that a request names, with what the definition says of them; unknown ones stay as they are written. */
export function resolveOperations(
  inputs: readonly OperationInput[],
  offered: readonly Operation[],
): Operation[] {
  return inputs.flatMap(input => resolve(input, offered));
}

/** An operation written by hand. */
export function httpOperation(method: string, path: string): Operation {
  return { kind: 'http', method, path, writes: !READING.includes(method) };
}

/** A whole port: every method of whatever listens there. */
export function portOperation(port: number, protocol: string): Operation {
  return { kind: 'port', port, protocol, writes: true };
}

/** The HEAD operations that are missing beside reading ones. */
export function missingHeads(operations: readonly Operation[]): Operation[] {
  const heads = operations.flatMap(({ method, path }) =>
    method === 'HEAD' ? [path] : [],
  );
  return operations.flatMap(({ kind, method, path }) =>
    kind === 'http' &&
    method === 'GET' &&
    path !== undefined &&
    !heads.includes(path)
      ? [httpOperation('HEAD', path)]
      : [],
  );
}

function resolve(
  input: OperationInput,
  offered: readonly Operation[],
): Operation[] {
  if (input.id !== undefined) {
    return [
      offered.find(({ id }) => id === input.id) ?? {
        kind: 'http',
        id: input.id,
        writes: true,
      },
    ];
  }
  if (input.http) {
    const { methods, paths } = input.http;
    return methods.flatMap(method =>
      paths.map(
        path =>
          offered.find(each => each.method === method && each.path === path) ??
          httpOperation(method, path),
      ),
    );
  }
  if (input.grpc) {
    const { service, methods } = input.grpc;
    const named =
      methods ??
      offered.flatMap(each =>
        each.service === service && each.rpc ? [each.rpc] : [],
      );
    return named.map(
      rpc =>
        offered.find(each => each.service === service && each.rpc === rpc) ?? {
          kind: 'grpc',
          service,
          rpc,
          writes: true,
        },
    );
  }
  const { tcp, udp, sctp } = input;
  if (tcp) return [portOperation(tcp.port, 'TCP')];
  if (udp) return [portOperation(udp.port, 'UDP')];
  return sctp ? [portOperation(sctp.port, 'SCTP')] : [];
}
