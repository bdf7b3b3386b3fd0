import type { Access, FoldedEdge, FoldedReach } from '@callgate/policy';

/** What one workload may do to everything, and everything to it, by number of access; 0 is none. */
export interface AccessRow {
  out: Int32Array;
  into: Int32Array;
}

/** What is known of an edge's ends while rows are written. */
interface NumberedEdge {
  from: readonly number[];
  to: readonly number[];
  access: number;
}

/**
 * Access of each workload as a row of numbers, made from folded edges when it
 * is asked for: all rows together are as large as all pairs.
 */
export class AccessRows {
  /** Ends in the order of columns: workloads, then addresses outside. */
  readonly ends: FoldedEdge['from'][];
  readonly #accesses: Access[][] = [[]];
  readonly #isOne: (workload: string) => boolean;
  readonly #out = new Map<number, NumberedEdge[]>();
  readonly #into = new Map<number, NumberedEdge[]>();

  /** @param isOne - says whether a workload is one pod, which is no caller of its own */
  constructor(reach: FoldedReach, isOne: (workload: string) => boolean) {
    this.#isOne = isOne;
    this.ends = [...reach.workloads];
    const columns = new Map<string, number>();
    reach.workloads.forEach((name, index) =>
      columns.set(JSON.stringify(name), index),
    );
    const sets = new Map(
      Object.entries(reach.sets).map(([name, members]) => [
        name,
        members.map(member => columns.get(JSON.stringify(member)) ?? -1),
      ]),
    );
    const columnsOf = (end: FoldedEdge['from']): readonly number[] => {
      if (typeof end !== 'string' && 'set' in end)
        return sets.get(end.set) ?? [];
      const key = JSON.stringify(end);
      let column = columns.get(key);
      if (column === undefined) {
        column = this.ends.length;
        columns.set(key, column);
        this.ends.push(end);
      }
      return [column];
    };
    const numbers = new Map<string, number>();
    for (const { from, to, access } of reach.edges) {
      const text = JSON.stringify(access);
      let number = numbers.get(text);
      if (number === undefined) {
        number = this.#accesses.length;
        numbers.set(text, number);
        this.#accesses.push(access);
      }
      const edge = {
        from: columnsOf(from),
        to: columnsOf(to),
        access: number,
      };
      for (const each of edge.from) push(this.#out, each, edge);
      for (const each of edge.to) push(this.#into, each, edge);
    }
  }

  accessOf(number: number): Access[] {
    return this.#accesses[number];
  }

  row(end: number): AccessRow {
    const out = new Int32Array(this.ends.length);
    const into = new Int32Array(this.ends.length);
    for (const { to, access } of this.#out.get(end) ?? [])
      for (const each of to) out[each] = access;
    for (const { from, access } of this.#into.get(end) ?? [])
      for (const each of from) into[each] = access;
    const name = this.ends[end];
    if (typeof name === 'string' && this.#isOne(name)) {
      out[end] = 0;
      into[end] = 0;
    }
    return { out, into };
  }
}

function push<V>(map: Map<number, V[]>, key: number, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
