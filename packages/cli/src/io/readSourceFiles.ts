import { readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { SourceFile } from '@callgate/policy';
import { UsageError } from '../UsageError';

const EXTENSIONS = ['.yaml', '.yml', '.json'];

/** Folders in which no manifest of anybody's own is kept. */
const SKIPPED_FOLDERS = new Set(['node_modules', '.git']);

/** What a folder or file on the command line is for. */
export interface ReadSourceFilesOptions {
  cwd: string;
  /** The option that named the path, for the message: `--world`. */
  option: string;
}

/**
 * Reads files and folders (recursively: `.yaml`, `.yml`, `.json`). A file that
 * is named itself is read whatever its extension. Paths in the result are
 * relative to the working folder, sorted, and each file comes once.
 */
export function readSourceFiles(
  paths: readonly string[],
  options: ReadSourceFilesOptions,
): SourceFile[] {
  const found = new Set<string>();
  for (const path of paths) {
    const absolute = resolve(options.cwd, path);
    const stats = statOf(absolute, path, options);
    if (stats.isDirectory()) {
      for (const file of walk(absolute, options)) {
        found.add(file);
      }
    } else {
      found.add(absolute);
    }
  }
  return [...found]
    .map(absolute => ({
      path: displayPath(absolute, options.cwd),
      text: readText(absolute, options),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Reads one file by its path on the command line. */
export function readSourceFile(
  path: string,
  options: ReadSourceFilesOptions,
): SourceFile {
  const absolute = resolve(options.cwd, path);
  if (statOf(absolute, path, options).isDirectory()) {
    throw new UsageError(
      `${path} is a folder; ${options.option} wants one file`,
    );
  }
  return {
    path: displayPath(absolute, options.cwd),
    text: readText(absolute, options),
  };
}

function displayPath(absolute: string, cwd: string): string {
  const fromHere = relative(cwd, absolute);
  return fromHere.startsWith('..') ? absolute : fromHere || absolute;
}

function walk(folder: string, options: ReadSourceFilesOptions): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink()
      ? statOf(path, path, options).isDirectory()
      : entry.isDirectory();
    if (isFolder) {
      // A link to a folder could lead back up; what it points at is read
      // where it is, or by naming it.
      if (!entry.isSymbolicLink() && !SKIPPED_FOLDERS.has(entry.name)) {
        files.push(...walk(path, options));
      }
    } else if (EXTENSIONS.some(extension => entry.name.endsWith(extension))) {
      files.push(path);
    }
  }
  return files;
}

function statOf(
  absolute: string,
  shown: string,
  options: ReadSourceFilesOptions,
): Stats {
  try {
    return statSync(absolute);
  } catch (error) {
    throw new UsageError(
      `cannot read ${shown}: ${reasonOf(error)}; check ${options.option}`,
    );
  }
}

function readText(absolute: string, options: ReadSourceFilesOptions): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    throw new UsageError(
      `cannot read ${absolute}: ${reasonOf(error)}; check ${options.option}`,
    );
  }
}

function reasonOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error
      ? error.code
      : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
      return 'permission denied';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
