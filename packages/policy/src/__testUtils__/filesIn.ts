import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SourceFile } from '../source';

/**
 * Every file below a folder, in the order of their names.
 *
 * @param base - what paths are relative to
 * @returns nothing where there is no such folder
 */
export function filesIn(folder: string, base = folder): SourceFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      return entry.isDirectory()
        ? filesIn(path, base)
        : [{ path: relative(base, path), text: readFileSync(path, 'utf8') }];
    });
}
