import { AccessBook } from './AccessBook';
import { ApiSide } from './ApiSide';
import { judgeApi } from './rows';
import type { CallerAccessAnswer } from './answerTypes';
import type { AccessInput, AccessRow } from './types';

/**
 * What an entity may call: the rows that APIs have of it, granted or not. Of APIs that everyone can call they are those that
 * it was granted or says it consumes; the others are named.
 *
 * @public
 */
export function accessOf(
  input: AccessInput,
  caller: string,
): CallerAccessAnswer {
  const book = AccessBook.of(input);
  const own = new Map<string, Set<string>>();
  for (const { cluster, id } of book.workloadsOf(caller))
    own.set(cluster, (own.get(cluster) ?? new Set()).add(id));
  const rows: AccessRow[] = [];
  const openToEveryone: string[] = [];
  for (const api of book.apis()) {
    const side = new ApiSide(book, api);
    const { rows: found, providers } = judgeApi(side, own);
    const mine = found.filter(
      row =>
        row.caller.ref === caller ||
        row.caller.entities.includes(caller) ||
        row.grants.some(each => each.caller === caller),
    );
    const open = new Set(
      providers
        .filter(({ everyone }) => everyone === 'can')
        .map(
          ({ provider }) => `${provider.cluster.name} ${provider.workload.id}`,
        ),
    );
    for (const row of mine) {
      const isOpen = row.places.every(({ cluster, to }) =>
        open.has(`${cluster} ${to}`),
      );
      if (row.grants.length > 0 || row.consumes || !isOpen) rows.push(row);
      else openToEveryone.push(api);
    }
  }
  return { caller, rows, openToEveryone };
}
