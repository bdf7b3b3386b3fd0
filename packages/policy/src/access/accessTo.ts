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
} from './answerTypes';
import type {
  AccessInput,
  AccessLayers,
  AccessPlace,
  AccessRow,
} from './types';

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
  return {
    api,
    state: stateOf(clusters),
    clusters,
    counts: countsOf(rows),
    grants,
    rows,
  };
}

function stateOf(clusters: readonly ApiInCluster[]): ApiAccessAnswer['state'] {
  const states = new Set(clusters.map(({ state }) => state));
  if (states.size === 0) return 'no-workload';
  if (states.has('unknown')) return 'unknown';
  if (states.has('open')) return states.size === 1 ? 'open' : 'partly';
  return states.has('conditional') ? 'conditional' : 'closed';
}

function clusterOf(
  side: ApiSide,
  cluster: string,
  providers: readonly JudgedProvider[],
  rows: readonly AccessRow[],
): ApiInCluster {
  const conditions = conditionsOf(rows, cluster);
  const policies = policiesOfOthers(side, providers);
  const state = stateIn(providers, conditions, policies.length > 0);
  return {
    cluster,
    state,
    providers: providers.map(({ provider, everyone }) => ({
      ...factsOf(side, provider),
      everyone,
    })),
    layers: layersIn(side, cluster, providers, state),
    counts: countsOf(rows, cluster),
    conditions,
    others: providers.flatMap(({ others }) => others),
    policies,
  };
}

function stateIn(
  providers: readonly JudgedProvider[],
  conditions: ApiInCluster['conditions'],
  others: boolean,
): ApiInCluster['state'] {
  const named = conditions.filter(({ object }) => object !== undefined);
  if (providers.some(({ everyone }) => everyone === 'can'))
    return others ? 'conditional' : 'open';
  if (providers.some(({ everyone }) => everyone === 'may'))
    return named.length > 0 && named.length === conditions.length
      ? 'conditional'
      : 'unknown';
  return others || named.length > 0 ? 'conditional' : 'closed';
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
  providers: readonly JudgedProvider[],
  state: ApiInCluster['state'],
): AccessLayers | 'unknown' {
  if (state === 'unknown') return 'unknown';
  const granted = side.edges.filter(edge => edge.cluster === cluster);
  if (granted.length > 0) return weakestOf(granted.map(each => each.layers));
  return providers.some(({ everyone }) => everyone === 'can')
    ? { kernel: 'open', identity: 'open', method: 'open' }
    : { kernel: 'enforced', identity: 'none', method: 'none' };
}

function placesIn(row: AccessRow, cluster?: string): readonly AccessPlace[] {
  return cluster === undefined
    ? row.places
    : row.places.filter(place => place.cluster === cluster);
}

/** Callers of whom something is to be said in a cluster, or anywhere. */
function countsOf(rows: readonly AccessRow[], cluster?: string): AccessCounts {
  const places = rows.map(row => placesIn(row, cluster));
  const count = (test: (place: AccessPlace) => boolean) =>
    places.filter(own => own.some(test)).length;
  const isGranted = ({ grants }: AccessPlace) => grants.length > 0;
  return {
    callers: count(
      place => place.beyondSurely || (isGranted(place) && place.surely),
    ),
    withoutGrant: count(place => place.beyondSurely && !isGranted(place)),
    moreThanGranted: count(place => place.beyondSurely && isGranted(place)),
    conditional: count(({ certainty }) => certainty === 'conditional'),
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
    for (const { conditions } of placesIn(row, cluster))
      for (const { kind, object } of conditions) {
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
): ({ cluster: string } & Omit<ApiProviderFacts, 'everyone'>)[] {
  const side = ApiSide.of(AccessBook.of(input), api);
  return side.providers.map(provider => ({
    cluster: provider.cluster.name,
    ...factsOf(side, provider),
  }));
}

function factsOf(
  { book, api }: ApiSide,
  { cluster, workload, ports: { own, ports } }: ApiProvider,
): Omit<ApiProviderFacts, 'everyone'> {
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
