/** Largest character: languages are over UTF-16 code units. */
export const LAST_CHAR = 0xffff;

/** Automata beyond this many states are given up: bounded time and memory before anything else. */
export const STATE_BUDGET = 20_000;

/** Raised when an exact answer would need more states than the budget. */
export class TooComplexError extends Error {
  constructor() {
    super(`a set of requests needs an automaton of more than ${STATE_BUDGET} states`);
    this.name = 'TooComplexError';
  }
}

/**
 * A complete deterministic automaton; state 0 is the start. The characters of
 * a state are cut into intervals: interval `i` begins at `starts[i]` and ends
 * before `starts[i + 1]`, and `starts[0]` is 0.
 */
export interface Dfa {
  accept: boolean[];
  starts: number[][];
  targets: number[][];
}

/** Where a state goes on a character. */
export function step(dfa: Dfa, state: number, char: number): number {
  const starts = dfa.starts[state];
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= char) low = middle;
    else high = middle - 1;
  }
  return dfa.targets[state][low];
}

/** Merges neighbouring intervals with equal targets. */
function mergeIntervals(starts: readonly number[], targets: readonly number[]): [number[], number[]] {
  const newStarts: number[] = [];
  const newTargets: number[] = [];
  for (let i = 0; i < starts.length; i++) {
    if (newTargets.length > 0 && newTargets[newTargets.length - 1] === targets[i]) continue;
    newStarts.push(starts[i]);
    newTargets.push(targets[i]);
  }
  return [newStarts, newTargets];
}

function refine(dfa: Dfa): number[] {
  const size = dfa.accept.length;
  let classes = dfa.accept.map(Number);
  let count = new Set(classes).size;
  for (;;) {
    const seen = new Map<string, number>();
    const next = new Array<number>(size);
    for (let state = 0; state < size; state++) {
      const [starts, targets] = mergeIntervals(
        dfa.starts[state],
        dfa.targets[state].map(target => classes[target]),
      );
      const signature = `${classes[state]}|${starts.join(',')}|${targets.join(',')}`;
      let found = seen.get(signature);
      if (found === undefined) {
        found = seen.size;
        seen.set(signature, found);
      }
      next[state] = found;
    }
    if (seen.size === count) return next;
    classes = next;
    count = seen.size;
  }
}

/**
 * The minimal automaton of the same language, its states numbered in the
 * order in which a breadth-first walk by ascending characters meets them: equal
 * languages give equal automata.
 */
export function minimise(dfa: Dfa): Dfa {
  const classes = refine(dfa);
  const number = new Map<number, number>([[classes[0], 0]]);
  const representatives = [0];
  const result: Dfa = { accept: [], starts: [], targets: [] };
  for (let index = 0; index < representatives.length; index++) {
    const state = representatives[index];
    const [starts, targets] = mergeIntervals(
      dfa.starts[state],
      dfa.targets[state].map(target => classes[target]),
    );
    const firstOf = new Map<number, number>();
    dfa.targets[state].forEach(target => {
      if (!firstOf.has(classes[target])) firstOf.set(classes[target], target);
    });
    result.accept.push(dfa.accept[state]);
    result.starts.push(starts);
    result.targets.push(
      targets.map(target => {
        let known = number.get(target);
        if (known === undefined) {
          known = representatives.length;
          number.set(target, known);
          representatives.push(firstOf.get(target) as number);
        }
        return known;
      }),
    );
  }
  return result;
}

/** The automaton that accepts what `op` says of the two answers. */
export function product(a: Dfa, b: Dfa, op: (x: boolean, y: boolean) => boolean): Dfa {
  const result: Dfa = { accept: [], starts: [], targets: [] };
  const width = b.accept.length;
  const numbers = new Map<number, number>([[0, 0]]);
  const pairs: [number, number][] = [[0, 0]];
  const numberOf = (x: number, y: number): number => {
    const key = x * width + y;
    let known = numbers.get(key);
    if (known === undefined) {
      known = pairs.length;
      if (known >= STATE_BUDGET) throw new TooComplexError();
      numbers.set(key, known);
      pairs.push([x, y]);
    }
    return known;
  };
  for (let index = 0; index < pairs.length; index++) {
    const [x, y] = pairs[index];
    const xs = a.starts[x];
    const ys = b.starts[y];
    const starts: number[] = [];
    const targets: number[] = [];
    let i = 0;
    let j = 0;
    let at = 0;
    while (at <= LAST_CHAR) {
      starts.push(at);
      targets.push(numberOf(a.targets[x][i], b.targets[y][j]));
      const nextX = i + 1 < xs.length ? xs[i + 1] : LAST_CHAR + 1;
      const nextY = j + 1 < ys.length ? ys[j + 1] : LAST_CHAR + 1;
      at = Math.min(nextX, nextY);
      if (nextX === at) i++;
      if (nextY === at) j++;
    }
    result.accept.push(op(a.accept[x], b.accept[y]));
    result.starts.push(starts);
    result.targets.push(targets);
  }
  return result;
}
