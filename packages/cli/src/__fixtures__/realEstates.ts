import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Finds the folder with manifests of public demo applications, which are no
 * part of this repository: where `CALLGATE_ESTATES` says, else as
 * `shared/data/estates` in a folder above the one that tests run in.
 *
 * @returns undefined when they are not here
 */
export function findRealEstates(): string | undefined {
  const stated = process.env.CALLGATE_ESTATES;
  if (stated) {
    if (!existsSync(stated)) {
      throw new Error(`CALLGATE_ESTATES is ${stated}, which does not exist`);
    }
    return resolve(stated);
  }
  let folder = process.cwd();
  for (;;) {
    const candidate = join(folder, 'shared/data/estates');
    if (existsSync(candidate)) {
      return candidate;
    }
    const parent = dirname(folder);
    if (parent === folder) {
      return undefined;
    }
    folder = parent;
  }
}
