/**
 * Lets so many in at once; the others wait in their order.
 *
 * @public
 */
export class Gate {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.most)
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waited takes the place.
      if (next) next();
      else this.#inside -= 1;
    }
  }
}
