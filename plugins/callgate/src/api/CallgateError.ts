import { parseErrorResponseBody } from '@backstage/errors';

/**
 * An error answer of the Callgate backend.
 *
 * @public
 */
export class CallgateError extends Error {
  /** Reads the body of an error answer; one that is not Backstage's becomes an error that says the status. */
  static async fromResponse(response: Response): Promise<CallgateError> {
    const { error } = await parseErrorResponseBody(response);
    return new CallgateError({
      name: error.name,
      message: error.message,
      status: response.status,
      code: error.code,
    });
  }

  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The domain error's code, for example `meaning-changed`; absent for other errors. */
  readonly code?: string;

  constructor(options: {
    name: string;
    message: string;
    status: number;
    code?: string;
  }) {
    super(options.message);
    this.name = options.name;
    this.status = options.status;
    this.code = options.code;
  }
}

/**
 * Whether something thrown is a domain error with one of these codes.
 *
 * @public
 */
export function hasErrorCode(error: unknown, ...codes: string[]): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    codes.includes(error.code)
  );
}

/**
 * Whether something thrown says that a thing is not there, or that the reader may not know that it is.
 *
 * @public
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotFoundError';
}

/**
 * Whether something thrown says that no answer of the backend came: the network failed, or a proxy answered in its place.
 */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof CallgateError &&
    error.code === undefined &&
    [0, 502, 504].includes(error.status)
  );
}

/**
 * Whether something thrown says that the reader may not do it.
 *
 * @public
 */
export function isNotAllowed(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'NotAllowedError' || error.name === 'AuthenticationError')
  );
}
