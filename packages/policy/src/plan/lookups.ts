import { Edge, PlumbingEdge } from './types';

/**
 * The items of a list by a key, made once for as long as it is the same list:
 * plans are asked for the edges of one workload as often as they have
 * workloads.
 */
function lookup<T extends object>(
  key: (item: T) => string,
): (list: readonly T[], wanted: string) => readonly T[] {
  const known = new WeakMap<readonly T[], Map<string, T[]>>();
  return (list, wanted) => {
    let index = known.get(list);
    if (!index) {
      index = new Map();
      for (const item of list) {
        const text = key(item);
        const found = index.get(text);
        if (found) found.push(item);
        else index.set(text, [item]);
      }
      known.set(list, index);
    }
    return index.get(wanted) ?? [];
  };
}

/** Edges that end at a workload, in whichever cluster. */
export const edgesInto = lookup<Edge>(({ to }) => to.id);

/** Edges of an API. */
export const edgesOfApi = lookup<Edge>(({ api }) => api);

/** What the platform needs of a workload. */
export const plumbingAbout = lookup<PlumbingEdge>(
  ({ workload }) => workload.id,
);
