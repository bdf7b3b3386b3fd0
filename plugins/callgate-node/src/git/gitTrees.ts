import git, { type TreeEntry } from 'isomorphic-git';
import type { GitChanges } from './GitStore';
import type { wholeFiles } from './wholeFiles';

/** Where isomorphic-git reads and writes. */
export interface GitPlace {
  fs: typeof wholeFiles;
  gitdir: string;
  cache: object;
}

/** The mode of a symbolic link, whose blob is the path that it leads to. */
export const LINK_MODE = '120000';

/** Blobs of a tree by path. */
export type TreeEntries = Map<string, { oid: string; mode: string }>;

/** Lists the blobs of a tree, only those below (or equal to) one of the folders when some are given. */
export async function flattenTree(
  place: GitPlace,
  tree: string,
  folders?: string[],
  prefix = '',
): Promise<TreeEntries> {
  const entries: TreeEntries = new Map();
  for (const entry of (await git.readTree({ ...place, oid: tree })).tree) {
    const path = `${prefix}${entry.path}`;
    const inside =
      !folders || folders.some(f => path === f || path.startsWith(`${f}/`));
    if (entry.type === 'blob' && inside) {
      entries.set(path, { oid: entry.oid, mode: entry.mode });
    } else if (
      entry.type === 'tree' &&
      (inside || folders!.some(folder => folder.startsWith(`${path}/`)))
    ) {
      const below = await flattenTree(
        place,
        entry.oid,
        inside ? undefined : folders,
        `${path}/`,
      );
      below.forEach((value, key) => entries.set(key, value));
    }
  }
  return entries;
}

/**
 * Writes the tree that the changes make of another one, and only the trees on their way: what is not touched keeps its
 * object, mode and bytes.
 */
export async function changeTree(
  place: GitPlace,
  tree: string | undefined,
  changes: GitChanges,
): Promise<string> {
  const entries = new Map<string, TreeEntry>();
  if (tree) {
    for (const entry of (await git.readTree({ ...place, oid: tree })).tree) {
      entries.set(entry.path, entry);
    }
  }
  const below = new Map<string, Map<string, string | undefined>>();
  for (const [path, text] of changes) {
    const slash = path.indexOf('/');
    if (slash >= 0) {
      const folder = path.slice(0, slash);
      const nested = below.get(folder) ?? new Map<string, string | undefined>();
      below.set(folder, nested.set(path.slice(slash + 1), text));
    } else if (text === undefined) {
      entries.delete(path);
    } else {
      const oid = await git.writeBlob({
        ...place,
        blob: new TextEncoder().encode(text),
      });
      const before = entries.get(path);
      // A text in the place of a link is a file: as a link, it would lead to what it says.
      const mode =
        before?.type === 'blob' && before.mode !== LINK_MODE
          ? before.mode
          : '100644';
      entries.set(path, { mode, path, oid, type: 'blob' });
    }
  }
  for (const [folder, nested] of below) {
    const existing = entries.get(folder);
    const oid = await changeTree(
      place,
      existing?.type === 'tree' ? existing.oid : undefined,
      nested,
    );
    if ((await git.readTree({ ...place, oid })).tree.length === 0) {
      entries.delete(folder);
    } else {
      entries.set(folder, { mode: '040000', path: folder, oid, type: 'tree' });
    }
  }
  return git.writeTree({ ...place, tree: [...entries.values()] });
}
