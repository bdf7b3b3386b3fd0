import { existsSync, readdirSync, readlinkSync, type Dirent } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { RECEIPTS_FOLDER, type SourceFile } from '@callgate/policy';
import { UsageError } from '../UsageError';
import { reasonOf } from './reasonOf';
import { readTextFile, statPath } from './readTextFile';

const EXTENSIONS = ['.yaml', '.yml', '.json'];

/** Folders in which no manifest and no declaration of anybody's own is kept; who names one of them gets what is in it. */
const SKIPPED_FOLDERS = new Set(['node_modules', '.git', RECEIPTS_FOLDER]);

/** What a folder or file on the command line is for. */
export interface ReadSourceFilesOptions {
  cwd: string;
  /** The option that named the path, for the message: `--world`. */
  option: string;
  /** Which files of folders are left out, by their path below the folder. */
  isExcluded?: (path: string) => boolean;
  /** Told of links that lead nowhere; without it they are refused. */
  onBrokenLink?: (path: string, target: string) => void;
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
    const absolute = absoluteOf(path, options);
    if (statPath(absolute, path, options.option).isDirectory()) {
      for (const file of walk(absolute, options)) {
        const below = relative(absolute, file).split(sep).join('/');
        if (!options.isExcluded?.(below)) found.add(file);
      }
    } else {
      found.add(absolute);
    }
  }
  return [...found]
    .map(absolute => ({
      path: displayPath(absolute, options.cwd),
      text: readTextFile(
        absolute,
        displayPath(absolute, options.cwd),
        options.option,
      ),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Reads one file by its path on the command line. */
export function readSourceFile(
  path: string,
  options: ReadSourceFilesOptions,
): SourceFile {
  const absolute = absoluteOf(path, options);
  if (statPath(absolute, path, options.option).isDirectory()) {
    throw new UsageError(
      `${path} is a folder; ${options.option} wants one file`,
    );
  }
  return {
    path: displayPath(absolute, options.cwd),
    text: readTextFile(absolute, path, options.option),
  };
}

function displayPath(absolute: string, cwd: string): string {
  const fromHere = relative(cwd, absolute);
  return fromHere.startsWith('..') ? absolute : fromHere || absolute;
}

/** In any case: `.YAML` is one too. */
function hasExtension(name: string): boolean {
  return EXTENSIONS.some(extension => name.toLowerCase().endsWith(extension));
}

function walk(folder: string, options: ReadSourceFilesOptions): string[] {
  const files: string[] = [];
  for (const entry of entriesOf(folder, options)) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink() && !existsSync(path) && options.onBrokenLink) {
      if (hasExtension(entry.name))
        options.onBrokenLink(
          displayPath(path, options.cwd),
          readlinkSync(path),
        );
      continue;
    }
    const isFolder = entry.isSymbolicLink()
      ? statPath(path, path, options.option).isDirectory()
      : entry.isDirectory();
    if (isFolder) {
      // A link to a folder could lead back up; what it points at is read
      // where it is, or by naming it.
      if (!entry.isSymbolicLink() && !SKIPPED_FOLDERS.has(entry.name)) {
        files.push(...walk(path, options));
      }
    } else if (hasExtension(entry.name)) {
      files.push(path);
    }
  }
  return files;
}

function entriesOf(
  folder: string,
  { option }: ReadSourceFilesOptions,
): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new UsageError(
      `cannot read ${folder}: ${reasonOf(error)}; check ${option}`,
    );
  }
}

/** A path that is empty would mean the working folder; it is a variable that the shell found unset. */
function absoluteOf(path: string, { cwd, option }: ReadSourceFilesOptions) {
  if (path.trim() === '') {
    throw new UsageError(`${option} has an empty path; name a file or folder`);
  }
  return resolve(cwd, path);
}
