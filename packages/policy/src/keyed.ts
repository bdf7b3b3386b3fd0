/**
 * A text for each object, made once, for whoever sorts or compares the same
 * objects again and again.
 */
export function keyed<T extends object>(
  make: (item: T) => string,
): (item: T) => string {
  const known = new WeakMap<T, string>();
  return item => {
    let key = known.get(item);
    if (key === undefined) {
      key = make(item);
      known.set(item, key);
    }
    return key;
  };
}

/** Items in the order of their keys; equal ones stay as they are. */
export function byKey<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map(item => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ item }) => item);
}
