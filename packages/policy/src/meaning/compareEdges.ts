import type { Edge } from '../plan/types';
import { type EdgeItem, isCovered, itemsOf } from './edgeItems';

/** An edge with those of its items that only one side has. */
export interface ChangedItems {
  edge: Edge;
  /** Items that the other side does not cover. */
  items: EdgeItem[];
  /** True when that is all that the edge opens. */
  whole: boolean;
}

/** How the edges of one API differ. */
export interface EdgeComparison {
  gained: ChangedItems[];
  lost: ChangedItems[];
  /** Edges of `after` that add nothing. */
  unchanged: Edge[];
}

/**
 * Compares edges item by item. An item that is enforced by other layers than
 * before is lost and gained: its approver has to read the new layers.
 */
export function compareEdges(
  before: readonly Edge[],
  after: readonly Edge[],
): EdgeComparison {
  const gained = changed(after, before);
  const lost = changed(before, after);
  const known = new Set(gained.map(({ edge }) => edge));
  return {
    gained,
    lost,
    unchanged: after.filter(edge => !known.has(edge)),
  };
}

function changed(
  edges: readonly Edge[],
  others: readonly Edge[],
): ChangedItems[] {
  const index = new Map<string, string[]>();
  for (const other of others) {
    const key = keyOf(other);
    index.set(key, [
      ...(index.get(key) ?? []),
      ...itemsOf(other).map(({ text }) => text),
    ]);
  }
  return edges.flatMap(edge => {
    const all = itemsOf(edge);
    const outer = index.get(keyOf(edge)) ?? [];
    const items = all.filter(({ text }) => !isCovered(text, outer));
    return items.length === 0
      ? []
      : [{ edge, items, whole: items.length === all.length }];
  });
}

function keyOf(edge: Edge): string {
  const { kernel, identity, method } = edge.layers;
  return JSON.stringify([
    edge.cluster,
    edge.api,
    edge.caller,
    edge.from.id,
    edge.to.id,
    edge.protocol,
    edge.port,
    edge.mode,
    [kernel, identity, method],
    edge.gaps,
  ]);
}
