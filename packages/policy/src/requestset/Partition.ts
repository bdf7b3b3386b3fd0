import { PART_BUDGET, TooComplexError, charge } from './budget';
import { shortKey } from './digest';
import { Lang } from './Lang';
import { Memo } from './Memo';

/** What a partition needs to know of its values. */
export interface ValueAlgebra<T> {
  readonly empty: T;
  readonly full: T;
  key(value: T): string;
  /** States of all automata in it. */
  size(value: T): number;
  isEmpty(value: T): boolean;
  combine(op: SetOp, a: T, b: T): T;
}

export type SetOp = 'union' | 'intersect' | 'subtract';

/**
 * One part: texts that have the same value.
 *
 * @public
 */
export interface Part<T> {
  guard: Lang;
  value: T;
}

/**
 * A function from text to sets, as the partition of text that it makes:
 * guards are disjoint, values differ pairwise and none is empty, ordered by
 * the values' keys. Texts outside every guard have the empty set. Equal
 * functions have equal keys.
 *
 * @public
 */
export interface Partition<T> {
  readonly key: string;
  /** States of all automata in it. */
  readonly size: number;
  readonly parts: readonly Part<T>[];
}

/** The operations on partitions whose values have the given operations. */
export class PartitionAlgebra<T> implements ValueAlgebra<Partition<T>> {
  readonly empty: Partition<T> = { key: '', size: 0, parts: [] };
  readonly full: Partition<T>;
  readonly #values: ValueAlgebra<T>;
  readonly #combined = new Memo<Partition<T>>(({ size }) => size);

  constructor(values: ValueAlgebra<T>) {
    this.#values = values;
    this.full = this.of([{ guard: Lang.full, value: values.full }]);
  }

  key(value: Partition<T>): string {
    return value.key;
  }

  size(value: Partition<T>): number {
    return value.size;
  }

  isEmpty(value: Partition<T>): boolean {
    return value.parts.length === 0;
  }

  /** Canonical form of parts with disjoint guards. */
  of(parts: readonly Part<T>[]): Partition<T> {
    const byValue = new Map<string, Part<T>>();
    for (const { guard, value } of parts) {
      if (guard.isEmpty || this.#values.isEmpty(value)) continue;
      const key = this.#values.key(value);
      const known = byValue.get(key);
      byValue.set(
        key,
        known ? { guard: known.guard.union(guard), value } : { guard, value },
      );
    }
    if (byValue.size === 0) return this.empty;
    if (byValue.size > PART_BUDGET)
      throw new TooComplexError(`more than ${PART_BUDGET} parts`);
    const sorted = [...byValue].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      key: shortKey(
        sorted.map(([key, part]) => `{${part.guard.key}>${key}}`).join(''),
      ),
      size: sorted.reduce(
        (sum, [, { guard, value }]) =>
          sum + guard.size + this.#values.size(value),
        0,
      ),
      parts: sorted.map(([, part]) => part),
    };
  }

  combine(op: SetOp, a: Partition<T>, b: Partition<T>): Partition<T> {
    if (a.key === b.key) return op === 'subtract' ? this.empty : a;
    if (b.parts.length === 0) return op === 'intersect' ? b : a;
    if (a.parts.length === 0) return op === 'union' ? b : a;
    return this.#combined.get(`${op}\n${a.key}\n${b.key}`, () =>
      this.combineParts(op, a, b),
    );
  }

  private combineParts(
    op: SetOp,
    a: Partition<T>,
    b: Partition<T>,
  ): Partition<T> {
    charge(a.parts.length * b.parts.length);
    const parts: Part<T>[] = [];
    const restB = b.parts.map(part => part.guard);
    for (const x of a.parts) {
      let restX = x.guard;
      b.parts.forEach((y, index) => {
        const both = x.guard.intersect(y.guard);
        if (both.isEmpty) return;
        restX = restX.subtract(both);
        restB[index] = restB[index].subtract(both);
        parts.push({
          guard: both,
          value: this.#values.combine(op, x.value, y.value),
        });
      });
      if (op !== 'intersect') parts.push({ guard: restX, value: x.value });
    }
    if (op === 'union')
      b.parts.forEach((y, index) =>
        parts.push({ guard: restB[index], value: y.value }),
      );
    return this.of(parts);
  }
}

/** The operations on languages, at the end of nested partitions. */
export const langAlgebra: ValueAlgebra<Lang> = {
  empty: Lang.empty,
  full: Lang.full,
  key: lang => lang.key,
  size: lang => lang.size,
  isEmpty: lang => lang.isEmpty,
  combine: (op, a, b) => a[op](b),
};
