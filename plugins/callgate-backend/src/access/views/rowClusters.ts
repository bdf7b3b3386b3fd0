import {
  weakestOf,
  type AccessLayers,
  type AccessPlace,
  type AccessRow,
} from '@callgate/policy';
import type { EdgeCluster, Layers } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';
import type { Discretion } from './Discretion';

/** One end of each kind in one cluster, with how far layers hold; without them that is not known. */
interface Stretch {
  cluster: string;
  from: string;
  to: string;
  layers?: AccessLayers;
}

const UNKNOWN: Layers = {
  kernel: 'unknown',
  identity: 'unknown',
  method: 'unknown',
};

/**
 * How far layers hold for a caller in each cluster: the weakest of what it was granted and of what it can do. A layer that
 * lets it do more than that does not hold.
 */
export function clustersOfRow(
  facts: AccessFacts,
  row: AccessRow,
  places: readonly AccessPlace[],
  discretion: Discretion,
): EdgeCluster[] {
  const { api, caller, grants } = row;
  const pairs = grants
    .flatMap(grant => grant.pairs)
    .filter(pair => pair.caller === caller.ref);
  const stretches: Stretch[] = [
    ...places.map(({ kept, layers, ...place }) => ({
      ...place,
      // What is kept for a grant with an error was not judged.
      ...(!(kept && place.beyond.isEmpty) && { layers }),
    })),
    ...pairs.filter(
      pair =>
        !places.some(
          ({ cluster, from, to }) =>
            cluster === pair.cluster && from === pair.from && to === pair.to,
        ),
    ),
  ];
  const names = [...new Set(stretches.map(({ cluster }) => cluster))].sort();
  return [
    ...names.map(cluster => {
      const here = stretches.filter(each => each.cluster === cluster);
      const last = pairs.filter(each => each.cluster === cluster).at(-1);
      return {
        cluster,
        layers: layersOf(here),
        from: sorted(here.map(({ from }) => from)),
        to: sorted(here.map(({ to }) => to)),
        ...(last && {
          port: last.port,
          protocol: last.protocol,
          objects: objectsOf(facts, api, cluster, here),
        }),
      };
    }),
    ...grants.flatMap(({ grant, unsupported }) =>
      unsupported.flatMap(({ cluster, from, to, reason }) =>
        clustersMeant(cluster, grant.in).map(name => ({
          cluster: name,
          layers: UNKNOWN,
          from: from ? [from] : [],
          to: to ? [to] : [],
          // The reason may be another caller, with whom this one shares something.
          ...(discretion.everythingSeen && { note: reason }),
        })),
      ),
    ),
  ];
}

/** Where something is not supported: in one cluster, else wherever the grant is meant to hold. */
function clustersMeant(
  cluster: string | undefined,
  scope: readonly string[] = [],
): readonly string[] {
  if (cluster !== undefined) return [cluster];
  return scope.length > 0 ? scope : ['every cluster'];
}

function layersOf(here: readonly Stretch[]): Layers {
  const known = here.flatMap(({ layers }) => layers ?? []);
  return known.length < here.length ? UNKNOWN : { ...weakestOf(known) };
}

function objectsOf(
  facts: AccessFacts,
  api: string,
  cluster: string,
  here: readonly Stretch[],
) {
  const targets = new Set(here.map(({ to }) => to));
  return facts
    .workloadsOfApi(api)
    .filter(each => each.cluster === cluster && targets.has(each.workload))
    .flatMap(({ objects }) => objects)
    .map(object => facts.object(cluster, object));
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
