/** No more is tried than this: what is left then is small enough to read. */
const TRIES = 600;

/**
 * Leaves out of a value whatever it keeps failing without.
 *
 * @param smaller - The same with something left out, the largest parts first.
 * @param fails - Whether it still does what it was looked at for.
 */
export async function minimal<T>(
  start: T,
  smaller: (value: T) => Iterable<T>,
  fails: (value: T) => Promise<boolean>,
): Promise<T> {
  let current = start;
  let tries = 0;
  for (let found = true; found && tries < TRIES; ) {
    found = false;
    for (const candidate of smaller(current)) {
      if (tries >= TRIES) break;
      tries += 1;
      if (await fails(candidate)) {
        current = candidate;
        found = true;
        break;
      }
    }
  }
  return current;
}
