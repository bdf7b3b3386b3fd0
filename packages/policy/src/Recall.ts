/**
 * Remembers the answer to a question about an object, as long as everything
 * else that it was made of is the same, item by item: what did not change is
 * not worked out again. Whoever asks must not change what it gets.
 */
export class Recall<Key extends object, Value> {
  readonly #known = new WeakMap<
    Key,
    { of: readonly unknown[]; value: Value }
  >();

  /** @param of - everything but the key that the answer depends on */
  get(key: Key, of: readonly unknown[], make: () => Value): Value {
    const known = this.#known.get(key);
    if (known && isSame(known.of, of)) return known.value;
    const value = make();
    this.#known.set(key, { of, value });
    return value;
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Remembers the answer to a question about two objects for as long as there are both. */
export class PairRecall<A extends object, B extends object, Value> {
  readonly #known = new WeakMap<A, WeakMap<B, { value: Value }>>();

  get(a: A, b: B, make: () => Value): Value {
    const about = this.#known.get(a) ?? new WeakMap<B, { value: Value }>();
    this.#known.set(a, about);
    const known = about.get(b) ?? { value: make() };
    about.set(b, known);
    return known.value;
  }
}
