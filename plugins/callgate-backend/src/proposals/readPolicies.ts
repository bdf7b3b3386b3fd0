import { AccessPolicy, Finding, parseAccessPolicy } from '@callgate/policy';

/** A declaration of the policy repository; without `policy` when it does not parse. */
export interface ParsedPolicy {
  file: string;
  text: string;
  policy?: AccessPolicy;
  findings: readonly Finding[];
}

/** Reads every declaration below the folder. */
export function readPolicies(
  repository: ReadonlyMap<string, string>,
  folder: string,
): ParsedPolicy[] {
  const parsed: ParsedPolicy[] = [];
  for (const [file, text] of repository) {
    if (!file.startsWith(`${folder}/`) || !/\.ya?ml$/.test(file)) continue;
    const { policy, findings } = parseAccessPolicy({ path: file, text });
    parsed.push({ file, text, ...(policy && { policy }), findings });
  }
  return parsed;
}
