/**
 * Work that pauses now and then: each `next()` does a small part of it, the last
 * one returns the result. Whoever has other things to do in between goes on when
 * it suits; nothing is lost when it never does.
 *
 * @public
 */
export type Steps<T> = Generator<void, T, void>;

/** Does all of the work at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      return value;
    }
  }
}
