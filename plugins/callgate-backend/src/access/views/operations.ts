import {
  grantedOperations,
  inOrderOf,
  methodWrites,
  shortService,
  type Contract,
  type EdgeSummary,
} from '@callgate/policy';
import type { Operation } from '@callgate/plugin-callgate-common';

export { contractOf, grantedOperations } from '@callgate/policy';

/**
 * What an edge of a meaning lets its caller do. Meanings that were stored before they had `calls` have labels alone: one
 * that is an id of the definition is that operation, and any other stays what it is, words that may mean anything.
 */
export function callsOf(
  { calls, operations }: Pick<EdgeSummary, 'calls' | 'operations'>,
  contract: Contract,
): Operation[] {
  return calls
    ? inOrderOf(contract, calls).map(call => ({ ...call }))
    : grantedOperations(
        operations.map(id => ({ id })),
        contract,
      );
}

/** Methods that OpenAPI has operations of, and what an operation of each does that no definition tells of. */
export function methodsByHand(): Operation[] {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map(
    method => ({ kind: 'http', method, writes: methodWrites(method) }),
  );
}

/** One operation in a sentence. */
export function operationText(operation: Operation): string {
  if (operation.kind === 'port') {
    return operation.port === undefined
      ? 'everything'
      : `${operation.protocol ?? 'TCP'} ${operation.port}`;
  }
  if (operation.kind === 'grpc') {
    return `${shortService(operation.service)}/${operation.rpc}`;
  }
  return operation.path
    ? `${operation.method} ${operation.path}`
    : operation.id ?? '';
}

/** Operations in a sentence: all of them up to three, otherwise how many. */
export function operationsText(operations: readonly Operation[]): string {
  const texts = operations.map(operationText);
  const last =
    texts.length <= 3 ? texts.slice(-1) : [`${texts.length - 2} more`];
  const first = texts.length <= 3 ? texts.slice(0, -1) : texts.slice(0, 2);
  return [first.join(', '), ...last].filter(Boolean).join(' and ');
}
