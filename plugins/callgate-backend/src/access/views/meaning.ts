import {
  meaningText,
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
import type { LabelOf } from './Labels';
import { callsOf, spelledOut } from './operations';
import { toOthers } from './others';
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
  const plumbing = meaning.plumbing.filter(text => !hides(text));
  const untold = meaning.plumbing.length - plumbing.length;
  return {
    gained: meaning.gained.map(edge),
    lost: meaning.lost.map(edge),
    restored: restoredOf(meaning).map(edge),
    unchanged: meaning.unchangedCount,
    flips: toFlips(meaning, labelOf, discretion),
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
    plumbing: [
      ...plumbing,
      ...(untold > 0 ? [`${untold} more, for what you may not see`] : []),
    ],
    layersByCluster: meaning.layersByCluster.map(
      ({ cluster, layers, isolation }) => ({
        cluster,
        layers: { ...layers },
        isolation,
      }),
    ),
    findings: toFindings(meaning.findings, discretion),
    text: tellsAll(meaning, labelOf, discretion)
      ? readableText(meaning, contract)
      : 'This concerns a caller you may not see.',
  };
}

/** What becomes closed. Whom that cuts is one answer for all of a cluster, in which everybody is once. */
function toFlips(
  meaning: Meaning,
  labelOf: LabelOf,
  discretion: Discretion,
): MeaningView['flips'] {
  const hides = (name: string) => discretion.hidesName(name);
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
        cutWorkloads: refused
          .filter(({ entities }) => entities.length === 0)
          .map(each => each.workload)
          .filter(id => !hides(id)),
      };
    }
    const callers = cut.get(cluster) ?? [];
    const named = callers.filter(each => each.class === 'entity');
    return {
      ...shared,
      cut: named.map(({ ref }) => labelOf(ref)),
      // Everybody else, who is nobody's: a line for all addresses outside.
      cutWorkloads: callers
        .filter(each => each.class !== 'entity')
        .map(each =>
          each.class === 'addresses' ? 'addresses outside' : each.workloads[0],
        )
        .filter(id => !hides(id)),
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

/** The one line of a meaning, with what an operation id stands for: `listOrders (GET /orders)`. */
function readableText(meaning: Meaning, contract: Contract): string {
  // One with errors opens and closes nothing, and says that.
  return allEdges(meaning).length === 0
    ? meaning.text
    : meaningText(meaning, edge => callsOf(edge, contract).map(spelledOut));
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
    status: 'planned',
    because: '',
    openedBy: [],
  };
}
