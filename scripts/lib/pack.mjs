import fs from 'node:fs';
import path from 'node:path';
import { must } from './must.mjs';
import { inRoot, YARN } from './paths.mjs';

/**
 * Packs packages of the repository as they would be published, which takes what `build:all` made.
 *
 * @param folders - folders of packages, relative to the root
 * @param into - an existing folder for the tarballs
 * @returns the absolute path of each tarball, by the name of its package
 */
export async function pack(folders, into) {
  const tarballs = new Map();
  for (const folder of folders) {
    const { name } = JSON.parse(
      fs.readFileSync(inRoot(folder, 'package.json'), 'utf8'),
    );
    const tarball = path.join(
      into,
      `${name.replace('@', '').replace('/', '-')}.tgz`,
    );
    // One after the other: packing rewrites package.json for a moment.
    await must(
      `Packing ${name}`,
      process.execPath,
      [YARN, 'pack', '--out', tarball],
      { cwd: inRoot(folder) },
    );
    tarballs.set(name, tarball);
  }
  return tarballs;
}
