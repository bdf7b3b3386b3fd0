import type { PathPattern } from '../model/pathPattern';
import type {
  AddressEnd,
  Edge,
  EdgeEnd,
  HttpAccess,
  LayerState,
} from '../plan/types';
import type { EdgeLayers } from './types';

/** Every request on a port. */
export const EVERYTHING = '*';

/** Stands for every method in an item. */
export const ANY_METHOD = 'ANY';

/** A part of what an edge opens. */
export interface EdgeItem {
  /** Equal exactly when the same is meant. */
  text: string;
  /** Absent: every request on the port. */
  http?: { method: string; path: string };
}

/** One method with one path, as an item. */
export function httpItem(method: string, path: string): EdgeItem {
  return { text: `${method} ${path}`, http: { method, path } };
}

/** Items, each once, sorted. */
export function distinctItems(items: readonly EdgeItem[]): EdgeItem[] {
  return [...new Map(items.map(item => [item.text, item])).values()].sort(
    (a, b) => (a.text < b.text ? -1 : 1),
  );
}

/**
 * What an edge opens, as texts that are equal exactly when they mean the same:
 * `*`, or `METHOD path`. Names of parameters do not count.
 */
export function itemsOf({ http }: Pick<Edge, 'http'>): EdgeItem[] {
  return http
    ? distinctItems(singleRequests(http).map(({ item }) => item))
    : [{ text: EVERYTHING }];
}

/**
 * An end as a digest names it. Of a host its addresses are part of what is approved: policies may know nothing else.
 *
 * @public
 */
export function digestEnd(end: EdgeEnd | AddressEnd): string {
  return end.kind === 'workload' && end.cidrs
    ? `${end.id} ${[...end.cidrs].sort().join(',')}`.trim()
    : end.id;
}

/** The part of an edge that items cover; undefined where that is nothing. */
export function coveredPart(
  edge: Edge,
  covering: readonly string[],
): Edge | undefined {
  if (covering.length === 0) return undefined;
  if (!edge.http) return isCovered(EVERYTHING, covering) ? edge : undefined;
  const all = singleRequests(edge.http);
  const covered = all.filter(({ item }) => isCovered(item.text, covering));
  if (covered.length === all.length) return edge;
  return covered.length === 0
    ? undefined
    : { ...edge, http: covered.map(({ access }) => access) };
}

/** Each method with each of its paths. */
function singleRequests(
  http: readonly HttpAccess[],
): { item: EdgeItem; access: HttpAccess }[] {
  return http.flatMap(({ methods, paths }) =>
    (methods.length > 0 ? methods : [ANY_METHOD]).flatMap(method =>
      paths.map(path => ({
        item: httpItem(method, pathText(path)),
        access: {
          methods: method === ANY_METHOD ? [] : [method],
          paths: [path],
        },
      })),
    ),
  );
}

function pathText(path: PathPattern): string {
  return `/${path.segments
    .map(segment => {
      switch (segment.kind) {
        case 'literal':
          return segment.text;
        case 'any':
          return '{*}';
        default:
          return '{**}';
      }
    })
    .join('/')}`;
}

/**
 * True when one of `outer` admits all that `item` does. Errs towards false: a
 * literal below a parameter is recognised, cleverer overlaps are not.
 */
export function isCovered(item: string, outer: readonly string[]): boolean {
  return outer.some(other => covers(other, item));
}

function covers(outer: string, inner: string): boolean {
  if (outer === EVERYTHING || outer === inner) {
    return true;
  }
  if (inner === EVERYTHING) {
    return false;
  }
  const [outerMethod, outerPath] = split(outer);
  const [innerMethod, innerPath] = split(inner);
  if (outerMethod !== ANY_METHOD && outerMethod !== innerMethod) {
    return false;
  }
  const outerSegments = outerPath.split('/');
  const innerSegments = innerPath.split('/');
  for (const [index, segment] of outerSegments.entries()) {
    const other: string | undefined = innerSegments[index];
    if (segment === '{**}' && other !== undefined) {
      return true;
    }
    const fits =
      segment === '{*}'
        ? other !== undefined && other !== '' && other !== '{**}'
        : segment === other;
    if (!fits) {
      return false;
    }
  }
  return outerSegments.length === innerSegments.length;
}

function split(item: string): [string, string] {
  const at = item.indexOf(' ');
  return [item.slice(0, at), item.slice(at + 1)];
}

const STRENGTH: Record<LayerState, number> = {
  enforced: 2,
  'acknowledged-gap': 1,
  none: 0,
};

/** True when no layer of `a` is weaker than the same layer of `b`. */
export function atLeastAsStrong(a: EdgeLayers, b: EdgeLayers): boolean {
  return (['kernel', 'identity', 'method'] as const).every(
    layer => STRENGTH[a[layer]] >= STRENGTH[b[layer]],
  );
}
