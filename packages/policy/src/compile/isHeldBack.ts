import type { RenderedFile } from '../render/types';
import { heldKey } from '../plan/types';
import { apisOfGenerated } from './generatedObjects';
import { grantsInForce, readInForce } from './inForce';
import type { Compilation } from './types';

/**
 * True for a generated file of the repository that stays as it is after a
 * compilation, because without what failed there is nothing to write instead:
 *
 * - it has objects of a failed API, also where other APIs of the same workload
 *   share the file: writing it without them would cut their callers;
 * - it names a grant with an error, and `compile` was not told that it is there,
 *   so that nothing keeps what it opens for the grant;
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
  compilation: Pick<Compilation, 'files' | 'failedApis' | 'findings' | 'held'>,
): boolean {
  const apis = apisOfGenerated(existing);
  if (apis === undefined) {
    return false;
  }
  const { failedApis, files, findings, held } = compilation;
  if (apis.length > 0) {
    return (
      failedApis.some(({ api }) => apis.includes(api)) ||
      isUnknownToHeld(existing, held)
    );
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

function isUnknownToHeld(
  { path, text }: Pick<RenderedFile, 'path' | 'text'>,
  held: Compilation['held'],
): boolean {
  const missed = held.filter(({ inForce }) => !inForce);
  if (missed.length === 0) return false;
  const named = grantsInForce(readInForce([{ path, text, cluster: '' }]));
  return missed.some(({ api, grantId }) => named.has(heldKey(api, grantId)));
}
