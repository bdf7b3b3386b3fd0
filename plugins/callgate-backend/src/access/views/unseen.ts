import type { Meaning as CoreMeaning } from '@callgate/policy';
import type {
  Edge,
  FileChange,
  PolicyObject,
} from '@callgate/plugin-callgate-common';
import type { Discretion } from './Discretion';
import type { LabelOf } from './Labels';

/** Whether the reader may not see one of the entities. */
export function anyHidden(refs: Iterable<string>, labelOf: LabelOf): boolean {
  // Asks for every label, so that all of them are loaded together.
  return [...refs]
    .map(ref => labelOf(ref).state)
    .some(state => state === 'hidden');
}

/**
 * The row of an edge as a reader may see it. With an end that is hidden it stays and counts, and says nothing about that
 * end; in any other, workloads and objects that tell of something hidden are left out.
 */
export function muteEdge(edge: Edge, discretion: Discretion): Edge {
  if (discretion.everythingSeen && isSeen(edge)) {
    return edge;
  }
  const shown = (ids: readonly string[]) =>
    ids.filter(id => !discretion.hidesName(id));
  if (isSeen(edge)) {
    const tell = (objects: readonly PolicyObject[]) =>
      tellObjects(objects, edge.api.ref, discretion);
    return {
      ...edge,
      clusters: edge.clusters.map(each => ({
        ...each,
        from: shown(each.from),
        to: shown(each.to),
        ...(each.objects && { objects: tell(each.objects) }),
      })),
      openedBy: tell(edge.openedBy),
      ...(edge.beyond && {
        beyond: { ...edge.beyond, openedBy: tell(edge.beyond.openedBy) },
      }),
    };
  }
  return {
    caller: edge.caller,
    api: edge.api,
    // An id that the API does not offer is what somebody typed.
    operations: edge.operations.filter(
      ({ kind, path, service }) =>
        kind === 'port' || path !== undefined || service !== undefined,
    ),
    ...(edge.everythingOn && { everythingOn: edge.everythingOn }),
    clusters: edge.clusters.map(({ cluster, layers, to }) => ({
      cluster,
      layers,
      to: edge.api.state === 'hidden' ? [] : shown(to),
      from: [],
    })),
    status: edge.status,
    because: '',
    openedBy: [],
  };
}

function isSeen({ caller, api }: Edge): boolean {
  return caller.state !== 'hidden' && api.state !== 'hidden';
}

/**
 * Objects that may be named; their texts only where none of the API's callers is hidden, because they name every caller
 * that they let in.
 */
export function tellObjects(
  objects: readonly PolicyObject[],
  api: string,
  discretion: Discretion,
): PolicyObject[] {
  const named = objects.filter(object => !discretion.hidesObject(object));
  return discretion.hidesCallersOf(api) ? named.map(withoutText) : named;
}

function withoutText(object: PolicyObject): PolicyObject {
  const { cluster, kind, namespace, name, rule, file } = object;
  return { cluster, kind, namespace, name, rule, file };
}

/** Files as a reader may see them: without content where it names somebody hidden, without path where that does. */
export function tellFiles(
  files: readonly FileChange[],
  secret: boolean,
  discretion: Discretion,
): FileChange[] {
  let untold = 0;
  return files.map((file): FileChange => {
    const { path, status, additions, deletions, kind } = file;
    const unnamed = discretion.hidesName(path);
    if (unnamed) {
      untold += 1;
    }
    // What a declaration names is known; and a reason in it, which anybody can type, must not tell what is hidden.
    const mute =
      secret ||
      unnamed ||
      (kind !== 'declaration' && namesHidden([file], discretion));
    return mute
      ? {
          path: unnamed ? `a file you may not see (${untold})` : path,
          ...{ status, additions, deletions, kind },
        }
      : file;
  });
}

/** Whether the content of files names something hidden. */
export function namesHidden(
  files: readonly Pick<FileChange, 'before' | 'after'>[],
  discretion: Discretion,
): boolean {
  return files.some(({ before, after }) =>
    [before, after].some(
      text => text !== undefined && discretion.hidesName(text),
    ),
  );
}

/** Refs of every caller that a meaning names, and of some more. */
export function callersIn(
  meaning: CoreMeaning | undefined,
  more: Iterable<string>,
): Set<string> {
  return new Set([
    ...more,
    ...(meaning
      ? [
          ...[
            ...meaning.gained,
            ...meaning.lost,
            // Meanings that were stored before have no such list.
            ...(meaning.restored ?? []),
          ].map(({ caller }) => caller),
          ...meaning.flips.flatMap(({ cut }) =>
            cut.flatMap(({ entities }) => entities),
          ),
        ]
      : []),
  ]);
}
