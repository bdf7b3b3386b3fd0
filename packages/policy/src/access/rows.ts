import type { EffectivePair } from '../verify/EffectiveAccessIndex';
import type { ApiProvider, ApiSide } from './ApiSide';
import { cannotBeGranted } from './cannotBeGranted';
import { doorsOf } from './everyone';
import { grantsOf } from './grants';
import { outsidePlaces } from './outsidePlaces';
import { judgePair } from './placeOf';
import type { Doors, OtherAccess } from './answerTypes';
import type { GrantAccess } from './grantTypes';
import type { AccessCaller, AccessPlace, AccessRow } from './types';

/** A provider with everyone who may call it. */
export interface JudgedProvider {
  provider: ApiProvider;
  doors: Doors;
  others: readonly OtherAccess[];
}

/** Rows of an API, and what makes nobody a caller. */
export interface JudgedApi {
  grants: GrantAccess[];
  rows: AccessRow[];
  providers: JudgedProvider[];
}

interface Draft {
  caller: AccessCaller;
  grants: Set<GrantAccess>;
  places: AccessPlace[];
}

/**
 * Who can call an API, and who was granted it.
 *
 * @param only - callers that the question is about, by cluster; absent: everyone
 */
export function judgeApi(
  side: ApiSide,
  only?: ReadonlyMap<string, ReadonlySet<string>>,
): JudgedApi {
  const drafts = new Map<string, Draft>();
  const draftOf = (caller: AccessCaller): Draft => {
    const known = drafts.get(caller.ref);
    if (known) {
      known.caller = withEntities(known.caller, caller.entities);
      return known;
    }
    const made = { caller, grants: new Set<GrantAccess>(), places: [] };
    drafts.set(caller.ref, made);
    return made;
  };
  const grants = grantsOf(side);
  for (const each of grants) {
    const callers = new Set(each.pairs.map(({ caller }) => caller));
    // A grant that stands for nobody is still there to be seen.
    for (const ref of callers.size > 0 ? callers : [each.caller])
      draftOf(grantedCaller(ref)).grants.add(each);
  }
  const providers = side.providers.map(provider => {
    const pairs = pairsInto(side, provider, only);
    const doors = doorsOf(
      side,
      provider,
      isDecidedBy(pairs, only) ? pairs : pairsInto(side, provider),
    );
    const others: OtherAccess[] = [];
    for (const pair of pairs) {
      const judged = judgePair(side, provider, pair, doors.everyone);
      if (!judged) continue;
      if ('other' in judged) {
        others.push(judged.other);
        continue;
      }
      const callers = new Set(judged.edges.map(({ caller }) => caller));
      const entities = side.book.entitiesOf(provider.cluster.name, pair.from);
      if (callers.size === 0)
        draftOf(strangerOf(provider, pair, entities)).places.push(judged.place);
      for (const ref of callers)
        draftOf({ ...grantedCaller(ref), entities }).places.push(judged.place);
    }
    return { provider, doors, others };
  });
  for (const { ref, place } of outsidePlaces(side, grants, only))
    draftOf(grantedCaller(ref)).places.push(place);
  const rows = [...drafts.values()]
    .map(draft => rowOf(side, draft))
    .sort((a, b) => (a.caller.ref < b.caller.ref ? -1 : 1));
  return { grants, rows, providers };
}

/** Whether the pairs of some callers say what holds for everyone: somebody who may be able to call says nothing. */
function isDecidedBy(pairs: readonly EffectivePair[], only?: object): boolean {
  return !only || pairs.every(({ conditions }) => conditions.length === 0);
}

/** Every way into a provider, and those that were granted and are not there. */
function pairsInto(
  side: ApiSide,
  { cluster, workload }: ApiProvider,
  only?: ReadonlyMap<string, ReadonlySet<string>>,
): EffectivePair[] {
  const index = side.book.effective(cluster);
  if (only) {
    const from = [...(only.get(cluster.name) ?? [])];
    return from.map(id => index.pair(id, workload.id));
  }
  const pairs = index.into(workload.id);
  const present = new Set(pairs.map(({ from }) => from));
  const granted = side.edges
    .filter(
      ({ cluster: name, from, to }) =>
        name === cluster.name &&
        to.id === workload.id &&
        from.kind === 'workload',
    )
    .map(({ from }) => from.id);
  const absent = [...new Set(granted)].filter(id => !present.has(id));
  return [...pairs, ...absent.map(id => index.pair(id, workload.id))];
}

function grantedCaller(ref: string): AccessCaller {
  const kind = ref.slice(0, ref.indexOf(':'));
  if (kind === 'cidr')
    return {
      class: 'addresses',
      ref,
      entities: [],
      cidrs: [ref.slice(kind.length + 1)],
    };
  if (kind === 'gateway') return { class: 'gateway', ref, entities: [] };
  return { class: 'entity', ref, entities: ref === 'self' ? [] : [ref] };
}

function strangerOf(
  { cluster }: ApiProvider,
  { from, outside }: EffectivePair,
  entities: readonly string[],
): AccessCaller {
  if (outside)
    return {
      class: 'addresses',
      ref: `cidr:${outside.cidrs.join(',')}`,
      entities: [],
      cidrs: outside.cidrs,
    };
  return entities.length > 0
    ? { class: 'entity', ref: entities[0], entities }
    : { class: 'workload', ref: `workload:${cluster.name}/${from}`, entities };
}

function withEntities(
  caller: AccessCaller,
  more: readonly string[],
): AccessCaller {
  return {
    ...caller,
    entities: [...new Set([...caller.entities, ...more])].sort(),
  };
}

const WORST = ['unknown', 'conditional', 'sure'] as const;

function rowOf(side: ApiSide, { caller, grants, places }: Draft): AccessRow {
  const { api, consumers } = side;
  const certainty =
    WORST.find(each => places.some(place => place.certainty === each)) ??
    'sure';
  const consumes = [caller.ref, ...caller.entities].some(ref =>
    consumers.has(ref),
  );
  const error = cannotBeGranted(side, caller, places);
  return {
    api,
    caller,
    consumes,
    ...(error && { cannotBeGranted: error }),
    grants: [...grants],
    places,
    certainty,
    compared: compare(grants, places),
  };
}

function compare(
  grants: ReadonlySet<GrantAccess>,
  places: readonly AccessPlace[],
): AccessRow['compared'] {
  if (grants.size === 0) return 'none';
  if (places.some(({ beyond }) => !beyond.isEmpty)) return 'more';
  return [...grants].some(
    ({ standing }) => standing === 'effective' || standing === 'unheld',
  )
    ? 'granted'
    : 'declared';
}
