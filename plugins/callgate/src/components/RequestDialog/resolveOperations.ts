import type {
  Operation,
  OperationInput,
} from '@callgate/plugin-callgate-common';

/** Operations that a request names, with what the definition says of them; unknown ones stay as they are written. */
export function resolveOperations(
  inputs: readonly OperationInput[],
  offered: readonly Operation[],
  methods: readonly Operation[] = [],
): Operation[] {
  return inputs.flatMap(input => resolve(input, offered, methods));
}

/**
 * An operation written by hand.
 *
 * @param methods - what the backend says of each method; one of which it says nothing may write
 */
export function httpOperation(
  method: string,
  path: string,
  methods: readonly Operation[],
): Operation {
  const writes = methods.find(each => each.method === method)?.writes ?? true;
  return { kind: 'http', method, path, writes };
}

/** A whole port: every method of whatever listens there. */
export function portOperation(port: number, protocol: string): Operation {
  return { kind: 'port', port, protocol, writes: true };
}

/** The HEAD operations that are missing beside reading ones: each does what GET does, without an answer. */
export function missingHeads(operations: readonly Operation[]): Operation[] {
  const heads = operations.flatMap(({ method, path }) =>
    method === 'HEAD' ? [path] : [],
  );
  return operations.flatMap((operation): Operation[] => {
    const { kind, method, path, writes } = operation;
    return kind === 'http' &&
      method === 'GET' &&
      path !== undefined &&
      !heads.includes(path)
      ? [{ kind, method: 'HEAD', path, writes }]
      : [];
  });
}

function resolve(
  input: OperationInput,
  offered: readonly Operation[],
  methods: readonly Operation[],
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
    const { methods: named, paths } = input.http;
    return named.flatMap(method =>
      paths.map(
        path =>
          offered.find(each => each.method === method && each.path === path) ??
          httpOperation(method, path, methods),
      ),
    );
  }
  if (input.grpc) {
    const { service, methods: rpcs } = input.grpc;
    const named =
      rpcs ??
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
