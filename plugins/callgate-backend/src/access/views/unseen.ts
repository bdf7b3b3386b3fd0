import type { Meaning as CoreMeaning } from '@callgate/policy';
import type {
  Edge,
  FileChange,
  Finding,
  Meaning,
  PolicyObject,
} from '@callgate/plugin-callgate-common';
import type { LabelOf } from './Labels';

/** Whether the reader may not see one of the entities. */
export function anyHidden(refs: Iterable<string>, labelOf: LabelOf): boolean {
  // Asks for every label, so that all of them are loaded together.
  return [...refs]
    .map(ref => labelOf(ref).state)
    .some(state => state === 'hidden');
}

/** The row of an edge with an end that the reader may not see: it stays and counts, and says nothing about the end. */
export function muteEdge(edge: Edge): Edge {
  if (edge.caller.state !== 'hidden' && edge.api.state !== 'hidden') {
    return edge;
  }
  return {
    caller: edge.caller,
    api: edge.api,
    operations: edge.operations,
    ...(edge.everythingOn && { everythingOn: edge.everythingOn }),
    clusters: edge.clusters.map(({ cluster, layers, to }) => ({
      cluster,
      layers,
      to: edge.api.state === 'hidden' ? [] : to,
      from: [],
    })),
    status: edge.status,
    because: '',
    openedBy: [],
  };
}

/** A finding reduced to what kind of finding it is: its texts name workloads and entities. */
export function muteFinding(finding: Finding): Finding {
  return { ...finding, message: finding.title, objects: [], at: undefined };
}

/** An object without its text, which names every caller that it lets in. */
export function muteObject(object: PolicyObject): PolicyObject {
  const { cluster, kind, namespace, name, rule, file } = object;
  return { cluster, kind, namespace, name, rule, file };
}

/** The row of an edge without the texts of the objects behind it. */
export function muteObjects(edge: Edge): Edge {
  return {
    ...edge,
    clusters: edge.clusters.map(each =>
      each.objects ? { ...each, objects: each.objects.map(muteObject) } : each,
    ),
    openedBy: edge.openedBy.map(muteObject),
  };
}

/** Files without their content. */
export function muteFiles(files: readonly FileChange[]): FileChange[] {
  return files.map(
    ({ path, status, additions, deletions, kind }): FileChange => ({
      path,
      status,
      additions,
      deletions,
      kind,
    }),
  );
}

/** A meaning with ends that the reader may not see. */
export function muteMeaning(meaning: Meaning): Meaning {
  return {
    ...meaning,
    gained: meaning.gained.map(muteEdge),
    lost: meaning.lost.map(muteEdge),
    flips: meaning.flips.map(flip =>
      flip.cut.some(({ state }) => state === 'hidden')
        ? { ...flip, cutWorkloads: [] }
        : flip,
    ),
    findings: meaning.findings.map(muteFinding),
    text: 'This concerns a caller you may not see.',
  };
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
          ...[...meaning.gained, ...meaning.lost].map(({ caller }) => caller),
          ...meaning.flips.flatMap(({ cut }) =>
            cut.flatMap(({ entities }) => entities),
          ),
        ]
      : []),
  ]);
}
