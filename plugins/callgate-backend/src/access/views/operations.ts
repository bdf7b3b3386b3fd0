import {
  parsePathPattern,
  pathPatternKey,
  type Contract,
} from '@callgate/policy';
import type {
  Operation,
  OperationInput,
} from '@callgate/plugin-callgate-common';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

export { contractOf } from '@callgate/policy';

/** Every operation that an API offers. */
export function offeredOperations(contract: Contract): Operation[] {
  return contract.operations.map(
    ({
      id,
      kind,
      method,
      path,
      service,
      rpc,
      tag,
      summary,
      deprecated,
      writes,
    }) => ({
      id,
      kind,
      method,
      path,
      service,
      rpc,
      tag,
      summary,
      deprecated,
      writes,
    }),
  );
}

/** Operations of a grant or request, with what the definition says of them. */
export function grantedOperations(
  inputs: readonly OperationInput[],
  contract: Contract,
): Operation[] {
  const offered = offeredOperations(contract);
  return inputs.flatMap(input => {
    if (input.id !== undefined) {
      // Unknown ids stay visible: a finding says what is wrong with them.
      return [
        offered.find(({ id }) => id === input.id) ?? {
          id: input.id,
          kind: 'http' as const,
          writes: true,
        },
      ];
    }
    if (input.http) {
      const { methods, paths } = input.http;
      return methods.flatMap(method =>
        paths.map(
          path =>
            offered.find(
              each => each.method === method && samePath(each.path, path),
            ) ?? httpOperation(method, path),
        ),
      );
    }
    if (input.grpc) {
      const { service, methods } = input.grpc;
      const named =
        methods ??
        offered
          .filter(each => each.service === service)
          .map(each => each.rpc ?? '');
      return named.map(
        rpc =>
          offered.find(
            each => each.service === service && each.rpc === rpc,
          ) ?? { kind: 'grpc' as const, service, rpc, writes: true },
      );
    }
    const [protocol, named] = portOf(input);
    return [
      { kind: 'port' as const, port: named?.port, protocol, writes: true },
    ];
  });
}

/** The port that is granted as a whole, with its protocol. */
function portOf({ tcp, udp, sctp }: OperationInput) {
  if (udp) return ['UDP', udp] as const;
  return sctp ? (['SCTP', sctp] as const) : (['TCP', tcp] as const);
}

/** Operations by the labels that the core gives them. */
export function labelledOperations(
  labels: readonly string[],
  contract: Contract,
): Operation[] {
  return labels.flatMap(label => {
    const port = /^(TCP|UDP|SCTP) (\d+)$/.exec(label);
    if (port) {
      return grantedOperations(
        [{ [port[1].toLowerCase()]: { port: Number(port[2]) } }],
        contract,
      );
    }
    const http = /^([A-Z*,]+) (\/.*)$/.exec(label);
    if (http) {
      return grantedOperations(
        [{ http: { methods: http[1].split(','), paths: http[2].split(' ') } }],
        contract,
      );
    }
    const grpc = /^([^/{}]+)\/\{(.+)\}$/.exec(label);
    if (grpc) {
      return grantedOperations(
        [{ grpc: { service: grpc[1], methods: grpc[2].split(',') } }],
        contract,
      );
    }
    return grantedOperations([{ id: label }], contract);
  });
}

/** One operation in a sentence. */
export function operationText(operation: Operation): string {
  if (operation.kind === 'port') {
    return operation.port === undefined
      ? 'everything'
      : `${operation.protocol ?? 'TCP'} ${operation.port}`;
  }
  if (operation.kind === 'grpc') {
    return `${operation.service?.split('.').pop()}/${operation.rpc}`;
  }
  return operation.path
    ? `${operation.method} ${operation.path}`
    : operation.id ?? '';
}

/** Operations in a sentence: all of them up to three, otherwise how many. */
export function operationsText(operations: readonly Operation[]): string {
  const texts = operations.map(operationText);
  return texts.length <= 3
    ? texts.join(', ').replace(/, ([^,]*)$/, ' and $1')
    : `${texts.slice(0, 2).join(', ')} and ${texts.length - 2} more`;
}

function httpOperation(method: string, path: string): Operation {
  return { kind: 'http', method, path, writes: !READING.has(method) };
}

function samePath(a: string | undefined, b: string): boolean {
  const [left, right] = [parsePathPattern(a ?? ''), parsePathPattern(b)];
  return (
    'pattern' in left &&
    'pattern' in right &&
    pathPatternKey(left.pattern) === pathPatternKey(right.pattern)
  );
}
