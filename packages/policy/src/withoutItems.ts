/** Up to this many items are looked for one by one, which touches no other item. */
const FEW = 32;

/** A list without some of its items; a few are taken out of a very long one in the time of copying it. */
export function withoutItems<T>(list: readonly T[], gone: readonly T[]): T[] {
  if (gone.length > FEW) {
    const left = new Set(gone);
    return list.filter(item => !left.has(item));
  }
  const kept = list.slice();
  for (const item of gone) {
    const at = kept.indexOf(item);
    if (at >= 0) kept.splice(at, 1);
  }
  return kept;
}
