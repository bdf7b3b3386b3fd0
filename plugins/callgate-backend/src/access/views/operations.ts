import { grantedOperations, type Contract } from '@callgate/policy';
import type { Operation } from '@callgate/plugin-callgate-common';

export { contractOf, grantedOperations } from '@callgate/policy';

/** Operations by the labels that the core gives them: an id that the definition has is that operation, whatever it looks like. */
export function labelledOperations(
  labels: readonly string[],
  contract: Contract,
): Operation[] {
  return labels.flatMap((label): Operation[] => {
    const offered = contract.operations.find(({ id }) => id === label);
    if (offered) return [offered];
    const port = /^(TCP|UDP|SCTP) (\d+)$/.exec(label);
    if (port) {
      return [
        {
          kind: 'port',
          protocol: port[1],
          port: Number(port[2]),
          writes: true,
        },
      ];
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
  const last =
    texts.length <= 3 ? texts.slice(-1) : [`${texts.length - 2} more`];
  const first = texts.length <= 3 ? texts.slice(0, -1) : texts.slice(0, 2);
  return [first.join(', '), ...last].filter(Boolean).join(' and ');
}
