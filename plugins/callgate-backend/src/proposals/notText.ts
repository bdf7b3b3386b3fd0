import { type Finding, finding } from '@callgate/policy';

/** That a file is no text: what it would say is not known, and it is not as if it were not there. */
export function noTextFinding(
  code: Finding['code'],
  path: string,
  api?: string,
): Finding {
  return finding(code, `${path} is not UTF-8 text`, {
    at: { file: path },
    objects: [path],
    ...(api !== undefined && { api }),
  });
}
