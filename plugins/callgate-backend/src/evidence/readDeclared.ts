import type { GitStore } from '@callgate/plugin-callgate-node';
import { isReceiptPath } from '@callgate/policy';
import { followLinks } from '../git/followLinks';
import { type ParsedPolicy, readPolicies } from '../proposals/readPolicies';

/**
 * The declarations of a commit, without the receipts beside them, which are the larger part of an old repository.
 *
 * @param folder - where declarations are, without a slash at the end
 */
export async function readDeclared(
  store: Pick<GitStore, 'paths' | 'links' | 'readFiles'>,
  commit: string,
  folder: string,
): Promise<ParsedPolicy[]> {
  const all = await store.paths(commit);
  const links = await store.links(commit);
  const paths = all.filter(
    path => path.startsWith(`${folder}/`) && !isReceiptPath(path, folder),
  );
  const parts = new Set(
    paths.map(
      path => `${folder}/${path.slice(folder.length + 1).split('/')[0]}`,
    ),
  );
  if (parts.size === 0) return [];
  // A link may lead anywhere in the repository.
  const leadsOut = paths.some(path => links.has(path));
  const texts = await store.readFiles(
    commit,
    leadsOut ? undefined : [...parts],
  );
  const { files, notText, broken } = followLinks(
    texts,
    leadsOut ? all : paths,
    leadsOut ? links : new Map(),
  );
  return readPolicies(files, folder, [...notText, ...broken]);
}
