import { OTHER_FORM } from './protocol';

/** Of what the portal says. */
const MOST = 500;

/** What the portal refused, or why it could not be asked; the message has no token and no more than one line. */
export class PortalError extends Error {
  override readonly name = 'PortalError';
  /** Absent where there was no answer. */
  readonly status?: number;
  /** Which error it is, where the portal says so. */
  readonly code?: string;
  /** How long the portal asks to wait. */
  readonly retryAfterMs?: number;

  constructor(
    message: string,
    more: { status?: number; code?: string; retryAfterMs?: number } = {},
  ) {
    super(message.replace(/[\p{C}\s]+/gu, ' ').slice(0, MOST));
    this.status = more.status;
    this.code = more.code;
    this.retryAfterMs = more.retryAfterMs;
  }

  /** Is the portal of another version? Whatever is sent is refused, until one of both is changed. */
  get isOtherForm(): boolean {
    return this.code === OTHER_FORM;
  }

  /** Does what is sent have to be another? The same once more is refused once more. */
  get isRefusal(): boolean {
    return this.status === 400 || this.status === 413;
  }
}
