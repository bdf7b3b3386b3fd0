import type { FoldedReach, ReachEdge, ReachResult } from '@callgate/policy';
import { AccessRow, AccessRows } from './AccessRows';

/** A reach result between classes of workloads. */
export interface ClassedReach extends ReachResult {
  /** Members of each class; a class is named after its first member. */
  classes: Record<string, string[]>;
}

/**
 * Folds workloads that have the same access to and from everything else, and
 * to and from each other. Access of a class to itself is what its members may
 * do with each other, and of a class of one what its pods may.
 */
export function classesOf(
  result: FoldedReach,
  isOne: (workload: string) => boolean,
): ClassedReach {
  const rows = new AccessRows(result, isOne);
  const count = result.workloads.length;
  const classes = twins(rows, count);
  const firsts = [...classes.keys()];
  for (let outside = count; outside < rows.ends.length; outside++)
    firsts.push(outside);
  const edges: ReachEdge[] = [];
  for (const from of firsts) {
    const { out } = rows.row(from);
    for (const to of firsts) {
      const other = from === to ? classes.get(from)?.[1] ?? to : to;
      if (out[other] !== 0)
        edges.push({
          from: rows.ends[from] as ReachEdge['from'],
          to: rows.ends[to] as ReachEdge['to'],
          access: rows.accessOf(out[other]),
        });
    }
  }
  const { sets: _, ...rest } = result;
  const name = (index: number) => result.workloads[index];
  return {
    ...rest,
    schemaVersion: 1,
    workloads: [...classes.keys()].map(name),
    edges,
    classes: Object.fromEntries(
      [...classes].map(([first, members]) => [name(first), members.map(name)]),
    ),
  };
}

/** Looked up once: it is called millions of times. */
const { imul } = Math;

/** A number that is the same for the same entry of a row, and hardly for another. */
function mixed(column: number, access: number, seed: number): number {
  let hash = imul(column + 1, 0x9e3779b1) ^ imul(access + seed, 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const OUT = 1;
const INTO = 0x10001;

/** Sum over a row but for its own column. */
function sumOf({ out, into }: AccessRow, own: number): number {
  let sum = 0;
  for (let column = 0; column < out.length; column++)
    if (column !== own)
      sum =
        sum +
        mixed(column, out[column], OUT) +
        mixed(column, into[column], INTO);
  return sum;
}

/** Do two workloads differ in nothing, with this access to each other? */
function areTwins(
  a: AccessRow,
  b: AccessRow,
  [one, other]: readonly [number, number],
  access: number,
): boolean {
  if (
    [a.out[other], a.into[other], b.out[one], b.into[one]].some(
      each => each !== access,
    )
  )
    return false;
  return a.out.every(
    (each, column) =>
      column === one ||
      column === other ||
      (each === b.out[column] && a.into[column] === b.into[column]),
  );
}

/**
 * Workloads by the first that nothing tells from them. Two are twins when
 * their rows are equal once the own column of each has the access that they
 * have to each other: so each row is looked up once for each access that it
 * could have to a twin, and whoever is found is compared in full.
 */
function twins(rows: AccessRows, count: number): Map<number, number[]> {
  const classes = new Map<number, number[]>();
  const known = new Map<string, number>();
  for (let own = 0; own < count; own++) {
    const row = rows.row(own);
    const sum = sumOf(row, own);
    const mutual = new Set([0]);
    for (let column = 0; column < count; column++)
      if (row.out[column] === row.into[column]) mutual.add(row.out[column]);
    const keys = [...mutual].map(access => {
      const whole = sum + mixed(own, access, OUT) + mixed(own, access, INTO);
      return [`${whole} ${access}`, access] as const;
    });
    const twin = keys
      .map(([key, access]) => [known.get(key), access] as const)
      .find(
        ([first, access]) =>
          first !== undefined &&
          areTwins(row, rows.row(first), [own, first], access),
      )?.[0];
    if (twin !== undefined) {
      classes.get(twin)?.push(own);
      continue;
    }
    classes.set(own, [own]);
    for (const [key] of keys) if (!known.has(key)) known.set(key, own);
  }
  return classes;
}
