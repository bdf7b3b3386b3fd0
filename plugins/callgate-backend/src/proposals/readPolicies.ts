import {
  type AccessPolicy,
  type Finding,
  parseAccessPolicy,
  type PlanInput,
} from '@callgate/policy';

/** A declaration of the policy repository; without `policy` when it does not parse. */
export interface ParsedPolicy {
  file: string;
  text: string;
  policy?: AccessPolicy;
  /** Where a field stands, for findings. */
  locate?: PlanInput['policies'][number]['locate'];
  findings: readonly Finding[];
}

/** Reads one declaration. */
export function readPolicy(file: string, text: string): ParsedPolicy {
  const { policy, locate, findings } = parseAccessPolicy({ path: file, text });
  return {
    file,
    text,
    ...(policy && { policy }),
    ...(locate && { locate }),
    findings,
  };
}

/** Reads every declaration below the folder. */
export function readPolicies(
  repository: ReadonlyMap<string, string>,
  folder: string,
): ParsedPolicy[] {
  return [...repository]
    .filter(([file]) => file.startsWith(`${folder}/`) && /\.ya?ml$/.test(file))
    .map(([file, text]) => readPolicy(file, text));
}
