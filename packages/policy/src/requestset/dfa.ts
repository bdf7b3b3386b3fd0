import { STATE_BUDGET, charge, tooManyStates } from './budget';

/** Largest character: languages are over UTF-16 code units. */
export const LAST_CHAR = 0xffff;

/**
 * A complete deterministic automaton; state 0 is the start. The characters of
 * a state are cut into intervals: interval `i` begins at `starts[i]` and ends
 * before `starts[i + 1]`, and `starts[0]` is 0.
 *
 * @public
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

/** The intervals of a state, its targets replaced by their classes, equal neighbours merged. */
function classIntervals(
  dfa: Dfa,
  state: number,
  classes: readonly number[],
): [number[], number[]] {
  const starts: number[] = [];
  const targets: number[] = [];
  dfa.targets[state].forEach((target, i) => {
    const found = classes[target];
    if (targets.length > 0 && targets[targets.length - 1] === found) return;
    starts.push(dfa.starts[state][i]);
    targets.push(found);
  });
  return [starts, targets];
}

/**
 * Classes of equivalent states for automata whose only loops are those of a
 * state to itself: literals, prefixes and templates make no others. States are
 * numbered from the ends backwards, equal ones together, in one pass.
 * `undefined` where there is a longer loop.
 */
function classesByHashing(dfa: Dfa): number[] | undefined {
  const size = dfa.accept.length;
  const waiting = new Array<number>(size).fill(0);
  const before: number[][] = Array.from({ length: size }, () => []);
  for (let state = 0; state < size; state++) {
    for (const target of new Set(dfa.targets[state])) {
      if (target === state) continue;
      waiting[state]++;
      before[target].push(state);
    }
  }
  const ready: number[] = [];
  for (let state = 0; state < size; state++)
    if (waiting[state] === 0) ready.push(state);
  const classes = new Array<number>(size).fill(-1);
  const seen = new Map<string, number>();
  let count = 0;
  const signature = (state: number, self: number | 'self'): string => {
    let text = dfa.accept[state] ? '+' : '-';
    let last: number | 'self' | undefined;
    const starts = dfa.starts[state];
    const targets = dfa.targets[state];
    for (let i = 0; i < starts.length; i++) {
      const target = targets[i] === state ? self : classes[targets[i]];
      if (target === last) continue;
      text += `${starts[i]}:${target},`;
      last = target;
    }
    return text;
  };
  for (const state of ready) {
    const own = signature(state, 'self');
    let found = seen.get(own);
    if (found === undefined && dfa.targets[state].includes(state)) {
      // It may be one of its successors: then it looks like that one when its loop leads there.
      for (const candidate of new Set(
        dfa.targets[state]
          .filter(target => target !== state)
          .map(target => classes[target]),
      )) {
        if (seen.get(signature(state, candidate)) === candidate)
          found = candidate;
      }
    }
    if (found === undefined) {
      found = count++;
      seen.set(own, found);
      // A state without a loop that leads where this one does is this one, too.
      seen.set(signature(state, found), found);
    }
    classes[state] = found;
    for (const previous of before[state])
      if (--waiting[previous] === 0) ready.push(previous);
  }
  return ready.length === size ? classes : undefined;
}

function refine(dfa: Dfa): number[] {
  const size = dfa.accept.length;
  let classes = dfa.accept.map(Number);
  let count = new Set(classes).size;
  for (;;) {
    charge(Math.ceil(size / 2));
    const seen = new Map<string, number>();
    const next = new Array<number>(size);
    for (let state = 0; state < size; state++) {
      const [starts, targets] = classIntervals(dfa, state, classes);
      const signature = `${classes[state]}|${starts.join(',')}|${targets.join(
        ',',
      )}`;
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
  charge(dfa.accept.length);
  const classes = classesByHashing(dfa) ?? refine(dfa);
  const number = new Map<number, number>([[classes[0], 0]]);
  const representatives = [0];
  const result: Dfa = { accept: [], starts: [], targets: [] };
  for (let index = 0; index < representatives.length; index++) {
    const state = representatives[index];
    const [starts, targets] = classIntervals(dfa, state, classes);
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
export function product(
  a: Dfa,
  b: Dfa,
  op: (x: boolean, y: boolean) => boolean,
): Dfa {
  const result: Dfa = { accept: [], starts: [], targets: [] };
  const width = b.accept.length;
  const numbers = new Map<number, number>([[0, 0]]);
  const pairs: [number, number][] = [[0, 0]];
  const numberOf = (x: number, y: number): number => {
    const key = x * width + y;
    let known = numbers.get(key);
    if (known === undefined) {
      known = pairs.length;
      if (known >= STATE_BUDGET) throw tooManyStates();
      charge(1);
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
