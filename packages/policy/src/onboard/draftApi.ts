import { accessTo } from '../access/accessTo';
import type { ApiAccessAnswer } from '../access/answerTypes';
import type { ApiSide } from '../access/ApiSide';
import type { Cluster } from '../estate/types';
import { waypointsOf } from '../estate/waypointLookup';
import type { Bindings } from '../plan/claims/Bindings';
import { Drafting } from './Drafting';
import { type ApiDraft, placeKey } from './draftTypes';
import { leftOutFirst } from './leftOutFirst';
import type { LeftOut, ProposedCaller } from './types';

/** Works out what an AccessPolicy of an API would have to say for its access to stay what it is. */
export function draftApi(
  side: ApiSide,
  clusters: readonly Cluster[],
  bindings: Bindings,
): ApiDraft {
  const keysOf = (ids: readonly { cluster: string; id: string }[]) =>
    new Set(ids.map(({ cluster, id }) => placeKey(cluster, id)));
  const base = {
    api: side.api,
    grants: [],
    kept: [],
    proposed: [],
    openIn: [],
    callers: new Set<string>(),
    providers: keysOf(side.providers.map(({ workload }) => workload)),
    waypoints: keysOf(
      side.providers.flatMap(({ cluster, workload }) =>
        waypointsOf(cluster, workload).map(each => ({
          cluster: cluster.name,
          id: each.workload ?? '',
        })),
      ),
    ),
  };
  const first = leftOutFirst(side, clusters, bindings);
  if (first) return { ...base, state: 'left-out', leftOut: first };
  const answer = accessTo(side.book.input, side.api);
  const unknown = notKnown(answer);
  if (unknown) return { ...base, state: 'left-out', leftOut: unknown };
  const closed = new Set(
    answer.clusters
      .filter(({ everyone }) => everyone === 'cannot')
      .map(({ cluster }) => cluster),
  );
  const openIn = answer.clusters
    .filter(({ everyone }) => everyone === 'can')
    .map(({ cluster }) => cluster);
  if (closed.size === 0)
    return {
      ...base,
      state: 'open',
      openIn,
      proposed: proposedFor(side, answer, []),
    };
  const { grants, kept, callers } = new Drafting(side, bindings, closed).all(
    answer.rows,
  );
  return {
    ...base,
    state: 'draft',
    grants,
    kept,
    callers,
    openIn,
    proposed: proposedFor(
      side,
      answer,
      grants.map(({ caller }) => caller),
    ),
  };
}

/** Whoever may call only perhaps is never taken for somebody who may. */
function notKnown({
  state,
  clusters,
  rows,
}: ApiAccessAnswer): LeftOut | undefined {
  const places = rows
    .flatMap(row => row.places)
    .filter(({ certainty }) => certainty !== 'sure');
  if (state !== 'unknown' && state !== 'conditional' && places.length === 0)
    return undefined;
  const conditions = new Map(
    [
      ...clusters.flatMap(each => each.conditions),
      ...places.flatMap(each => each.conditions),
    ].map(({ kind, object }) => [
      `${kind} ${object ?? ''}`,
      { kind, ...(object !== undefined && { object }) },
    ]),
  );
  return {
    reason: 'not-known',
    conditions: [...conditions]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, condition]) => condition),
    policies: clusters.flatMap(each => each.policies),
  };
}

function proposedFor(
  side: ApiSide,
  { rows }: ApiAccessAnswer,
  granted: readonly string[],
): ProposedCaller[] {
  return [...side.consumers]
    .filter(ref => !granted.includes(ref))
    .sort()
    .map(ref => ({
      caller: ref,
      canCall: rows.some(
        ({ caller, places }) =>
          caller.entities.includes(ref) && places.some(each => each.surely),
      ),
    }));
}
