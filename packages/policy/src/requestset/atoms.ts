import { STATE_BUDGET, charge, tooManyStates } from './budget';
import { Dfa, LAST_CHAR, minimise, product } from './dfa';
import { PathAtom } from './types';

/** Inclusive ranges of characters, ascending. */
type CharRanges = readonly (readonly [number, number])[];

interface Item {
  ranges: CharRanges;
  /** Any number of times, also none. */
  star: boolean;
}

const ANY: CharRanges = [[0, LAST_CHAR]];

/**
 * Characters that `{*}` matches: Envoy's `uri_template_lib` (RFC 3986 pchar
 * and `%`), see docs/semantics.md, H4.
 */
const SEGMENT_CHARS =
  "-._~%!$&'()+,;:@=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function rangesOf(chars: string): CharRanges {
  const codes = [...chars]
    .map(char => char.charCodeAt(0))
    .sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const code of codes) {
    const last = ranges[ranges.length - 1];
    if (last && last[1] + 1 >= code) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
}

const SEGMENT = rangesOf(SEGMENT_CHARS);
const SEGMENTS = rangesOf(`${SEGMENT_CHARS}/`);

/** True for characters that `{*}` matches. */
export function isSegmentChar(code: number): boolean {
  return SEGMENT.some(([from, to]) => from <= code && code <= to);
}

function literal(text: string): Item[] {
  const items: Item[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    items.push({ ranges: [[code, code]], star: false });
  }
  return items;
}

function itemsOf(atom: PathAtom): Item[] {
  if ('exact' in atom) return literal(atom.exact);
  if ('prefix' in atom)
    return [...literal(atom.prefix), { ranges: ANY, star: true }];
  if ('suffix' in atom)
    return [{ ranges: ANY, star: true }, ...literal(atom.suffix)];
  if ('present' in atom) return [{ ranges: ANY, star: true }];
  return atom.template.split(/(\{\*\*?\})/).flatMap(part => {
    if (part === '{*}') {
      return [
        { ranges: SEGMENT, star: false },
        { ranges: SEGMENT, star: true },
      ];
    }
    if (part === '{**}') return [{ ranges: SEGMENTS, star: true }];
    return literal(part);
  });
}

/** Positions that the subset construction looks at in the time of one step elsewhere. */
const POSITIONS_A_STEP = 8;

/** The index of the interval that a character begins. */
function intervalOf(starts: readonly number[], char: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= char) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * An automaton (not minimal) of the union of chains, by subset construction.
 * `undefined` when it would have more states than `limit`.
 */
function determinise(
  chains: readonly (readonly Item[])[],
  limit: number,
): Dfa | undefined {
  // A position is a number: chain offset + index in its chain. A chain ends with a position without item.
  const offsets: number[] = [];
  const items: (Item | undefined)[] = [];
  for (const chain of chains) {
    offsets.push(items.length);
    for (const item of chain) items.push(item);
    items.push(undefined);
  }
  /** Positions ascend, and so do those that can be reached from them without a character. */
  const close = (positions: readonly number[]): number[] => {
    const closed: number[] = [];
    let last = -1;
    for (const position of positions) {
      if (position <= last) continue;
      last = position;
      closed.push(last);
      while (items[last]?.star) closed.push(++last);
    }
    return closed;
  };

  const result: Dfa = { accept: [], starts: [], targets: [] };
  const numbers = new Map<string, number>();
  const sets: number[][] = [];
  const numberOf = (positions: number[]): number => {
    const key = positions.join(',');
    let known = numbers.get(key);
    if (known === undefined) {
      known = sets.length;
      numbers.set(key, known);
      sets.push(positions);
    }
    return known;
  };
  numberOf(close(offsets));
  for (let index = 0; index < sets.length; index++) {
    if (sets.length > limit) return undefined;
    const positions = sets[index];
    const cuts = new Set<number>([0]);
    for (const position of positions) {
      for (const [from, to] of items[position]?.ranges ?? []) {
        cuts.add(from);
        if (to < LAST_CHAR) cuts.add(to + 1);
      }
    }
    const starts = [...cuts].sort((a, b) => a - b);
    const next = starts.map((): number[] => []);
    let looks = starts.length;
    for (const position of positions) {
      const item = items[position];
      for (const [from, to] of item?.ranges ?? []) {
        for (
          let i = intervalOf(starts, from);
          i < starts.length && starts[i] <= to;
          i++
        ) {
          next[i].push(item?.star ? position : position + 1);
          looks++;
        }
      }
    }
    charge(1 + Math.ceil(looks / POSITIONS_A_STEP));
    result.accept.push(
      positions.some(position => items[position] === undefined),
    );
    result.starts.push(starts);
    result.targets.push(next.map(each => numberOf(close(each))));
  }
  return result;
}

const either = (x: boolean, y: boolean) => x || y;

function dfaOfChains(chains: readonly (readonly Item[])[]): Dfa {
  const isOne = chains.length === 1;
  const positions = chains.reduce((sum, chain) => sum + chain.length + 1, 0);
  // Literals, prefixes and templates share their beginnings or part for good: one state for each position is
  // enough. Where it is not, subsets of positions multiply that the minimal automaton need not tell apart.
  const whole = determinise(
    chains,
    isOne ? STATE_BUDGET : Math.min(2 * positions + 16, STATE_BUDGET),
  );
  if (whole) return whole;
  if (isOne) throw tooManyStates();
  const middle = chains.length >> 1;
  const halves = [chains.slice(0, middle), chains.slice(middle)];
  const [a, b] = halves.map(half => minimise(dfaOfChains(half)));
  return product(a, b, either);
}

/**
 * An automaton (not minimal) of the union of atoms.
 *
 * @throws TooComplexError when it would need more than the budget.
 */
export function dfaOfAtoms(atoms: readonly PathAtom[]): Dfa {
  return dfaOfChains(atoms.map(itemsOf));
}
