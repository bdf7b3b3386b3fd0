import {
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SourceFile } from '@callgate/policy';
import { UsageError } from '../UsageError';
import { isSystemError, reasonOf } from './reasonOf';

/** Ends the name of a file that is not written to its end yet. */
export const UNFINISHED = '.callgate-tmp';

/** What becomes of files below a folder; paths are relative to it. */
export interface Replacement {
  folder: string;
  write: readonly SourceFile[];
  remove: readonly string[];
}

/**
 * Writes and removes files. All texts are written beside their places before
 * the first gets there, so that a full disk or a missing permission leaves
 * everything as it was, and nobody ever reads half a file.
 *
 * @throws UsageError naming the path and why it cannot be written
 */
export function replaceFiles({ folder, write, remove }: Replacement): void {
  const unfinished: [string, string][] = [];
  let current = folder;
  try {
    for (const { path, text } of write) {
      current = join(folder, path);
      makeFolder(dirname(current));
      const beside = join(
        dirname(current),
        `.${basename(current)}${UNFINISHED}`,
      );
      unfinished.push([beside, current]);
      writeFileSync(beside, text);
    }
    for (const [beside, target] of unfinished) {
      current = target;
      renameSync(beside, target);
    }
    for (const path of remove) {
      current = join(folder, path);
      rmSync(current);
    }
  } catch (error) {
    for (const [beside] of unfinished) discard(beside);
    if (!isSystemError(error)) throw error;
    throw new UsageError(
      `cannot write ${current}: ${reasonOf(error)}; check --out`,
    );
  }
}

/** One level at a time: Node's `recursive` never comes back below a link that leads nowhere, and below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

/** What cannot be written cannot always be removed either: the reason that is told is the first one. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
