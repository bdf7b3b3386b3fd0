import type { RenderedFile } from '../render/types';
import { apisOfGenerated } from './generatedObjects';
import type { Compilation } from './types';

/**
 * The generated files of the repository after a compilation: its own files, and
 * of those that were there the ones of failed APIs, unchanged. Files of APIs
 * that are no longer declared are not among them.
 *
 * @param existing - generated files as the repository has them
 * @public
 */
export function keepFailed(
  compilation: Compilation,
  existing: readonly RenderedFile[],
): RenderedFile[] {
  const failed = new Set(compilation.failedApis.map(({ api }) => api));
  const compiled = new Set(compilation.files.map(({ path }) => path));
  const kept = existing.filter(file => {
    if (compiled.has(file.path)) {
      return false;
    }
    const apis = apisOfGenerated(file);
    return (
      apis !== undefined &&
      (apis.some(api => failed.has(api)) ||
        // What belongs to no API may rest on one that failed.
        (apis.length === 0 && failed.size > 0))
    );
  });
  return [...compilation.files, ...kept].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}
