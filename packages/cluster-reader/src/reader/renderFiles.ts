import type { ClusterFile } from './ClusterFile';
import { ObjectStore, type KindStore, type Surroundings } from './ObjectStore';
import { PodStore } from './PodStore';
import { folderOfKind, type ReadKind } from './wantedKinds';

/** What there is of a kind. */
interface Stored {
  kind: ReadKind;
  store: KindStore;
}

/**
 * The objects of a cluster as files, sorted by path. One file a kind and namespace, such as
 * `prod/networkpolicies/shop.yaml`: a place that people find again with `kubectl get`. Each object is a line of a list in
 * JSON, which YAML is too.
 *
 * @param kinds - single objects of one kind and namespace in the order of their names
 */
export function renderFiles(
  cluster: string,
  kinds: readonly Stored[],
): ClusterFile[] {
  const around = surroundings(kinds);
  const byPath = new Map<string, string[]>();
  for (const { kind, store } of kinds) {
    const folder = `${cluster}/${folderOfKind(kind)}`;
    for (const [namespace, objects] of store.lines(around)) {
      const path =
        namespace === '' ? `${folder}.yaml` : `${folder}/${namespace}.yaml`;
      byPath.set(path, [...(byPath.get(path) ?? []), ...objects]);
    }
  }
  return [...byPath]
    .map(([path, objects]) => ({
      path,
      text: renderList(objects),
      observed: true as const,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Objects, each in JSON, as the text of a file. */
export function renderList(objects: readonly string[]): string {
  return `{"apiVersion":"v1","kind":"List","items":[\n${objects.join(
    ',\n',
  )}\n]}\n`;
}

function surroundings(kinds: readonly Stored[]): Surroundings {
  const byKind = new Map<string, ObjectStore[]>();
  let owners: ReadonlySet<string> = new Set();
  for (const { kind, store } of kinds) {
    if (store instanceof PodStore) owners = store.owners();
    else if (store instanceof ObjectStore)
      byKind.set(kind.kind, [...(byKind.get(kind.kind) ?? []), store]);
  }
  return {
    ownerOf: id => {
      const [namespace, kind, name] = id.split('/');
      return byKind
        .get(kind)
        ?.map(store => store.ownerOf(namespace, name))
        .find(found => found !== undefined);
    },
    ownsPods: id => owners.has(id),
  };
}
