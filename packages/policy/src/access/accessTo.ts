import { mergeOthers } from '../others/mergeOthers';
import { othersInto, othersTouching } from '../others/touchedBy';
import { AccessBook } from './AccessBook';
import { type ApiProvider, ApiSide } from './ApiSide';
import { weakestOf } from './layers';
import { judgeApi, type JudgedProvider } from './rows';
import type {
  AccessCounts,
  ApiAccessAnswer,
  ApiInCluster,
  ApiProviderFacts,
  Doors,
} from './answerTypes';
import type { GrantAccess } from './grantTypes';
import type {
  AccessInput,
  AccessLayers,
  AccessPlace,
  AccessRow,
} from './types';

type IsGranted = (row: AccessRow, place: AccessPlace) => boolean;

/** Who has a grant somewhere can do more than that anywhere else. */
const ofRow: IsGranted = ({ grants }) => grants.length > 0;

/** In one cluster what counts is what was granted there. */
const ofPlace: IsGranted = (_, { grants }) => grants.length > 0;

/**
 * Who can call an API: one row for each caller with what it was granted and what it can do, over every port and protocol of
 * the API and every workload that provides it.
 *
 * @public
 */
export function accessTo(input: AccessInput, api: string): ApiAccessAnswer {
  const side = ApiSide.of(AccessBook.of(input), api);
  const { rows, providers, grants } = judgeApi(side);
  const names = [
    ...new Set(providers.map(({ provider }) => provider.cluster.name)),
  ].sort();
  const clusters = names.map(name =>
    clusterOf(
      side,
      name,
      providers.filter(({ provider }) => provider.cluster.name === name),
      rows,
    ),
  );
  const closed = new Set(
    clusters
      .filter(({ everyone }) => everyone !== 'can')
      .map(({ cluster }) => cluster),
  );
  return {
    api,
    state: stateOf(side, clusters, grants),
    outside: side.isOutside,
    clusters,
    counts: countsOf(rows),
    // No cluster has an API at addresses, and its callers are in those that were read.
    inside: countsOf(rows, clusters.length > 0 ? closed : undefined),
    firstGrantCloses: firstGrantCloses(providers, grants),
    grants,
    rows,
  };
}

function stateOf(
  side: ApiSide,
  clusters: readonly ApiInCluster[],
  grants: readonly GrantAccess[],
): ApiAccessAnswer['state'] {
  const states = new Set(clusters.map(({ state }) => state));
  if (states.size === 0)
    return side.isOutside ||
      grants.some(({ standing }) => standing === 'unsupported')
      ? 'unknown'
      : 'no-workload';
  if (states.has('unknown')) return 'unknown';
  if (states.has('conditional')) return 'conditional';
  if (states.has('open')) return states.size === 1 ? 'open' : 'partly';
  return 'closed';
}

function clusterOf(
  side: ApiSide,
  cluster: string,
  providers: readonly JudgedProvider[],
  rows: readonly AccessRow[],
): ApiInCluster {
  const conditions = conditionsOf(rows, cluster);
  const policies = policiesOfOthers(side, providers);
  const everyone = worstOf(providers);
  const counts = countsOf(rows, new Set([cluster]), ofPlace);
  const state = stateIn(everyone, conditions, policies.length > 0, counts);
  return {
    cluster,
    state,
    everyone,
    providers: providers.map(({ provider, doors }) => ({
      ...factsOf(side, provider),
      doors,
    })),
    layers: layersIn(side, cluster, everyone, state),
    counts,
    conditions,
    others: providers.flatMap(({ others }) => others),
    policies,
  };
}

function worstOf(providers: readonly JudgedProvider[]): Doors['everyone'] {
  const all = new Set(providers.map(({ doors }) => doors.everyone));
  if (all.has('can')) return 'can';
  return all.has('may') ? 'may' : 'cannot';
}

function stateIn(
  everyone: Doors['everyone'],
  conditions: ApiInCluster['conditions'],
  others: boolean,
  { perhaps }: AccessCounts,
): ApiInCluster['state'] {
  const named = conditions.some(({ object }) => object !== undefined);
  if (everyone === 'can') return others ? 'conditional' : 'open';
  if (everyone === 'may') return 'unknown';
  return others || named || perhaps > 0 ? 'conditional' : 'closed';
}

/** What closes an API is its first grant, unless somebody else opens it by hand or no policy can select what provides it. */
function firstGrantCloses(
  providers: readonly JudgedProvider[],
  grants: readonly GrantAccess[],
): boolean {
  return (
    grants.length === 0 &&
    providers.length > 0 &&
    providers.every(
      ({ provider, doors: { everyone, entirely, openedBy } }) =>
        everyone === 'can' &&
        entirely &&
        openedBy.length === 0 &&
        !provider.workload.hostNetwork,
    )
  );
}

function policiesOfOthers(
  { edges }: ApiSide,
  providers: readonly JudgedProvider[],
): ApiInCluster['policies'] {
  return mergeOthers(
    providers.flatMap(({ provider: { cluster, workload, ports } }) => [
      ...othersInto(cluster, workload.id, ports.requests),
      ...othersTouching(
        cluster,
        edges.flatMap(edge => (edge.to.id === workload.id ? [{ edge }] : [])),
      ),
    ]),
  );
}

/** The weakest of what was granted; without any grant, of what closes it. */
function layersIn(
  side: ApiSide,
  cluster: string,
  everyone: Doors['everyone'],
  state: ApiInCluster['state'],
): AccessLayers | 'unknown' {
  if (state === 'unknown') return 'unknown';
  const granted = side.edges.filter(edge => edge.cluster === cluster);
  if (granted.length > 0) return weakestOf(granted.map(each => each.layers));
  return everyone === 'can'
    ? { kernel: 'open', identity: 'open', method: 'open' }
    : { kernel: 'enforced', identity: 'none', method: 'none' };
}

/** Callers of whom something is to be said in some clusters, or anywhere. */
function countsOf(
  rows: readonly AccessRow[],
  clusters?: ReadonlySet<string>,
  isGranted: IsGranted = ofRow,
): AccessCounts {
  const count = (test: (row: AccessRow, places: AccessPlace[]) => boolean) =>
    rows.filter(row =>
      test(
        row,
        row.places.filter(({ cluster }) => clusters?.has(cluster) ?? true),
      ),
    ).length;
  const able = (places: readonly AccessPlace[]) =>
    places.some(
      place => place.beyondSurely || (place.grants.length > 0 && place.surely),
    );
  const beyond = (row: AccessRow, places: AccessPlace[], granted: boolean) =>
    places.some(
      place => place.beyondSurely && isGranted(row, place) === granted,
    );
  return {
    callers: count((_, places) => able(places)),
    withoutGrant: count((row, places) => beyond(row, places, false)),
    moreThanGranted: count((row, places) => beyond(row, places, true)),
    conditional: count((_, places) =>
      places.some(({ certainty }) => certainty === 'conditional'),
    ),
    perhaps: count(
      (_, places) =>
        !able(places) &&
        places.some(
          ({ certainty, requests }) =>
            certainty !== 'sure' && !requests.isEmpty,
        ),
    ),
  };
}

function conditionsOf(
  rows: readonly AccessRow[],
  cluster: string,
): ApiInCluster['conditions'] {
  const found = new Map<
    string,
    {
      kind: ApiInCluster['conditions'][number]['kind'];
      object?: string;
      of: Set<string>;
    }
  >();
  for (const row of rows)
    for (const { conditions, cluster: name } of row.places)
      for (const { kind, object } of name === cluster ? conditions : []) {
        const key = `${kind} ${object ?? ''}`;
        const known = found.get(key);
        if (known) known.of.add(row.caller.ref);
        else
          found.set(key, {
            kind,
            ...(object !== undefined && { object }),
            of: new Set([row.caller.ref]),
          });
      }
  return [...found.values()].map(({ of, ...condition }) => ({
    ...condition,
    callers: of.size,
  }));
}

/**
 * The workloads that provide an API, with the ports of each that are the API's and the objects that are about it.
 *
 * @public
 */
export function apiProviders(
  input: AccessInput,
  api: string,
): ({ cluster: string } & Omit<ApiProviderFacts, 'doors'>)[] {
  const side = ApiSide.of(AccessBook.of(input), api);
  return side.providers.map(provider => ({
    cluster: provider.cluster.name,
    ...factsOf(side, provider),
  }));
}

function factsOf(
  { book, api }: ApiSide,
  { cluster, workload, ports: { own, ports } }: ApiProvider,
): Omit<ApiProviderFacts, 'doors'> {
  return {
    workload: workload.id,
    ports,
    ...(own && { own }),
    objects: book
      .objectsFor(api, cluster, workload)
      .map(({ object: { kind, metadata } }) => ({
        kind,
        ...(metadata.namespace !== undefined && {
          namespace: metadata.namespace,
        }),
        name: metadata.name,
      })),
  };
}
