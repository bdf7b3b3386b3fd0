import { withGenerated } from '../compile/generatedObjects';
import { loadManifests } from '../estate/loadManifests';
import type { Cluster, ManifestObject } from '../estate/types';
import type { RenderedFile } from '../render/types';
import type { PolicyState } from './types';

/** The generated files that a state has in its repository. */
export function filesOf(state: PolicyState): readonly RenderedFile[] {
  return state.files ?? state.compilation.files;
}

/** What was read of a path last: most files of two states are the same. */
const read = new WeakMap<
  Cluster,
  Map<string, { text: string; objects: readonly ManifestObject[] }>
>();

function objectsOf(
  estate: Cluster,
  { path, text }: RenderedFile,
): readonly ManifestObject[] {
  const files = read.get(estate) ?? new Map();
  read.set(estate, files);
  const known = files.get(path);
  if (known?.text === text) return known.objects;
  const { objects } = loadManifests([{ path, text }]);
  files.set(path, { text, objects });
  return objects;
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
      files
        .filter(file => file.cluster === cluster.name)
        .flatMap(file => objectsOf(cluster, file)),
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
