import {
  weakestOf,
  type AccessLayers,
  type AccessPlace,
  type GrantAccess,
} from '@callgate/policy';
import type { EdgeCluster } from '@callgate/plugin-callgate-common';
import type { AccessFacts } from './AccessFacts';

/** One end of each kind in one cluster, with how far layers hold. */
interface Stretch {
  cluster: string;
  from: string;
  to: string;
  layers: AccessLayers;
}

/** What a grant means in each cluster; a layer that lets its caller do more there does not hold. */
export function clustersOfGrant(
  facts: AccessFacts,
  api: string,
  pairs: GrantAccess['pairs'],
  places: readonly AccessPlace[],
): EdgeCluster[] {
  const stretches = pairs.map(pair => {
    const place = places.find(
      each =>
        each.cluster === pair.cluster &&
        each.from === pair.from &&
        each.to === pair.to,
    );
    return {
      ...pair,
      layers:
        place && !place.beyond.isEmpty
          ? weakestOf([pair.layers, place.layers])
          : pair.layers,
    };
  });
  return folded(stretches).map(each => {
    const last = pairs.filter(({ cluster }) => cluster === each.cluster).at(-1);
    return {
      ...each,
      ...(last && { port: last.port, protocol: last.protocol }),
      objects: facts
        .workloadsOfApi(api)
        .filter(
          ({ cluster, workload }) =>
            cluster === each.cluster && each.to.includes(workload),
        )
        .flatMap(({ objects }) => objects)
        .map(object => facts.object(each.cluster, object)),
    };
  });
}

/** Where a caller can call without a grant. */
export function clustersOfPlaces(
  places: readonly AccessPlace[],
): EdgeCluster[] {
  return folded(places);
}

function folded(stretches: readonly Stretch[]): EdgeCluster[] {
  const names = [...new Set(stretches.map(({ cluster }) => cluster))].sort();
  return names.map(cluster => {
    const here = stretches.filter(each => each.cluster === cluster);
    return {
      cluster,
      layers: { ...weakestOf(here.map(({ layers }) => layers)) },
      from: sorted(here.map(({ from }) => from)),
      to: sorted(here.map(({ to }) => to)),
    };
  });
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
