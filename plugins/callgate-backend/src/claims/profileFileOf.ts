import {
  newPlatformProfile,
  parsePlatformProfile,
  type SourceFile,
} from '@callgate/policy';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';

/** The file of a cluster's platform profile, or why there is none that can be edited. */
export type ProfileFile =
  | (SourceFile & { isNew: boolean })
  | { problem: string };

const PROFILE = /\.(ya?ml|json)$/;

/**
 * Finds the file that a cluster's platform profile is. A cluster that has none gets one that states nothing else, unless there
 * is something in its place.
 */
export function profileFileOf(
  files: ReadonlyMap<string, string>,
  { profilesFolder }: Pick<PolicyRepositoryConfig, 'profilesFolder'>,
  cluster: string,
): ProfileFile {
  const inFolder = [...files].filter(
    ([path]) => path.startsWith(`${profilesFolder}/`) && PROFILE.test(path),
  );
  const read = inFolder.map(([path, text]) => ({
    path,
    text,
    ...parsePlatformProfile({ path, text }),
  }));
  const own = read.filter(({ profile }) => profile?.name === cluster);
  if (own.length > 1)
    return {
      problem: `${own
        .map(({ path }) => path)
        .join(
          ' and ',
        )} are both the platform profile of ${cluster}. Make it one file first.`,
    };
  if (own.length === 1)
    return { path: own[0].path, text: own[0].text, isNew: false };
  // It may be the one that is looked for, so another one must not be made beside it.
  const unread = read.find(({ profile }) => !profile);
  if (unread)
    return {
      problem: `The platform profile ${unread.path} cannot be read: ${unread.findings[0]?.message}. Mend it first.`,
    };
  const path = `${profilesFolder}/${cluster}.yaml`;
  const taken = [...files.keys()].find(
    each => each.toLowerCase() === path.toLowerCase(),
  );
  if (taken !== undefined || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(cluster))
    return {
      problem: `${cluster} has no platform profile, and ${path} is no place for one. Write it by hand.`,
    };
  return { path, text: newPlatformProfile(cluster), isNew: true };
}
