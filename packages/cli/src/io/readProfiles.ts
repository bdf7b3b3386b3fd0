import {
  defaultPlatformProfile,
  parsePlatformProfile,
  type PlatformProfile,
} from '@callgate/policy';
import { oneLineFinding } from '../output/findingLines';
import { UsageError } from '../UsageError';
import { parseNamedPaths } from './parseNamedPaths';
import { readSourceFile } from './readSourceFiles';

/** Name of a cluster that nobody named. */
export const UNNAMED_CLUSTER = 'default';

/** Options of {@link readProfiles}. */
export interface ReadProfilesOptions {
  cwd: string;
  /** Values of `--profile`. */
  values: readonly string[];
  /** Clusters of the command; `undefined` for the one without a name. */
  clusters: readonly (string | undefined)[];
}

/**
 * Reads the profile of each cluster. A profile without a name is for every
 * cluster; a cluster without a profile gets the defaults, all of them guesses.
 */
export function readProfiles(
  options: ReadProfilesOptions,
): Map<string | undefined, PlatformProfile> {
  const files = new Map<string | undefined, string>();
  for (const value of options.values) {
    // One value at a time: a name holds for its own file only.
    const [{ name, paths }] = parseNamedPaths([value], '--profile');
    if (files.has(name)) {
      throw new UsageError(
        name === undefined
          ? '--profile is given twice; write --profile NAME=FILE for each cluster'
          : `--profile ${name}=… is given twice; give one file for each cluster`,
      );
    }
    if (name !== undefined && !options.clusters.includes(name)) {
      throw new UsageError(
        `--profile names the cluster ${name}, but no path does; write for example --world ${name}=PATH`,
      );
    }
    files.set(name, paths[0]);
  }
  return new Map(
    options.clusters.map(cluster => {
      const path = files.get(cluster) ?? files.get(undefined);
      return [
        cluster,
        path === undefined
          ? defaultPlatformProfile(cluster ?? UNNAMED_CLUSTER)
          : readProfile(path, cluster, options.cwd),
      ];
    }),
  );
}

function readProfile(
  path: string,
  cluster: string | undefined,
  cwd: string,
): PlatformProfile {
  const file = readSourceFile(path, { cwd, option: '--profile' });
  const { profile, findings } = parsePlatformProfile(file);
  if (!profile) {
    throw new UsageError(
      `the profile is not usable: ${findings.map(oneLineFinding).join('; ')}`,
    );
  }
  return cluster === undefined ? profile : { ...profile, name: cluster };
}
