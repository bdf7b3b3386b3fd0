import type { ReachResult } from '@callgate/policy';
import { accessText, endpointText, layersText } from './accessText';
import type { TextTable } from './renderTable';

/**
 * One row for each access of each edge.
 *
 * @param whole - write all blocks of addresses, for programs
 */
export function reachTable(
  result: Pick<ReachResult, 'edges'>,
  whole: boolean,
): TextTable {
  return {
    header: ['from', 'to', 'access', 'certainty', 'layers'],
    rows: result.edges.flatMap(edge =>
      edge.access.map(access => [
        endpointText(edge.from, whole),
        endpointText(edge.to, whole),
        accessText(access),
        access.certainty === 'sure'
          ? 'sure'
          : `possible: ${(access.conditions ?? [])
              .map(condition => condition.text)
              .join('; ')}`,
        layersText(access),
      ]),
    ),
    whenEmpty: 'No workload can call another.',
  };
}

/** The same as a directed graph. */
export function reachDot(result: Pick<ReachResult, 'edges'>): string {
  const lines = result.edges.map(
    edge =>
      `  ${quote(endpointText(edge.from))} -> ${quote(
        endpointText(edge.to),
      )} [label=${quote(edge.access.map(accessText).join('\n'))}${
        edge.access.every(access => access.certainty === 'sure')
          ? ''
          : ', style=dashed'
      }];`,
  );
  return `digraph access {\n  rankdir=LR;\n${lines.join('\n')}\n}\n`;
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
