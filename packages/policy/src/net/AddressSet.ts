import { AddressRange, formatAddress, parseCidr } from './cidr';

const LAST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const;

function order(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.from < b.from ? -1 : Number(a.from > b.from);
}

function normalise(ranges: readonly AddressRange[]): AddressRange[] {
  const result: AddressRange[] = [];
  for (const range of [...ranges].sort(order)) {
    const last = result[result.length - 1];
    if (last && last.family === range.family && range.from <= last.to + 1n) {
      if (range.to > last.to) last.to = range.to;
    } else {
      result.push({ ...range });
    }
  }
  return result;
}

function prefixesOf(range: AddressRange): string[] {
  const bits = range.family === 4 ? 32 : 128;
  const result: string[] = [];
  let from = range.from;
  while (from <= range.to) {
    let length = bits;
    let size = 1n;
    while (
      length > 0 &&
      from % (size * 2n) === 0n &&
      from + size * 2n - 1n <= range.to
    ) {
      size *= 2n;
      length--;
    }
    result.push(`${formatAddress(range.family, from)}/${length}`);
    from += size;
  }
  return result;
}

/**
 * A set of IPv4 and IPv6 addresses: sorted, disjoint, non-adjacent ranges.
 * Immutable.
 */
export class AddressSet {
  static readonly empty = new AddressSet([]);
  static readonly everything = new AddressSet([
    { family: 4, from: 0n, to: LAST[4] },
    { family: 6, from: 0n, to: LAST[6] },
  ]);
  static readonly everyV4 = new AddressSet([
    { family: 4, from: 0n, to: LAST[4] },
  ]);

  private constructor(readonly ranges: readonly AddressRange[]) {}

  static of(ranges: readonly AddressRange[]): AddressSet {
    return ranges.length === 0
      ? AddressSet.empty
      : new AddressSet(normalise(ranges));
  }

  /** Ranges of the texts that are addresses or CIDRs; others are left out. */
  static ofCidrs(cidrs: readonly string[]): AddressSet {
    return AddressSet.of(
      cidrs.map(parseCidr).filter(range => range !== undefined),
    );
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  union(other: AddressSet): AddressSet {
    return AddressSet.of([...this.ranges, ...other.ranges]);
  }

  intersect(other: AddressSet): AddressSet {
    const result: AddressRange[] = [];
    for (const a of this.ranges) {
      for (const b of other.ranges) {
        if (a.family !== b.family) continue;
        const from = a.from > b.from ? a.from : b.from;
        const to = a.to < b.to ? a.to : b.to;
        if (from <= to) result.push({ family: a.family, from, to });
      }
    }
    return AddressSet.of(result);
  }

  subtract(other: AddressSet): AddressSet {
    let rest: AddressRange[] = [...this.ranges];
    for (const b of other.ranges) {
      rest = rest.flatMap(a => {
        if (a.family !== b.family || b.to < a.from || b.from > a.to) return [a];
        const parts: AddressRange[] = [];
        if (a.from < b.from)
          parts.push({ family: a.family, from: a.from, to: b.from - 1n });
        if (b.to < a.to)
          parts.push({ family: a.family, from: b.to + 1n, to: a.to });
        return parts;
      });
    }
    return AddressSet.of(rest);
  }

  overlaps(other: AddressSet): boolean {
    return this.ranges.some(a =>
      other.ranges.some(
        b => a.family === b.family && a.from <= b.to && b.from <= a.to,
      ),
    );
  }

  /** True when every address of `other` is in this set. */
  covers(other: AddressSet): boolean {
    return other.ranges.every(b =>
      this.ranges.some(
        a => a.family === b.family && a.from <= b.from && b.to <= a.to,
      ),
    );
  }

  /** Minimal, sorted, disjoint prefixes; IPv4 first. */
  toCidrs(): string[] {
    return this.ranges.flatMap(prefixesOf);
  }
}
