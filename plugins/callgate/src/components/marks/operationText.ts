import type {
  Operation,
  OperationInput,
} from '@callgate/plugin-callgate-common';

/** The two halves of an operation: what is done, and to what. */
export function operationParts(operation: Operation): {
  verb: string;
  object: string;
} {
  switch (operation.kind) {
    case 'grpc':
      return {
        verb: 'gRPC',
        object: [operation.service?.split('.').pop(), operation.rpc]
          .filter(Boolean)
          .join('/'),
      };
    case 'port':
      // The one operation of an API without methods: all of it, on whichever port the API is served.
      return operation.port === undefined
        ? { verb: '', object: 'everything' }
        : {
            verb: operation.protocol ?? 'TCP',
            object: String(operation.port),
          };
    default:
      return operation.path
        ? { verb: operation.method ?? '', object: operation.path }
        : { verb: '', object: operation.id ?? '' };
  }
}

/** `GET /orders/{id}`, `gRPC Orders/Get`, `TCP 5432`. */
export function operationText(operation: Operation): string {
  const { verb, object } = operationParts(operation);
  return [verb, object].filter(Boolean).join(' ');
}

/** Distinguishes operations of one list; two that read alike are one. */
export function operationKey(operation: Operation): string {
  return operation.kind === 'grpc'
    ? `gRPC ${operation.service}/${operation.rpc}`
    : operationText(operation);
}

/** An operation as a request writes it: by its id where the definition gives it one. */
export function operationInput(operation: Operation): OperationInput {
  if (operation.kind === 'grpc') {
    return {
      grpc: {
        service: operation.service ?? '',
        ...(operation.rpc && { methods: [operation.rpc] }),
      },
    };
  }
  if (operation.kind === 'port' && operation.port !== undefined) {
    const port = { port: operation.port };
    if (operation.protocol === 'UDP') return { udp: port };
    return operation.protocol === 'SCTP' ? { sctp: port } : { tcp: port };
  }
  if (operation.id) {
    return { id: operation.id };
  }
  return {
    http: {
      methods: [operation.method ?? ''],
      paths: [operation.path ?? ''],
    },
  };
}

/** Operations of several lists, each once. */
export function uniqueOperations(
  lists: readonly { operations: readonly Operation[] }[],
): Operation[] {
  return [
    ...new Map(
      lists
        .flatMap(({ operations }) => operations)
        .map(operation => [operationKey(operation), operation]),
    ).values(),
  ];
}
