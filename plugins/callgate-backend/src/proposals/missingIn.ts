import {
  loadManifests,
  type ManifestObject,
  type RenderedFile,
} from '@callgate/policy';
import type { EstateFile } from '@callgate/plugin-callgate-node';
import { objectId } from './objectId';

/**
 * Paths of generated files of which a cluster that is read live lacks an object, or has it with another `spec`. Fields that its API
 * server filled in do not count. A cluster that is read from a folder lacks nothing: it has no generated objects of its own.
 */
export function missingIn(
  running: readonly EstateFile[],
  generated: readonly RenderedFile[],
): string[] {
  const observed = running.filter(file => file.observed);
  if (observed.length === 0) return [];
  const seen = new Map(
    loadManifests(observed).objects.map(({ object }) => [
      objectId(object),
      object as { spec?: unknown },
    ]),
  );
  const isThere = ({ object }: ManifestObject) => {
    const own = seen.get(objectId(object));
    return (
      own !== undefined &&
      contains(own.spec, (object as { spec?: unknown }).spec)
    );
  };
  return generated
    .filter(file => !loadManifests([file]).objects.every(isThere))
    .map(({ path }) => path);
}

/** Whether a value has everything that another one has. Lists have to be as long. */
function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part))
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      part.every((each, index) => contains(whole[index], each))
    );
  if (typeof part === 'object' && part !== null)
    return (
      typeof whole === 'object' &&
      whole !== null &&
      Object.entries(part).every(([key, value]) =>
        contains((whole as Record<string, unknown>)[key], value),
      )
    );
  return whole === part;
}
