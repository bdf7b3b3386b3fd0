/** Methods that change nothing (RFC 9110, safe methods; QUERY of the HTTP working group). */
const READING = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY']);

/**
 * Whether an HTTP method may change something. Methods are compared as they are sent, in their case; one that is not known
 * may.
 *
 * @public
 */
export function methodWrites(method: string): boolean {
  return !READING.has(method);
}
