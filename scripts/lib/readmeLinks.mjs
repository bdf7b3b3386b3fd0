import path from 'node:path';

/** What npm puts into every tarball, whatever `files` says. */
const ALWAYS = ['package.json', 'README.md', 'LICENSE'];

/**
 * Links of a package's README to files that do not come along in its tarball: on a registry they lead nowhere.
 *
 * @param readme - text of the README
 * @param files - `files` of its package.json: names of files and folders; what begins with `!` is left out
 * @returns the targets, as they are written
 */
export function deadLinks(readme, files) {
  const shipped = [...ALWAYS, ...files.filter(each => !each.startsWith('!'))];
  return [...readme.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter(target => !/^(https?:|mailto:|#)/.test(target))
    .filter(target => {
      const file = path.posix.normalize(target.split('#')[0]);
      return !shipped.some(
        each => file === each || file.startsWith(`${each}/`),
      );
    });
}
