/**
 * An answer that is none: what the API server refused, or why it could not be asked.
 *
 * @public
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of HTTP, or of the `Status` in a watch; absent where there was no answer. */
  readonly status?: number;
  /** Of the connection, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly code?: string;
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number;

  constructor(
    message: string,
    more: { status?: number; code?: string; retryAfterMs?: number } = {},
  ) {
    super(message);
    this.status = more.status;
    this.code = more.code;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Is what was read so long ago that the server knows nothing of it any more? */
export function isExpired(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}
