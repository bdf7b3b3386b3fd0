import { Dfa, LAST_CHAR, STATE_BUDGET, TooComplexError } from './dfa';
import { PathAtom } from './types';

/** Steps of the subset construction before it is given up. */
const WORK_BUDGET = 4_000_000;

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
 * and `%`), see design 4, H4.
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

/** An automaton (not minimal) of the union of atoms, by subset construction. */
export function dfaOfAtoms(atoms: readonly PathAtom[]): Dfa {
  const chains = atoms.map(itemsOf);
  // A position is a number: chain offset + index in its chain.
  const offsets: number[] = [];
  const items: (Item | undefined)[] = [];
  for (const chain of chains) {
    offsets.push(items.length);
    items.push(...chain, undefined);
  }
  const close = (positions: Iterable<number>): number[] => {
    const closed = new Set<number>();
    for (let position of positions) {
      for (;;) {
        closed.add(position);
        if (!items[position]?.star) break;
        position++;
      }
    }
    return [...closed].sort((a, b) => a - b);
  };

  const result: Dfa = { accept: [], starts: [], targets: [] };
  const numbers = new Map<string, number>();
  const sets: number[][] = [];
  const numberOf = (positions: number[]): number => {
    const key = positions.join(',');
    let known = numbers.get(key);
    if (known === undefined) {
      known = sets.length;
      if (known >= STATE_BUDGET) throw new TooComplexError();
      numbers.set(key, known);
      sets.push(positions);
    }
    return known;
  };
  numberOf(close(offsets));
  let work = 0;
  for (let index = 0; index < sets.length; index++) {
    const positions = sets[index];
    const cuts = new Set<number>([0]);
    for (const position of positions) {
      for (const [from, to] of items[position]?.ranges ?? []) {
        cuts.add(from);
        if (to < LAST_CHAR) cuts.add(to + 1);
      }
    }
    const starts = [...cuts].sort((a, b) => a - b);
    work += starts.length * positions.length;
    if (work > WORK_BUDGET) throw new TooComplexError();
    const targets = starts.map(char => {
      const next: number[] = [];
      for (const position of positions) {
        const item = items[position];
        if (item?.ranges.some(([from, to]) => from <= char && char <= to)) {
          next.push(item.star ? position : position + 1);
        }
      }
      return numberOf(close(next));
    });
    result.accept.push(
      positions.some(position => items[position] === undefined),
    );
    result.starts.push(starts);
    result.targets.push(targets);
  }
  return result;
}
