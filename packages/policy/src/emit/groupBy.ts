/** Groups items by a text key; groups are sorted by key, items keep their order. */
export function groupBy<T>(
  items: readonly T[],
  key: (item: T) => string,
): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const text = key(item);
    const group = groups.get(text);
    if (group) group.push(item);
    else groups.set(text, [item]);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Each value once, in ascending order of its JSON. */
export function distinct<T>(items: readonly T[]): T[] {
  return groupBy(items, item => JSON.stringify(item)).map(
    ([, [first]]) => first,
  );
}
