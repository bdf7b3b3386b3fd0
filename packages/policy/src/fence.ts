/** What is told of an error that nobody foresaw: no stack, one line, and not much of it. */
const MAX_REASON = 200;

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'not an error';
  return text.split('\n')[0].slice(0, MAX_REASON);
}

/**
 * Reads what one team wrote, behind a fence: a reader that throws has met a form of input that nobody foresaw, and that is
 * a problem of this input alone. What stands in for it must not be less strict than anything that could have been read.
 *
 * @param otherwise - what the input counts as; `reason` is for whoever mends the reader, never for a sentence
 */
export function fenced<T>(read: () => T, otherwise: (reason: string) => T): T {
  try {
    return read();
  } catch (error) {
    return otherwise(reasonOf(error));
  }
}
