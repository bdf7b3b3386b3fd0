import type { FoldedEdge } from '@callgate/policy';
import { accessText, endpointText, layersText } from './accessText';
import type { TextTable } from './renderTable';

/** What is printed of a result, folded or not. */
export interface ReachLike {
  edges: readonly FoldedEdge[];
  /** Members of sets that stand in for workloads. */
  sets?: Readonly<Record<string, readonly string[]>>;
  /** Members of classes by their first one, which stands for them. */
  classes?: Readonly<Record<string, readonly string[]>>;
}

/** Members of a set that a person reads; more are counted. */
const SHOWN_MEMBERS = 3;

/** Who is in sets and classes; none where each stands for itself. */
export function membersTables({
  sets = {},
  classes = {},
}: ReachLike): TextTable[] {
  const several = Object.entries(classes).filter(
    ([, { length }]) => length > 1,
  );
  return [
    ...membersTable('set', 'Sets', Object.entries(sets)),
    ...membersTable('class', 'Classes', several),
  ];
}

function membersTable(
  kind: string,
  title: string,
  named: readonly [string, readonly string[]][],
): TextTable[] {
  const rows = named.map(([name, members]) => [
    name,
    String(members.length),
    members.length <= SHOWN_MEMBERS
      ? members.join(', ')
      : `${members.slice(0, SHOWN_MEMBERS).join(', ')} …`,
  ]);
  return rows.length === 0
    ? []
    : [
        {
          title: `${title} of workloads with the same access (members: -o json)`,
          header: [kind, 'workloads', 'members'],
          rows,
          whenEmpty: '',
        },
      ];
}

/**
 * One row for each access of each edge.
 *
 * @param whole - write all blocks of addresses, for programs
 */
export function reachTable(result: ReachLike, whole: boolean): TextTable {
  return {
    header: ['from', 'to', 'access', 'certainty', 'layers'],
    rows: result.edges.flatMap(edge =>
      edge.access.map(access => [
        endText(result, edge.from, whole),
        endText(result, edge.to, whole),
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

/** An end; of a set or class, how many it stands for. */
function endText(
  { sets = {}, classes = {} }: ReachLike,
  end: FoldedEdge['from'],
  whole = false,
): string {
  const text = endpointText(end, whole);
  if (typeof end === 'string') {
    const others = (classes[end]?.length ?? 1) - 1;
    return others > 0 ? `${text} and ${others} like it` : text;
  }
  if (!('set' in end)) return text;
  return `${text} (${sets[end.set]?.length ?? 0} workloads)`;
}

/** The same as a directed graph. */
export function reachDot(result: ReachLike): string {
  const lines = result.edges.map(
    edge =>
      `  ${quote(endText(result, edge.from))} -> ${quote(
        endText(result, edge.to),
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
