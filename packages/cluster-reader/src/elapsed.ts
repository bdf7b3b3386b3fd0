/**
 * Milliseconds from one moment to a later one. A clock that was set back meanwhile cannot say: what is asked about is then taken for
 * as old as can be, so that it is looked at again.
 */
export function elapsed(from: number, now: number): number {
  return now < from ? Infinity : now - from;
}
