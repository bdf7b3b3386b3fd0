/** Of what the portal says. */
const MOST = 500;

/** What the portal refused, or why it could not be asked; the message has no token and no more than one line. */
export class PortalError extends Error {
  override readonly name = 'PortalError';
  /** Absent where there was no answer. */
  readonly status?: number;
  /** How long the portal asks to wait. */
  readonly retryAfterMs?: number;

  constructor(
    message: string,
    more: { status?: number; retryAfterMs?: number } = {},
  ) {
    super(message.replace(/[\p{C}\s]+/gu, ' ').slice(0, MOST));
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }

  /** Does what is sent have to be another? The same once more is refused once more. */
  get isRefusal(): boolean {
    return this.status === 400 || this.status === 413;
  }
}
