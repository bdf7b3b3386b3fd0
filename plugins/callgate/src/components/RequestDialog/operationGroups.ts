import type { Operation } from '@callgate/plugin-callgate-common';
import { operationKey, operationParts } from '../marks';

/** Operations under one tag of the definition, or of one gRPC service. */
export interface OperationGroup {
  name: string;
  operations: Operation[];
}

/** Operations by tag or service, in the order of the definition; those without either come last, without a name. */
export function groupOperations(
  operations: readonly Operation[],
): OperationGroup[] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const name = operation.tag ?? operation.service ?? '';
    groups.set(name, [...(groups.get(name) ?? []), operation]);
  }
  return [...groups]
    .map(([name, of]) => ({ name, operations: of }))
    .sort((a, b) => Number(a.name === '') - Number(b.name === ''));
}

/** Operations that have every word of the text in their method, path, id or summary. */
export function searchOperations(
  operations: readonly Operation[],
  text: string,
): Operation[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter(operation => {
    const { verb, object } = operationParts(operation);
    const content = [
      verb,
      object,
      operation.id,
      operation.summary,
      operation.service,
    ]
      .join(' ')
      .toLocaleLowerCase();
    return words.every(word => content.includes(word));
  });
}

/** What "all GET" of a group means today: its reading HTTP operations, or every method of its gRPC service. */
export function allOf(
  group: OperationGroup,
): { verb: string; operations: Operation[] } | undefined {
  const verb = group.operations.some(({ kind }) => kind === 'grpc')
    ? 'gRPC'
    : 'GET';
  const operations = group.operations.filter(
    each => operationParts(each).verb === verb,
  );
  return operations.length > 1 ? { verb, operations } : undefined;
}

/** Whether all that "all GET" of some group means today is picked. */
export function hasAllOf(
  groups: readonly OperationGroup[],
  picked: readonly Operation[],
): boolean {
  const keys = new Set(picked.map(operationKey));
  return groups.some(group =>
    allOf(group)?.operations.every(each => keys.has(operationKey(each))),
  );
}

/** Whether an operation is in a list. */
export function includes(
  list: readonly Operation[],
  operation: Operation,
): boolean {
  const key = operationKey(operation);
  return list.some(each => operationKey(each) === key);
}

/** A list with an operation in it, or without it. */
export function toggle(
  list: readonly Operation[],
  operation: Operation,
): Operation[] {
  const key = operationKey(operation);
  return includes(list, operation)
    ? list.filter(each => operationKey(each) !== key)
    : [...list, operation];
}

/** A list with others in it; if it has them all, without them. */
export function toggleAll(
  list: readonly Operation[],
  others: readonly Operation[],
): Operation[] {
  const missing = others.filter(each => !includes(list, each));
  return missing.length > 0
    ? [...list, ...missing]
    : list.filter(each => !includes(others, each));
}
