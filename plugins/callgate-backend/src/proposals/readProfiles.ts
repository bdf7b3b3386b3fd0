import {
  type Finding,
  parsePlatformProfile,
  type PlatformProfile,
  type SourceFile,
} from '@callgate/policy';
import type { FileHistory, GoodVersion } from '../git/FileHistory';
import type { NoText } from '../git/followLinks';
import { noTextFinding } from './notText';
import type { StandIn } from './types';

/** The platform profiles of a commit, by the name of their cluster. */
export interface RepositoryProfiles {
  profiles: ReadonlyMap<string, PlatformProfile>;
  broken: readonly BrokenProfile[];
  /** History was asked with success; otherwise it is worth asking again. */
  complete: boolean;
}

function isText(file: SourceFile | NoText): file is SourceFile {
  return 'text' in file;
}

/** A profile that cannot be read. */
export interface BrokenProfile {
  findings: readonly Finding[];
  /** Clusters that it seems to be of. Without a version before it that is not sure: it may be of any that has no other. */
  clusters: readonly string[];
  /** Its last version that could be read: for pages, and never for a proof. */
  before?: { profile: PlatformProfile; standIn: StandIn };
}

/** Reads profiles. One that cannot be read is its cluster's trouble alone. */
export async function readProfiles(options: {
  files: readonly SourceFile[];
  /** Profiles that are no text. */
  notText: readonly NoText[];
  commit: string;
  history: FileHistory;
}): Promise<RepositoryProfiles> {
  const files: readonly (SourceFile | NoText)[] = [
    ...options.files,
    ...options.notText,
  ];
  const profiles = new Map<string, PlatformProfile>();
  const broken: BrokenProfile[] = [];
  let complete = true;
  for (const file of files) {
    const { profile, findings } = isText(file)
      ? parsePlatformProfile(file)
      : {
          profile: undefined,
          findings: [noTextFinding('profile-invalid', file)],
        };
    if (profile) {
      profiles.set(profile.name, profile);
      continue;
    }
    const good = await lastGood(options, file);
    complete &&= good !== 'not-known';
    const before = good === 'not-known' ? undefined : good;
    broken.push({
      findings,
      clusters: [
        ...new Set([...(before ? [before.value.name] : []), ...namesIn(file)]),
      ],
      ...(before && {
        before: {
          profile: before.value,
          standIn: { file: file.path, commit: before.commit, at: before.at },
        },
      }),
    });
  }
  return { profiles, broken, complete };
}

/** The last version of a profile that could be read; `not-known`: history does not answer. */
async function lastGood(
  { commit, history }: { commit: string; history: FileHistory },
  { path }: Pick<SourceFile, 'path'>,
): Promise<GoodVersion<PlatformProfile> | 'not-known' | undefined> {
  try {
    return await history.lastGood(
      commit,
      path,
      text => parsePlatformProfile({ path, text }).profile,
    );
  } catch {
    return 'not-known';
  }
}

/** What a profile that does not parse may call its cluster: by its text, and by the name of its file. */
function namesIn(file: SourceFile | NoText): string[] {
  const { path } = file;
  const text = isText(file) ? file.text : '';
  const [, said] = /\bname:\s*["']?([A-Za-z0-9][\w.-]*)/.exec(text) ?? [];
  const [, stem] = /([^/]+)\.(?:ya?ml|json)$/i.exec(path) ?? [];
  return [said, stem].flatMap(name => name ?? []);
}
