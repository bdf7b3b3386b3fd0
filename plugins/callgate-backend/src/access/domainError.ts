import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';

const CLASSES = {
  'meaning-changed': ConflictError,
  'wrong-state': ConflictError,
  'cannot-be-enforced': ConflictError,
  'nobody-can-decide': ConflictError,
  'not-needed': ConflictError,
  'break-glass-refused': ConflictError,
  'no-break-glass': InputError,
  'not-due': ConflictError,
  'no-such-grant': NotFoundError,
  'not-caller-owner': NotAllowedError,
  'not-api-owner': NotAllowedError,
  'self-approval': NotAllowedError,
  'not-requester': NotAllowedError,
  'caller-hidden': NotAllowedError,
  'not-platform-team': NotAllowedError,
  'involved-in-request': NotAllowedError,
  'involved-in-claim': NotAllowedError,
  'reason-missing': InputError,
  'text-too-long': InputError,
  'text-not-printable': InputError,
  'bad-reference': InputError,
  'bad-operation': InputError,
  'bad-until': InputError,
  'when-last-missing': InputError,
  'bad-mention': InputError,
  'bad-moment': InputError,
} as const;

/** Codes of errors that the rules of the service raise. */
export type DomainErrorCode = keyof typeof CLASSES;

/** An error of `@backstage/errors` with a code that clients can rely on. */
export function domainError(
  code: DomainErrorCode,
  message: string,
): Error & { code: DomainErrorCode } {
  return Object.assign(new CLASSES[code](message), { code });
}
