import { type Finding, finding } from '@callgate/policy';
import type { NoText } from '../git/followLinks';

/** That a file cannot be read as text: what it would say is not known, and it is not as if it were not there. */
export function noTextFinding(
  code: Finding['code'],
  { path, why }: NoText,
  api?: string,
): Finding {
  return finding(code, `${path} ${why}`, {
    at: { file: path },
    objects: [path],
    ...(api !== undefined && { api }),
  });
}
