import type { RenderedFile } from '../render/types';
import { apisOfGenerated } from './generatedObjects';
import type { Compilation } from './types';

/**
 * True for a generated file of the repository that stays as it is after a
 * compilation, because without what failed there is nothing to write instead:
 *
 * - it has objects of a failed API, also where other APIs of the same workload
 *   share the file: writing it without them would cut their callers;
 * - it belongs to no API (egress isolation), and may rest on an API that failed
 *   or on a workload of its namespace that cannot be isolated now: writing it
 *   without that workload would open it.
 *
 * @param existing - the file as the repository has it; never true for one that
 *   Callgate did not generate
 * @public
 */
export function isHeldBack(
  existing: Pick<RenderedFile, 'path' | 'text'>,
  compilation: Pick<Compilation, 'files' | 'failedApis' | 'findings'>,
): boolean {
  const apis = apisOfGenerated(existing);
  if (apis === undefined) {
    return false;
  }
  const { failedApis, files, findings } = compilation;
  if (apis.length > 0) {
    return failedApis.some(({ api }) => apis.includes(api));
  }
  const isCompiled = files.some(({ path }) => path === existing.path);
  const [namespace] = existing.path.split('/').slice(-2);
  return (
    (failedApis.length > 0 && !isCompiled) ||
    findings.some(
      ({ severity, api, objects }) =>
        severity === 'error' &&
        api === undefined &&
        objects.some(id => id.startsWith(`${namespace}/`)),
    )
  );
}
