import type { RenderedFile } from '../render/types';
import { isHeldBack } from './isHeldBack';
import type { Compilation } from './types';

/**
 * The generated files of the repository after a compilation: its own files, and
 * of those that were there the ones that are held back, unchanged. Files of
 * APIs that are no longer declared are not among them.
 *
 * @param existing - generated files as the repository has them
 * @public
 */
export function keepFailed(
  compilation: Compilation,
  existing: readonly RenderedFile[],
): RenderedFile[] {
  const kept = existing.filter(file => isHeldBack(file, compilation));
  const paths = new Set(kept.map(({ path }) => path));
  return [
    ...compilation.files.filter(({ path }) => !paths.has(path)),
    ...kept,
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}
