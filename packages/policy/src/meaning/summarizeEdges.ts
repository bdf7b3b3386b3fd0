import type { Contract } from '../contract/types';
import type { ChangedItems } from './compareEdges';
import { callsOf } from './callsOf';
import { weakestOf } from '../access/layers';
import type { EdgeInCluster, EdgeSummary } from './types';

/** Folds edges to one line for each caller, whole ports apart from requests. */
export function summarizeEdges(
  changes: readonly ChangedItems[],
  contractOf: (api: string) => Contract,
): EdgeSummary[] {
  const groups = new Map<string, ChangedItems[]>();
  for (const change of changes) {
    const { edge } = change;
    const key = JSON.stringify([
      edge.caller,
      edge.api,
      isEverything(change) ? `${edge.protocol} ${edge.port}` : '',
    ]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => summaryOf(group, contractOf));
}

function isEverything({ items }: ChangedItems): boolean {
  return items.some(({ http }) => http === undefined);
}

function summaryOf(
  group: readonly ChangedItems[],
  contractOf: (api: string) => Contract,
): EdgeSummary {
  const [{ edge }] = group;
  const everythingOn = isEverything(group[0])
    ? `${edge.protocol} ${edge.port}`
    : undefined;
  // A whole edge is told by the names that its grant uses; a part of one by
  // what exactly it is, because names would claim more.
  const operations = sorted(
    group.flatMap(change =>
      change.whole
        ? change.edge.operations
        : change.items.map(({ text }) => text),
    ),
  );
  return {
    caller: edge.caller,
    api: edge.api,
    grantIds: sorted(group.map(change => change.edge.grantId)),
    operations,
    calls: callsOf(group, contractOf(edge.api)),
    ...(everythingOn !== undefined && { everythingOn }),
    clusters: byCluster(group),
    text: edgeText({ ...edge, everythingOn }, operations),
  };
}

function byCluster(group: readonly ChangedItems[]): EdgeInCluster[] {
  return sorted(group.map(({ edge }) => edge.cluster)).map(cluster => {
    const edges = group
      .map(({ edge }) => edge)
      .filter(edge => edge.cluster === cluster);
    return {
      cluster,
      from: sorted(edges.map(({ from }) => from.id)),
      to: sorted(edges.map(({ to }) => to.id)),
      protocol: edges[0].protocol,
      ports: [...new Set(edges.map(({ port }) => port))].sort((a, b) => a - b),
      layers: weakestOf(edges.map(({ layers }) => layers)),
    };
  });
}

/** What one caller may do with one API, with its operations in these words. */
export function edgeText(
  edge: Pick<EdgeSummary, 'caller' | 'api' | 'everythingOn'>,
  operations: readonly string[],
  titleOf: (ref: string) => string = nameOf,
): string {
  const { caller, api, everythingOn } = edge;
  return `${titleOf(caller)} → ${
    everythingOn === undefined
      ? operations.join(', ')
      : `everything on ${everythingOn}`
  } of ${titleOf(api)}`;
}

/** The name in an entity ref. */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
