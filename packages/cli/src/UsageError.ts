/**
 * Wrong usage or unreadable input: the process ends with 2 and prints the
 * message, which is one line and says what to do.
 */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
