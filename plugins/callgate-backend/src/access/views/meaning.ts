import type { Contract, EdgeSummary, Meaning } from '@callgate/policy';
import type {
  Edge,
  Meaning as MeaningView,
} from '@callgate/plugin-callgate-common';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { labelledOperations } from './operations';

/** The meaning of a change, as clients read it; `status` says how its edges stand. */
export function toMeaning(
  meaning: Meaning,
  contract: Contract,
  labelOf: LabelOf,
): MeaningView {
  const edge = (summary: EdgeSummary): Edge =>
    toPlannedEdge(summary, contract, labelOf);
  return {
    gained: meaning.gained.map(edge),
    lost: meaning.lost.map(edge),
    unchanged: meaning.unchangedCount,
    flips: meaning.flips.map(({ cluster, workload, layer, cut }) => ({
      cluster,
      workload,
      layer,
      cut: [...new Set(cut.flatMap(({ entities }) => entities))].map(labelOf),
      cutWorkloads: cut.map(each => each.workload),
    })),
    plumbing: [...meaning.plumbing],
    layersByCluster: meaning.layersByCluster.map(
      ({ cluster, layers, isolation }) => ({
        cluster,
        layers: { ...layers },
        isolation,
      }),
    ),
    findings: toFindings(meaning.findings),
    text: meaning.text,
  };
}

function toPlannedEdge(
  summary: EdgeSummary,
  contract: Contract,
  labelOf: LabelOf,
): Edge {
  return {
    caller: labelOf(summary.caller),
    api: labelOf(summary.api),
    operations: labelledOperations(summary.operations, contract),
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
