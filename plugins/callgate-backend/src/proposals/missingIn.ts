import { isDeepStrictEqual } from 'node:util';
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
      isDeepStrictEqual(
        settled(own.spec),
        settled((object as { spec?: unknown }).spec),
      )
    );
  };
  return generated
    .filter(file => !loadManifests([file]).objects.every(isThere))
    .map(({ path }) => path);
}

/**
 * A `spec` as an API server gives it back: it fills in the protocol of ports of a NetworkPolicy, and leaves out lists that are empty, which
 * mean what an absent list means. Any other field that came or went is another policy: `rules: [{}]` admits everybody.
 */
function settled(value: unknown, field?: string): unknown {
  if (Array.isArray(value))
    return value.map(each =>
      field === 'ports' && isObject(each)
        ? settled({ protocol: 'TCP', ...each })
        : settled(each),
    );
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !Array.isArray(each) || each.length > 0)
      .map(([name, each]) => [name, settled(each, name)]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
