import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The folder with manifests of public demo applications, which are no part of this repository: where `CALLGATE_ESTATES`
 * says, else `shared/data/estates` in a folder above this one.
 *
 * @returns undefined where they are not here
 * @throws where `CALLGATE_ESTATES` names a folder that does not exist
 */
export function findEstates(): string | undefined {
  const stated = process.env.CALLGATE_ESTATES;
  if (stated) {
    if (!existsSync(stated))
      throw new Error(
        `CALLGATE_ESTATES is ${stated}, which does not exist; name the folder that has online-boutique and bookinfo`,
      );
    return resolve(stated);
  }
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'shared/data/estates');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}
