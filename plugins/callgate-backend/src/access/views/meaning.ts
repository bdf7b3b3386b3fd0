import type { Contract, EdgeSummary, Meaning } from '@callgate/policy';
import type {
  Edge,
  Meaning as MeaningView,
} from '@callgate/plugin-callgate-common';
import { toFindings } from './findings';
import type { LabelOf } from './Labels';
import { labelledOperations, operationText } from './operations';

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
    text: readableText(meaning, contract),
  };
}

/** The one line of a meaning, with what an operation id stands for: `listOrders (GET /orders)`. */
function readableText(meaning: Meaning, contract: Contract): string {
  const labels = [...meaning.gained, ...meaning.lost]
    .filter(({ everythingOn }) => everythingOn === undefined)
    .flatMap(({ operations }) => operations);
  const spelled = new Map(
    labels.map(label => [label, spelledOut(label, contract)]),
  );
  return [...meaning.gained, ...meaning.lost].reduce(
    (text, { text: own, operations, everythingOn }) =>
      everythingOn === undefined
        ? text.replace(own, () =>
            own.replace(operations.join(', '), () =>
              operations.map(label => spelled.get(label) ?? label).join(', '),
            ),
          )
        : text,
    meaning.text,
  );
}

function spelledOut(label: string, contract: Contract): string {
  const [operation, ...others] = labelledOperations([label], contract);
  if (!operation || others.length > 0 || operation.id !== label) {
    return label;
  }
  const stands = operationText(operation);
  return stands === label ? label : `${label} (${stands})`;
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
