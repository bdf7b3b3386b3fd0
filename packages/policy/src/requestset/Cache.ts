/** How much a cache may weigh before the older half of it goes, in states of automata. */
const CAPACITY = 400_000;

/** What an entry weighs however small its value is: the key and the map have a size, too. */
const LEAST_WEIGHT = 4;

/**
 * Remembers what was used lately, up to a weight: a process that runs for
 * months holds no more than one that runs for minutes. Nothing rests on what
 * it forgets but time.
 */
export class Cache<T> {
  readonly #pinned = new Map<string, T>();
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  #youngWeight = 0;
  #oldWeight = 0;

  constructor(
    private readonly weigh: (value: T) => number,
    private readonly capacity = CAPACITY,
  ) {}

  /** At most twice the capacity, and one value more. */
  get weight(): number {
    return this.#youngWeight + this.#oldWeight;
  }

  get(key: string): T | undefined {
    const known = this.#young.get(key) ?? this.#pinned.get(key);
    if (known !== undefined) return known;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: T): void {
    if (this.#youngWeight > this.capacity) {
      this.#old = this.#young;
      this.#oldWeight = this.#youngWeight;
      this.#young = new Map();
      this.#youngWeight = 0;
    }
    this.#young.set(key, value);
    this.#youngWeight += this.weigh(value) + LEAST_WEIGHT;
  }

  /** Keeps a value for good, for constants that are compared by identity. */
  pin(key: string, value: T): void {
    this.#pinned.set(key, value);
  }
}
