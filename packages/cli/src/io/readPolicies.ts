import {
  declaredApiOf,
  parseAccessPolicy,
  type AccessPolicy,
  type UnreadablePolicy,
} from '@callgate/policy';
import { readSourceFiles } from './readSourceFiles';

/** AccessPolicies of files and folders. */
export interface ReadPolicies {
  policies: { policy: AccessPolicy; file: string }[];
  unreadable: UnreadablePolicy[];
}

/** Reads AccessPolicies; every file of the paths has to be one. */
export function readPolicies(
  paths: readonly string[],
  cwd: string,
): ReadPolicies {
  const result: ReadPolicies = { policies: [], unreadable: [] };
  for (const file of readSourceFiles(paths, { cwd, option: '--policies' })) {
    const { policy, findings } = parseAccessPolicy(file);
    if (policy) {
      result.policies.push({ policy, file: file.path });
    } else {
      const api = declaredApiOf(file);
      result.unreadable.push({
        file: file.path,
        ...(api !== undefined && { api }),
        findings,
      });
    }
  }
  return result;
}
