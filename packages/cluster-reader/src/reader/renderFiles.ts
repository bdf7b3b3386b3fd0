import type { ClusterFile } from './ClusterFile';
import { sayLeftOut } from './leaveOut';
import {
  ObjectStore,
  type KindStore,
  type Line,
  type Surroundings,
} from './ObjectStore';
import { PodStore } from './PodStore';
import { folderOfKind, type ReadKind } from './wantedKinds';
import { withinBounds, type Draft } from './withinBounds';

/** What there is of a kind. */
interface Stored {
  kind: ReadKind;
  store: KindStore;
}

/**
 * The objects of a cluster as files, sorted by path. One file a kind and namespace, such as
 * `prod/networkpolicies/shop.yaml`: a place that people find again with `kubectl get`. Each object is a line of a list in
 * JSON, which YAML is too. What is more than the bounds is left out, and said to be.
 *
 * @param kinds - single objects of one kind and namespace in the order of their names
 * @returns `leftOut`: one sentence for each reason and file
 */
export function renderFiles(
  cluster: string,
  kinds: readonly Stored[],
  bounds?: Parameters<typeof withinBounds>[1],
): { files: ClusterFile[]; leftOut: string[] } {
  const around = surroundings(kinds);
  const drafts = new Map<string, Draft & { lines: Line[] }>();
  for (const { kind, store } of kinds) {
    for (const [namespace, lines] of store.lines(around)) {
      const place = { kinds: folderOfKind(kind), namespace };
      const path = pathOf(cluster, place);
      const draft = drafts.get(path);
      // Objects that are read one by one have one file all the same.
      if (draft) draft.lines.push(...lines);
      else drafts.set(path, { ...place, lines: [...lines] });
    }
  }
  const fitted = withinBounds([...drafts.values()], bounds).map(each => ({
    ...each,
    path: pathOf(cluster, each),
  }));
  fitted.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files: fitted.map(({ path, texts }) => ({
      path,
      text: renderList(texts),
      observed: true,
    })),
    leftOut: fitted.flatMap(each =>
      each.leftOut.map(left => sayLeftOut(cluster, each, left)),
    ),
  };
}

/** Where the objects of a kind and namespace are. */
function pathOf(
  cluster: string,
  { kinds, namespace }: { kinds: string; namespace: string },
): string {
  const folder = `${cluster}/${kinds}`;
  return namespace === '' ? `${folder}.yaml` : `${folder}/${namespace}.yaml`;
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
