import type { Meaning as CoreMeaning } from '@callgate/policy';
import type {
  Edge,
  FileChange,
  Finding,
  Meaning,
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

/** A finding that could name an entity that the reader may not see, reduced to what kind of finding it is. */
export function muteFinding(
  finding: Finding,
  workloads: ReadonlySet<string> = new Set(),
): Finding {
  const text = `${finding.message} ${finding.objects.join(' ')}`;
  // Names of entities stand in messages; which of them are hidden is not known here, so all go.
  const tells =
    /\b(component|resource|system|domain|group):/.test(text) ||
    [...workloads].some(id => text.includes(id));
  return tells
    ? { ...finding, message: finding.title, objects: [], at: undefined }
    : finding;
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
    findings: meaning.findings.map(finding => muteFinding(finding)),
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
