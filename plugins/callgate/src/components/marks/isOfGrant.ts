import type { RequestKind } from '@callgate/plugin-callgate-common';

/** Whether a request is about a grant that is there: its sentence says what becomes of it. */
export function isOfGrant(
  kind: RequestKind,
): kind is 'change' | 'renew' | 'end' {
  return kind === 'change' || kind === 'renew' || kind === 'end';
}
