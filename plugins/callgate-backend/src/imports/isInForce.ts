import { apisOfGenerated } from '@callgate/policy';
import type { Snapshot } from '../proposals/types';

/**
 * Whether everything that is generated for a declared API is in force: the repository has it as it is compiled now, in clusters that can be
 * read, and clusters that are read live have it, too. What nobody knows is not in force.
 */
export function isInForce(snapshot: Snapshot, api: string): boolean {
  const { compilation, state, unread, source, missingInClusters } = snapshot;
  if (unread.length > 0 || source.estateMissing || source.stale) return false;
  const { failedApis, held } = compilation;
  if (failedApis.some(each => each.api === api)) return false;
  if (held.some(each => each.api === api)) return false;
  const isOwn = (file: Parameters<typeof apisOfGenerated>[0]) =>
    apisOfGenerated(file)?.includes(api) ?? false;
  const wanted = compilation.files.filter(isOwn);
  const there = new Map(
    (state.files ?? []).map(({ path, text }) => [path, text]),
  );
  const extra = [...there.keys()].filter(
    path =>
      isOwn({ path, text: there.get(path) ?? '' }) &&
      !wanted.some(each => each.path === path),
  );
  return (
    wanted.length > 0 &&
    extra.length === 0 &&
    wanted.every(
      ({ path, text }) =>
        there.get(path) === text && !missingInClusters.has(path),
    )
  );
}
