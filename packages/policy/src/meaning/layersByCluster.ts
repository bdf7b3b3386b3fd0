import { weakestOf } from '../access/layers';
import type { EdgeLayers, LayersInCluster, PolicyState } from './types';

const NO_LAYER: EdgeLayers = {
  kernel: 'none',
  identity: 'none',
  method: 'none',
};

/** The headline of an API, cluster by cluster; the weakest edge decides. */
export function layersByCluster(
  state: PolicyState,
  api: string,
): LayersInCluster[] {
  const { plan } = state.compilation;
  const edges = plan.edges.filter(edge => edge.api === api);
  const isolations = plan.isolations.filter(
    isolation =>
      isolation.direction === 'ingress' &&
      isolation.mode === 'enforce' &&
      isolation.apis.includes(api),
  );
  const clusters = new Set([
    ...edges.map(({ cluster }) => cluster),
    ...isolations.map(({ cluster }) => cluster),
  ]);
  return [...clusters].sort().map(cluster => {
    const here = edges.filter(edge => edge.cluster === cluster);
    const isolated = new Set(
      isolations
        .filter(isolation => isolation.cluster === cluster)
        .map(({ workload }) => workload.id),
    );
    const providers = new Set(here.map(({ to }) => to.id));
    return {
      cluster,
      layers:
        here.length > 0
          ? weakestOf(here.map(({ layers }) => layers))
          : NO_LAYER,
      isolation: isolationOf(providers, isolated),
      callers: new Set(here.map(({ caller }) => caller)).size,
    };
  });
}

/** Providers without an edge are known by being isolated alone. */
function isolationOf(
  providers: ReadonlySet<string>,
  isolated: ReadonlySet<string>,
): LayersInCluster['isolation'] {
  if (isolated.size === 0) {
    return 'open';
  }
  return [...providers].every(id => isolated.has(id)) ? 'isolated' : 'partly';
}
