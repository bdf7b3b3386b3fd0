import type { Receipt } from './types';

/** What a receipt says of one file: its digest, or that it is gone. */
export interface Coverage {
  receipt: Receipt;
  /** SHA-256, hex; absent: the proposal removed it. */
  sha256?: string;
  /** It was there before, and the proposal did not write it. */
  found: boolean;
}

/**
 * The newest receipts of each file, declarations left out. Each receipt names those that it takes the place of. Where two of
 * them come after none of the other, both are newest; then what a proposal wrote is newer than what one found.
 */
export function newestByFile(
  receipts: readonly Receipt[],
): Map<string, Coverage[]> {
  const all = new Map<string, Coverage[]>();
  for (const receipt of receipts) {
    for (const [path, coverage] of coveragesOf(receipt)) {
      const known = all.get(path);
      if (known) known.push(coverage);
      else all.set(path, [coverage]);
    }
  }
  return new Map(
    [...all].map(([path, coverages]) => {
      const heads = headsOf(coverages, ({ receipt }) => receipt);
      const written = heads.filter(({ found }) => !found);
      return [path, written.length > 0 ? written : heads];
    }),
  );
}

/** Those that no other one of them takes the place of. */
export function headsOf<T>(
  all: readonly T[],
  receiptOf: (each: T) => Receipt,
): T[] {
  const replaced = new Set(
    all.flatMap(each => receiptOf(each).statement.predicate.replaces),
  );
  return all.filter(each => !replaced.has(receiptOf(each).digest));
}

function coveragesOf(receipt: Receipt): [string, Coverage][] {
  const { subject, predicate } = receipt.statement;
  const found = new Set(predicate.found);
  return [
    ...subject
      .filter(({ name }) => name !== predicate.declaration)
      .map(({ name, digest }): [string, Coverage] => [
        name,
        { receipt, sha256: digest.sha256, found: found.has(name) },
      ]),
    ...predicate.removed.map((path): [string, Coverage] => [
      path,
      { receipt, found: false },
    ]),
  ];
}
