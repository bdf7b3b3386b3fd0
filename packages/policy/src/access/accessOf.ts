import { mergeOthers } from '../others/mergeOthers';
import { othersBetween } from '../others/touchedBy';
import type { PolicyOfOthers } from '../others/types';
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
  const openToEveryone: AccessRow[] = [];
  const policies: PolicyOfOthers[] = [];
  for (const api of book.apis()) {
    const side = ApiSide.of(book, api);
    if (!concerns(side, caller, own)) continue;
    const mine = judgeApi(side, own).rows.filter(
      row =>
        row.caller.ref === caller ||
        row.caller.entities.includes(caller) ||
        row.grants.some(each => each.caller === caller),
    );
    for (const row of mine) {
      const isOpen = row.places.every(({ everyone }) => everyone === 'can');
      if (row.grants.length > 0 || row.consumes || !isOpen) rows.push(row);
      else openToEveryone.push(row);
    }
    policies.push(...othersOn(side, mine));
  }
  return {
    caller,
    consumes: book.consumedBy(caller),
    rows,
    openToEveryone,
    policies: mergeOthers(policies),
  };
}

/** What may decide otherwise about what is in some rows: at the providers, and where the caller sends. */
function othersOn(
  { providers }: ApiSide,
  rows: readonly AccessRow[],
): PolicyOfOthers[] {
  const places = rows.flatMap(row => row.places);
  return providers.flatMap(({ cluster, workload, ports }) =>
    places
      .filter(
        place => place.cluster === cluster.name && place.to === workload.id,
      )
      .flatMap(({ from, to }) =>
        othersBetween(cluster, from, to, ports.requests),
      ),
  );
}

/** Whether anything may come of asking: most APIs neither name the caller nor let it in. */
function concerns(
  side: ApiSide,
  caller: string,
  own: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const { book, api } = side;
  const policy = book.policyOf(api);
  return (
    side.edges.some(edge => edge.caller === caller) ||
    (side.isOutside && side.consumers.has(caller)) ||
    policy?.spec.grants.some(
      grant => book.callerOf(policy, grant.caller) === caller,
    ) === true ||
    side.providers.some(({ cluster, workload }) =>
      [...(own.get(cluster.name) ?? [])].some(
        id => !book.effective(cluster).pair(id, workload.id).possible.isEmpty,
      ),
    )
  );
}
