import {
  classOfCut as classOf,
  keptPlumbingWords,
  meaningText,
  sayWords,
  whoIsCut,
  type Contract,
  type EdgeSummary,
  type Meaning,
} from '@callgate/policy';
import type {
  Edge,
  Meaning as MeaningView,
} from '@callgate/plugin-callgate-common';
import type { Discretion } from './Discretion';
import { toFindings } from './findings';
import { nameOf, type LabelOf } from './Labels';
import { callsOf, operationText } from './operations';
import { toOthers } from './others';
import { sayDay } from './sayDay';
import { muteEdge } from './unseen';

const UNSEEN_END = 'a workload you may not see';

/**
 * The meaning of a change, as a reader may read it; `status` says how its edges stand. What is hidden from the reader
 * counts, and is not named.
 */
export function toMeaning(
  meaning: Meaning,
  contract: Contract,
  labelOf: LabelOf,
  discretion: Discretion,
): MeaningView {
  const edge = (summary: EdgeSummary): Edge =>
    muteEdge(toPlannedEdge(summary, contract, labelOf), discretion);
  const hides = (name: string) => discretion.hidesName(name);
  return {
    gained: meaning.gained.map(edge),
    lost: meaning.lost.map(edge),
    restored: restoredOf(meaning).map(edge),
    unchanged: meaning.unchangedCount,
    flips: toFlips(meaning, labelOf, discretion),
    // What is stored of a damaged request has no content.
    ...(meaning.content?.until !== undefined && {
      until: meaning.content.until,
    }),
    // Meanings that were stored before there was such a list have none.
    others: toOthers(meaning.others ?? [], discretion),
    ...(meaning.kept && {
      kept: meaning.kept.map(({ access, by, otherwise }) => ({
        access: access.map(edge),
        by: by.map(({ api, grantId }) => ({
          api: labelOf(api),
          ...(labelOf(api).state !== 'hidden' &&
            !hides(grantId) && { grant: grantId }),
        })),
        otherwise,
      })),
    }),
    ...(meaning.opened && {
      opened: meaning.opened.map(({ cluster, workload, layer }) => ({
        cluster,
        workload: hides(workload) ? UNSEEN_END : workload,
        layer,
      })),
    }),
    ...(meaning.left && { left: meaning.left }),
    ...toPlumbing(meaning, discretion),
    layersByCluster: meaning.layersByCluster.map(
      ({ cluster, layers, isolation }) => ({
        cluster,
        layers: { ...layers },
        isolation,
      }),
    ),
    findings: toFindings(meaning.findings, discretion),
    text: tellsAll(meaning, labelOf, discretion)
      ? readableText(meaning, contract, labelOf)
      : 'This concerns a caller you may not see.',
  };
}

/** What stays open for the platform: as sentences, and as the objects have it, for those who look for them. */
function toPlumbing(
  { plumbing, keeps }: Meaning,
  discretion: Discretion,
): Pick<MeaningView, 'plumbing' | 'plumbingObjects'> {
  const objects = plumbing.filter(text => !discretion.hidesName(text));
  const untold = plumbing.length - objects.length;
  const told = keeps?.filter(
    ({ workload, peers }) =>
      ![workload, ...peers].some(id => discretion.hidesName(id)),
  );
  // Meanings that were stored before have no facts of it.
  const sentences = told
    ? keptPlumbingWords(told).map(words => sayWords(words, discretion.names))
    : [];
  return {
    plumbing: [
      ...(sentences.length === 0 && objects.length > 0
        ? ['What the platform itself needs stays open']
        : sentences),
      ...(untold > 0 ? [`${untold} more, for what you may not see`] : []),
    ],
    plumbingObjects: objects,
  };
}

/** What becomes closed. Whom that cuts is one answer for all of a cluster, in which everybody is once. */
function toFlips(
  meaning: Meaning,
  labelOf: LabelOf,
  discretion: Discretion,
): MeaningView['flips'] {
  const hides = (name: string) => discretion.hidesName(name);
  const unnamed = (ids: readonly string[]) => {
    const cutWorkloads = ids.filter(id => !hides(id));
    const cutUnseen = ids.length - cutWorkloads.length;
    return { cutWorkloads, ...(cutUnseen > 0 && { cutUnseen }) };
  };
  const cut = new Map(
    whoIsCut(meaning).map(({ cluster, callers }) => [cluster, callers]),
  );
  return meaning.flips.map(flip => {
    const { cluster, workload, layer, direction } = flip;
    const shared = {
      cluster,
      workload: hides(workload) ? UNSEEN_END : workload,
      layer,
    };
    if (direction === 'egress') {
      const refused = flip.cut;
      return {
        ...shared,
        cut: [...new Set(refused.flatMap(({ entities }) => entities))].map(
          labelOf,
        ),
        ...unnamed(
          refused
            .filter(each => classOf(each) === 'workload')
            .map(each => each.workload),
        ),
        cutAddresses: refused.some(each => classOf(each) === 'addresses'),
      };
    }
    const callers = cut.get(cluster) ?? [];
    const named = callers.filter(each => each.class === 'entity');
    return {
      ...shared,
      cut: named.map(({ ref }) => labelOf(ref)),
      ...unnamed(
        callers
          .filter(each => each.class === 'workload')
          .map(each => each.workloads[0]),
      ),
      cutAddresses: callers.some(each => each.class === 'addresses'),
    };
  });
}

/** Meanings that were stored before there was such a list have none. */
function restoredOf({ restored }: Meaning): readonly EdgeSummary[] {
  return restored ?? [];
}

function allEdges(meaning: Meaning): EdgeSummary[] {
  return [
    ...meaning.gained,
    ...meaning.lost,
    ...restoredOf(meaning),
    ...(meaning.kept ?? []).flatMap(({ access }) => access),
  ];
}

/** Whether a reader may see everybody whom a meaning is about. */
export function tellsAll(
  meaning: Meaning,
  labelOf: LabelOf,
  discretion: Discretion,
): boolean {
  const { api, flips } = meaning;
  const edges = allEdges(meaning);
  const cut = flips.flatMap(flip => flip.cut);
  const labels = [
    api,
    ...edges.flatMap(edge => [edge.caller, edge.api]),
    ...cut.flatMap(({ entities }) => entities),
  ].map(labelOf);
  const workloads = [
    ...edges
      .flatMap(({ clusters }) => clusters)
      .flatMap(({ from, to }) => [...from, ...to]),
    ...flips.map(({ workload }) => workload),
    ...(meaning.opened ?? []).map(({ workload }) => workload),
    ...cut.map(({ workload }) => workload),
  ];
  return (
    labels.every(({ state }) => state !== 'hidden') &&
    !workloads.some(id => discretion.hidesName(id))
  );
}

/** The one line of a meaning, with operations as written and callers by title: `Opens Checkout → GET /orders of Orders.` */
function readableText(
  meaning: Meaning,
  contract: Contract,
  labelOf: LabelOf,
): string {
  if (meaning.failed) {
    const api = nameOf(labelOf(meaning.api));
    return `Nothing changes: the declaration of ${api} has errors.`;
  }
  const { flips, opened = [], left, content, text } = meaning;
  const changes =
    allEdges(meaning).length + flips.length + opened.length > 0 ||
    left !== undefined ||
    content?.until !== undefined;
  // Where nothing is known it says so in its own words.
  return changes
    ? meaningText(
        meaning,
        edge => callsOf(edge, contract).map(operationText),
        ref => nameOf(labelOf(ref)),
        sayDay,
      )
    : text;
}

function toPlannedEdge(
  summary: EdgeSummary,
  contract: Contract,
  labelOf: LabelOf,
): Edge {
  return {
    caller: labelOf(summary.caller),
    api: labelOf(summary.api),
    operations: callsOf(summary, contract),
    ...(summary.everythingOn && { everythingOn: summary.everythingOn }),
    clusters: summary.clusters.map(
      ({ cluster, from, to, protocol, ports, layers }) => ({
        cluster,
        layers: { ...layers },
        from: [...from],
        to: [...to],
        protocol,
        ...(ports.length === 1 && { port: ports[0] }),
      }),
    ),
  };
}
