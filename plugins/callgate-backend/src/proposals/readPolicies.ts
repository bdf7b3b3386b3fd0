import {
  type AccessPolicy,
  declaredApiOf,
  type Finding,
  formatEntityRef,
  parseAccessPolicy,
  parseEntityRefText,
  type PlanInput,
} from '@callgate/policy';

/** A declaration of the policy repository; without `policy` when it does not parse. */
export interface ParsedPolicy {
  file: string;
  text: string;
  policy?: AccessPolicy;
  /**
   * The API of a declaration that does not parse: as far as its text says, otherwise as its place says. Absent where neither
   * does: then it may be any API's.
   */
  api?: string;
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
    .map(([file, text]) => {
      const read = readPolicy(file, text);
      const api = read.policy
        ? undefined
        : declaredApiOf({ path: file, text }) ??
          apiOfPlace(file.slice(folder.length + 1));
      return { ...read, ...(api !== undefined && { api }) };
    });
}

/** The API whose declaration belongs at `<namespace>/<name>.yaml`. */
function apiOfPlace(place: string): string | undefined {
  const [, namespace, name] = /^([^/]+)\/([^/]+)\.ya?ml$/.exec(place) ?? [];
  const parts =
    name === undefined
      ? undefined
      : parseEntityRefText(`api:${namespace}/${name}`);
  return parts && formatEntityRef(parts);
}
