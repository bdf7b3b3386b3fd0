import { ConflictError, ServiceUnavailableError } from '@backstage/errors';

const ERRORS = {
  superseded: {
    make: ConflictError,
    message: 'A newer question of yours took the place of this one.',
    retryAfterSeconds: 1,
  },
  'previews-busy': {
    make: ServiceUnavailableError,
    message:
      'Too many previews and explanations wait to be worked out. Try again in a few seconds.',
    retryAfterSeconds: 5,
  },
  cancelled: {
    make: ConflictError,
    message: 'Nobody waits for this answer any more.',
    retryAfterSeconds: 1,
  },
} as const;

/** Why something was not worked out, and when to ask again. */
export type TurnErrorCode = keyof typeof ERRORS;

/** Errors of waiting for a turn; clients rely on the code. */
export const TurnError = {
  of(
    code: TurnErrorCode,
  ): Error & { code: TurnErrorCode; retryAfterSeconds: number } {
    const { make: Made, message, retryAfterSeconds } = ERRORS[code];
    return Object.assign(new Made(message), { code, retryAfterSeconds });
  },
};
