import { grantedOperations, inOrderOf } from '../access/operations';
import type { AccessOperation } from '../access/types';
import { methodWrites } from '../contract/methodWrites';
import type { Contract } from '../contract/types';
import { withoutBasePath } from '../model/pathPattern';
import { resolveOperation } from '../plan/resolveOperation';
import type { ChangedItems } from './compareEdges';
import { ANY_METHOD, type EdgeItem, itemsOf } from './edgeItems';

/**
 * What changed edges of one API let a caller do. A whole edge does what its grant names; a part of one is what the
 * definition offers for exactly that, where it does, because the names of the grant would claim more.
 */
export function callsOf(
  changes: readonly ChangedItems[],
  contract: Contract,
): AccessOperation[] {
  const offered = changes.every(({ whole }) => whole)
    ? new Map<string, AccessOperation>()
    : offeredByItem(contract);
  const calls = changes.flatMap(({ edge, items, whole }) =>
    whole
      ? grantedOperations(edge.granted, contract)
      : items.map(
          item =>
            offered.get(item.text) ??
            asWritten(item, edge, contract.basePath ?? ''),
        ),
  );
  const sorted = [...new Map(calls.map(call => [keyOf(call), call]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, call]) => call);
  return inOrderOf(contract, sorted);
}

function offeredByItem(contract: Contract): Map<string, AccessOperation> {
  return new Map(
    contract.operations.flatMap((operation): [string, AccessOperation][] => {
      const resolved = resolveOperation({ id: operation.id }, contract);
      if ('problem' in resolved || !resolved.http) return [];
      const items = itemsOf({ http: [resolved.http] });
      return items.length === 1 ? [[items[0].text, operation]] : [];
    }),
  );
}

function asWritten(
  { http }: EdgeItem,
  { protocol, port }: ChangedItems['edge'],
  basePath: string,
): AccessOperation {
  if (!http) return { kind: 'port', protocol, port, writes: true };
  const method = http.method === ANY_METHOD ? '*' : http.method;
  return {
    kind: 'http',
    method,
    path: withoutBasePath(basePath, http.path),
    writes: methodWrites(method),
  };
}

function keyOf(call: AccessOperation): string {
  const { service, rpc, path, method, protocol, port, id } = call;
  return JSON.stringify([id, service, rpc, path, method, protocol, port]);
}
