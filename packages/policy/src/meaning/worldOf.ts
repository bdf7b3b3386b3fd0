import { withGenerated } from '../compile/generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import type { Cluster } from '../estate/types';
import type { RenderedFile } from '../render/types';
import type { PolicyState } from './types';

/** The generated files that a state has in its repository. */
export function filesOf(state: PolicyState): readonly RenderedFile[] {
  return state.files ?? state.compilation.files;
}

/**
 * Clusters with generated files applied. The files are read as text, as whoever
 * applies them does: nothing of the generator is taken on trust.
 */
export function clustersWith(
  clusters: readonly Cluster[],
  files: readonly RenderedFile[],
): Cluster[] {
  return clusters.map(cluster =>
    withGenerated(
      cluster,
      loadManifests(
        files
          .filter(file => file.cluster === cluster.name)
          .map(({ path, text }) => ({ path, text })),
      ).objects,
    ),
  );
}

const known = new WeakMap<PolicyState, Cluster[]>();

/** The clusters of a state with its generated files, built once. */
export function clustersOf(state: PolicyState): Cluster[] {
  const built =
    known.get(state) ?? clustersWith(state.clusters, filesOf(state));
  known.set(state, built);
  return built;
}
