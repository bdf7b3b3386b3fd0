import { digestOf, noteOfRefused } from '@callgate/cluster-reader';
import type { EstateAnswer, EstatePush } from '@callgate/plugin-callgate-node';
import type { Manifest } from '../snapshots/packing';
import type { Text } from './DatabasePushes';

/** Files that an answer names. */
const MOST_NAMED = 50;

/**
 * Texts of agents that this process does not take, so that none is asked for again with every message. The file of such a text
 * says instead that its objects are not known: it stays from nobody what the cluster has beside it, and is not taken for
 * empty. What it said before is not kept: whoever can have a file refused would choose which version stays.
 *
 * Agents of this version leave out by themselves what is too large or nested too deep; this is for what else may be wrong with
 * an agent. What a process does not know it asks for once.
 */
export class Refused {
  /** By cluster, and by path and digest: why, as the rest of a sentence. */
  readonly #known = new Map<string, ReadonlyMap<string, string>>();

  /**
   * Learns what is refused, and forgets what no file has any more.
   *
   * @param found - by the path of the file
   */
  add(
    cluster: string,
    { files }: Pick<EstatePush, 'files'>,
    found: ReadonlyMap<string, string>,
  ): void {
    if (!files) return;
    const before = this.#known.get(cluster);
    const now = new Map<string, string>();
    for (const file of files) {
      const key = keyOf(file);
      const why = found.get(file.path) ?? before?.get(key);
      if (why !== undefined) now.set(key, why);
    }
    this.#known.set(cluster, now);
  }

  /** What an agent sends, with what stands in the place of what is refused. */
  without(
    cluster: string,
    { files = [], texts = [] }: Pick<EstatePush, 'files' | 'texts'>,
  ): {
    manifest: Manifest;
    texts: readonly Text[];
    refused: NonNullable<EstateAnswer['refused']>;
  } {
    const known = this.#known.get(cluster);
    const manifest: [string, string][] = [];
    const notes: Text[] = [];
    const gone = new Set<string>();
    const refused: { path: string; why: string }[] = [];
    for (const file of files) {
      const why = known?.get(keyOf(file));
      if (why === undefined) {
        manifest.push([file.path, file.digest]);
        continue;
      }
      const text = noteOfRefused(cluster, file.path);
      const digest = digestOf(text);
      manifest.push([file.path, digest]);
      notes.push({ digest, text });
      gone.add(file.digest);
      refused.push({ path: file.path, why });
    }
    return {
      manifest,
      texts: [...texts.filter(({ digest }) => !gone.has(digest)), ...notes],
      refused: refused.slice(0, MOST_NAMED),
    };
  }
}

function keyOf({ path, digest }: { path: string; digest: string }): string {
  return `${digest} ${path}`;
}
