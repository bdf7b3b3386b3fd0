import { parse } from 'yaml';

/**
 * Packages of Backstage that an app has in more than one version. A mixture of two releases may not start, and what a
 * package holds, a React context or a service, is there twice then.
 *
 * @param lock - the text of Yarn's lock file, which has everything that is installed
 * @returns such as `@backstage/ui 0.17.0, 0.18.0`, sorted
 */
export function twoVersions(lock) {
  const versions = new Map();
  for (const { resolution, version } of Object.values(parse(lock))) {
    const name = /^(@backstage\/[^@]+)@/.exec(resolution ?? '')?.[1];
    if (name) versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return [...versions]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => `${name} ${all.sort().join(', ')}`)
    .sort();
}
