import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from '@callgate/policy';
import { readTextFile } from './readTextFile';
import { replaceFiles } from './replaceFiles';

/** What becomes of an AccessPolicy that was imported. `kept`: another one is there, with approvals that are not ours to lose. */
export interface ImportedFileState {
  path: string;
  state: 'added' | 'unchanged' | 'kept';
}

/**
 * Writes AccessPolicies that are not there yet. A declaration that says something else is never replaced.
 *
 * @param out - absolute path of the folder
 * @throws UsageError where the folder cannot be written
 */
export function writeImported(
  out: string,
  files: readonly SourceFile[],
): ImportedFileState[] {
  const states = files.map(({ path, text }): ImportedFileState => {
    const target = join(out, path);
    if (!existsSync(target)) return { path, state: 'added' };
    const isSame = readTextFile(target, target, '--out') === text;
    return { path, state: isSame ? 'unchanged' : 'kept' };
  });
  const added = new Set(
    states.filter(({ state }) => state === 'added').map(({ path }) => path),
  );
  replaceFiles({
    folder: out,
    write: files.filter(({ path }) => added.has(path)),
    remove: [],
  });
  return states;
}
