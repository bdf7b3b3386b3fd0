/** A reproducible source of choices: the same seed, the same choices. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0, less than 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0, less than `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(part: number): boolean {
    return this.next() < part;
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** Some of the items, at least `least`, in their order. */
  some<T>(items: readonly T[], least = 1, most = items.length): T[] {
    const count = least + this.below(Math.max(1, most - least + 1));
    const left = items.map((_, index) => index);
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, items.length))
      chosen.add(left.splice(this.below(left.length), 1)[0]);
    return items.filter((_, index) => chosen.has(index));
  }

  /** A source of its own, for a part that does not depend on what others took. */
  fork(): Random {
    return new Random(Math.floor(this.next() * 4294967296));
  }
}
