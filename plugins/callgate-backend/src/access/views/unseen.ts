import type { Meaning as CoreMeaning } from '@callgate/policy';
import type {
  AccessRow,
  Edge,
  EdgeCluster,
  EntityLabel,
  FileChange,
  Operation,
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
 * An edge of a change as a reader may see it. With an end that is hidden it stays and counts, and says nothing about that
 * end; in any other, workloads that tell of something hidden are left out.
 */
export function muteEdge(edge: Edge, discretion: Discretion): Edge {
  const { caller, api, operations, everythingOn, clusters } = edge;
  if (discretion.everythingSeen && isSeen(edge)) return edge;
  return isSeen(edge)
    ? { ...edge, clusters: shownClusters(edge, discretion) }
    : {
        ...{ caller, api },
        operations: operations.filter(isOffered),
        ...(everythingOn && { everythingOn }),
        clusters: mutedClusters(api, clusters, discretion),
      };
}

/** The row of a caller as a reader may see it: the same, and what opens or refuses it. */
export function muteRow(row: AccessRow, discretion: Discretion): AccessRow {
  if (discretion.everythingSeen && isSeen(row)) return row;
  const { caller, api, compared, certainty, grants, beyond, clusters } = row;
  if (isSeen(row)) {
    const tell = (objects: readonly PolicyObject[]) =>
      tellObjects(objects, api.ref, discretion);
    return {
      ...row,
      clusters: shownClusters(row, discretion),
      grants: grants.map(grant => ({
        ...grant,
        refusedBy: tell(grant.refusedBy),
      })),
      beyond: beyond.map(each => ({
        ...each,
        openedBy: tell(each.openedBy),
      })),
    };
  }
  return {
    ...{ caller, api, compared, certainty },
    grants: grants.map(({ operations, status }) => ({
      id: '',
      api: '',
      operations: operations.filter(isOffered),
      status,
      because: '',
      refusedBy: [],
      approvedBy: [],
      acknowledges: [],
    })),
    // What somebody hidden can do beyond its grant is told to nobody else.
    beyond:
      grants.length > 0
        ? []
        : beyond.map(({ operations, everythingOn, surely, ...each }) => ({
            clusters: each.clusters,
            operations: operations.filter(isOffered),
            others: [],
            ...(everythingOn && { everythingOn }),
            surely,
            because: '',
            openedBy: [],
          })),
    clusters: mutedClusters(api, clusters, discretion),
    mayRequest: false,
  };
}

function shownClusters(
  { api, clusters }: Pick<AccessRow, 'api' | 'clusters'>,
  discretion: Discretion,
): EdgeCluster[] {
  return clusters.map(each => ({
    ...each,
    from: shownOf(each.from, discretion),
    to: shownOf(each.to, discretion),
    ...(each.objects && {
      objects: tellObjects(each.objects, api.ref, discretion),
    }),
  }));
}

function mutedClusters(
  api: EntityLabel,
  clusters: readonly EdgeCluster[],
  discretion: Discretion,
): EdgeCluster[] {
  return clusters.map(({ cluster, layers, to }) => ({
    cluster,
    layers,
    to: api.state === 'hidden' ? [] : shownOf(to, discretion),
    from: [],
  }));
}

function shownOf(ids: readonly string[], discretion: Discretion): string[] {
  return ids.filter(id => !discretion.hidesName(id));
}

/** An id that the API does not offer is what somebody typed. */
function isOffered({ kind, path, service }: Operation): boolean {
  return kind === 'port' || path !== undefined || service !== undefined;
}

function isSeen({ caller, api }: Pick<AccessRow, 'caller' | 'api'>): boolean {
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
