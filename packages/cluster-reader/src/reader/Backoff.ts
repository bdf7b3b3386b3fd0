const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long to wait after one failure more: twice as long each time, by chance down to half of it, so that many do not come at once. */
export class Backoff {
  #failures = 0;

  constructor(private readonly random: () => number) {}

  /**
   * @param atLeastMs - what the server asked for
   */
  next(atLeastMs = 0): number {
    const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    const wait = most * (0.5 + this.random() / 2);
    return Math.max(wait, Math.min(atLeastMs, LONGEST_MS));
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
