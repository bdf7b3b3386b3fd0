import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';

/**
 * What can go wrong between Callgate and a forge.
 *
 * @public
 */
export type ForgeErrorCode =
  | 'repository-unreachable'
  | 'repository-not-found'
  | 'repository-damaged'
  | 'forge-unauthorized'
  | 'forge-forbidden'
  | 'forge-rejected'
  | 'forge-rate-limited'
  | 'branch-moved'
  | 'head-changed'
  | 'merge-conflict'
  | 'pull-request-closed';

const CLASSES = {
  'repository-unreachable': ServiceUnavailableError,
  'repository-not-found': NotFoundError,
  'repository-damaged': ServiceUnavailableError,
  'forge-unauthorized': NotAllowedError,
  'forge-forbidden': NotAllowedError,
  'forge-rejected': ConflictError,
  'forge-rate-limited': ServiceUnavailableError,
  'branch-moved': ConflictError,
  'head-changed': ConflictError,
  'merge-conflict': ConflictError,
  'pull-request-closed': ConflictError,
} as const;

/**
 * An error of `@backstage/errors` with a code, and the time to wait where the forge named one.
 *
 * @public
 */
export type ForgeError = Error & {
  code: ForgeErrorCode;
  retryAfterSeconds?: number;
};

/**
 * Makes an error that tells what went wrong and what to do, without credentials: the message is the caller's own text,
 * never that of a library, which may quote an address with a token in it.
 *
 * @public
 */
export function forgeError(
  code: ForgeErrorCode,
  message: string,
  options?: { retryAfterSeconds?: number },
): ForgeError {
  const error = new CLASSES[code](message);
  return Object.assign(error, { code, ...options });
}

/**
 * Whether an error is one that {@link forgeError} made.
 *
 * @public
 */
export function isForgeError(error: unknown): error is ForgeError {
  return (
    error instanceof Error &&
    typeof (error as Partial<ForgeError>).code === 'string' &&
    (error as Partial<ForgeError>).code! in CLASSES
  );
}
