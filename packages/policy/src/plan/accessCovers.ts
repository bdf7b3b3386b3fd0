import { Edge } from './types';

/** What an edge opens on its port, as texts that are equal for equal access; undefined for everything. */
export function accessItems({ http }: Edge): string[] | undefined {
  return http?.flatMap(({ methods, paths }) =>
    (methods.length > 0 ? methods : ['*']).flatMap(method =>
      paths.map(({ text }) => `${method} ${text}`),
    ),
  );
}

/** True where edges of one port open everything that another one does. Errs towards false. */
export function accessCovers(edges: readonly Edge[], other: Edge): boolean {
  const items = edges.map(accessItems);
  if (items.some(each => each === undefined)) return true;
  const known = new Set(items.flatMap(each => each ?? []));
  return accessItems(other)?.every(item => known.has(item)) ?? false;
}
