import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  apisOfGenerated,
  type Compilation,
  type InForce,
  isHeldBack,
  readInForce,
  type SourceFile,
} from '@callgate/policy';
import { readSourceFiles } from './readSourceFiles';
import { readTextFile } from './readTextFile';
import { replaceFiles } from './replaceFiles';

/** What writing a file does, or would do. */
export interface FileState {
  path: string;
  state: 'added' | 'changed' | 'removed' | 'unchanged' | 'kept';
}

/** Options of {@link planFiles}. */
export interface PlanFilesOptions {
  /** Absolute path of the folder that is written to. */
  out: string;
  manifestsFolder: string;
  clusters: readonly string[];
  compilation: Compilation;
  /** Further files, which are not part of what is applied by itself. */
  hardening: readonly SourceFile[];
  /** True when a declaration could not even be attributed to an API. */
  unknownApi: boolean;
}

/**
 * Compares a compilation with what is in the folder. Generated files of an API
 * that is no longer declared are removed; those of a failed API are kept,
 * because removing them could open what they close. Files of other clusters and
 * files that Callgate did not write are never touched.
 */
export function planFiles(options: PlanFilesOptions): FileState[] {
  const { out, compilation } = options;
  const states = new Map<string, FileState['state']>();
  for (const file of [...compilation.files, ...options.hardening]) {
    const path = join(out, file.path);
    if (!existsSync(path)) {
      states.set(file.path, 'added');
    } else if (readTextFile(path, path, '--out') === file.text) {
      states.set(file.path, 'unchanged');
    } else {
      states.set(file.path, 'changed');
    }
  }
  for (const cluster of options.clusters) {
    const folder = `${options.manifestsFolder}/${cluster}`;
    for (const file of existing(out, folder)) {
      if (isHeldBack(file, compilation)) {
        states.set(file.path, 'kept');
      } else if (
        !states.has(file.path) &&
        apisOfGenerated(file) !== undefined
      ) {
        states.set(file.path, options.unknownApi ? 'kept' : 'removed');
      }
    }
  }
  return [...states]
    .map(([path, state]) => ({ path, state }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes what {@link planFiles} found to be different. */
export function writeFiles(
  states: readonly FileState[],
  options: PlanFilesOptions,
): void {
  const texts = new Map(
    [...options.compilation.files, ...options.hardening].map(file => [
      file.path,
      file.text,
    ]),
  );
  const inState = (...wanted: FileState['state'][]) =>
    states
      .filter(({ state }) => wanted.includes(state))
      .map(({ path }) => path);
  replaceFiles({
    folder: options.out,
    write: inState('added', 'changed').map(path => ({
      path,
      text: texts.get(path) ?? '',
    })),
    remove: inState('removed'),
  });
}

/** True when something would be written or removed. */
export function differs(states: readonly FileState[]): boolean {
  return states.some(
    ({ state }) =>
      state === 'added' || state === 'changed' || state === 'removed',
  );
}

/** The generated objects that the folder has, for `compile`. */
export function inForceIn({
  out,
  manifestsFolder,
  clusters,
}: Pick<PlanFilesOptions, 'out' | 'manifestsFolder' | 'clusters'>): InForce[] {
  return readInForce(
    clusters.flatMap(cluster =>
      existing(out, `${manifestsFolder}/${cluster}`).map(file => ({
        ...file,
        cluster,
      })),
    ),
  );
}

function existing(out: string, folder: string): SourceFile[] {
  return existsSync(resolve(out, folder))
    ? readSourceFiles([folder], { cwd: out, option: '--out' })
    : [];
}
