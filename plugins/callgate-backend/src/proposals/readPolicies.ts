import {
  type AccessPolicy,
  declaredApiOf,
  type Finding,
  formatEntityRef,
  isReceiptPath,
  parseAccessPolicy,
  parseEntityRefText,
  type PlanInput,
} from '@callgate/policy';
import type { NoText } from '../git/followLinks';
import { noTextFinding } from './notText';

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
  /** It is to be removed, and declares nothing any more. */
  removed?: true;
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
  notText: readonly NoText[] = [],
): ParsedPolicy[] {
  const isOurs = (file: string) =>
    file.startsWith(`${folder}/`) &&
    /\.ya?ml$/.test(file) &&
    !isReceiptPath(file, folder);
  const unread = notText
    .filter(({ path }) => isOurs(path))
    .map((noText): ParsedPolicy => {
      const file = noText.path;
      const api = apiOfPlace(file.slice(folder.length + 1));
      const findings = [noTextFinding('policy-syntax', noText, api)];
      return { file, text: '', findings, ...(api !== undefined && { api }) };
    });
  const read = [...repository]
    .filter(([file]) => isOurs(file))
    .map(([file, text]) => {
      const parsed = readPolicy(file, text);
      const api = parsed.policy
        ? undefined
        : declaredApiOf({ path: file, text }) ??
          apiOfPlace(file.slice(folder.length + 1));
      return { ...parsed, ...(api !== undefined && { api }) };
    });
  return [...read, ...unread];
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
