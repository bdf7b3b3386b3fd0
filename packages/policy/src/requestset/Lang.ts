import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { dfaOfAtoms } from './atoms';
import { Cache } from './Cache';
import { Dfa, LAST_CHAR, minimise, product, step } from './dfa';
import { Memo } from './Memo';
import { PathAtom } from './types';

let nextId = 1;
const interned = new Cache<Lang>(lang => lang.size);
const fromAtoms = new Memo<Lang>(lang => lang.size);
const combined = new Memo<Lang>(lang => lang.size);

type Op = '|' | '&' | '-';

const DECIDE: Record<Op, (x: boolean, y: boolean) => boolean> = {
  '|': (x, y) => x || y,
  '&': (x, y) => x && y,
  '-': (x, y) => x && !y,
};

/**
 * A regular language over text that is not empty, exact and in canonical form:
 * two are equal exactly when their keys, digests of their minimal automata, are.
 * Immutable.
 *
 * @public
 */
export class Lang {
  static readonly empty = Lang.constant({
    accept: [false],
    starts: [[0]],
    targets: [[0]],
  });

  /** All text that is not empty. */
  static readonly full = Lang.constant({
    accept: [false, true],
    starts: [[0], [0]],
    targets: [[1], [1]],
  });

  readonly id = nextId++;

  private constructor(readonly dfa: Dfa, readonly key: string) {}

  /** States of the minimal automaton. */
  get size(): number {
    return this.dfa.accept.length;
  }

  private static constant(dfa: Dfa): Lang {
    const lang = Lang.intern(dfa);
    interned.pin(lang.key, lang);
    return lang;
  }

  private static intern(dfa: Dfa): Lang {
    const minimal = minimise(dfa);
    const states = minimal.accept.map((accept, state) => {
      const edges = minimal.starts[state].map(
        (start, i) =>
          `${start.toString(36)}:${minimal.targets[state][i].toString(36)}`,
      );
      return `${accept ? '+' : '-'}${edges.join(',')}`;
    });
    const key = bytesToHex(sha256(utf8ToBytes(states.join(';'))));
    const known = interned.get(key);
    if (known) return known;
    const lang = new Lang(minimal, key);
    interned.set(key, lang);
    return lang;
  }

  /** The union of atoms. Empty text is in no language. */
  static of(atoms: readonly PathAtom[]): Lang {
    if (atoms.length === 0) return Lang.empty;
    // One text and one automaton for all orders of a list.
    const texts = [...new Set(atoms.map(atom => JSON.stringify(atom)))].sort();
    return fromAtoms.get(texts.join('\n'), () =>
      Lang.intern(
        withoutEmptyText(
          dfaOfAtoms(texts.map((text): PathAtom => JSON.parse(text))),
        ),
      ),
    );
  }

  get isEmpty(): boolean {
    return this.key === Lang.empty.key;
  }

  get isFull(): boolean {
    return this.key === Lang.full.key;
  }

  equals(other: Lang): boolean {
    return this === other || this.key === other.key;
  }

  accepts(text: string): boolean {
    let state = 0;
    for (let i = 0; i < text.length; i++)
      state = step(this.dfa, state, text.charCodeAt(i));
    return this.dfa.accept[state];
  }

  union(other: Lang): Lang {
    if (this.equals(other) || other.isEmpty || this.isFull) return this;
    if (this.isEmpty || other.isFull) return other;
    return this.combine('|', other);
  }

  intersect(other: Lang): Lang {
    if (this.equals(other) || this.isEmpty || other.isFull) return this;
    if (other.isEmpty || this.isFull) return other;
    return this.combine('&', other);
  }

  subtract(other: Lang): Lang {
    if (this.isEmpty || other.isEmpty) return this;
    if (this.equals(other) || other.isFull) return Lang.empty;
    return this.combine('-', other);
  }

  complement(): Lang {
    return Lang.full.subtract(this);
  }

  isSubset(other: Lang): boolean {
    return this.subtract(other).isEmpty;
  }

  /**
   * A shortest text of the language, of characters that are easy to read where
   * there is a choice. `undefined` for the empty language.
   */
  shortest(): string | undefined {
    const { dfa } = this;
    const from = new Map<number, { state: number; char: number }>();
    const queue = [0];
    const seen = new Set([0]);
    for (const state of queue) {
      if (dfa.accept[state]) {
        let text = '';
        for (let at = state; at !== 0; ) {
          const back = from.get(at) as { state: number; char: number };
          text = String.fromCharCode(back.char) + text;
          at = back.state;
        }
        return text;
      }
      for (const { char, target } of readableEdges(dfa, state)) {
        if (seen.has(target)) continue;
        seen.add(target);
        from.set(target, { state, char });
        queue.push(target);
      }
    }
    return undefined;
  }

  private combine(op: Op, other: Lang): Lang {
    return combined.get(`${op}${this.id},${other.id}`, () =>
      Lang.intern(product(this.dfa, other.dfa, DECIDE[op])),
    );
  }
}

/** A new start that does not accept, in front of the old one's edges. */
function withoutEmptyText(dfa: Dfa): Dfa {
  if (!dfa.accept[0]) return dfa;
  const shifted = dfa.targets.map(targets => targets.map(target => target + 1));
  return {
    accept: [false, ...dfa.accept],
    starts: [dfa.starts[0], ...dfa.starts],
    targets: [shifted[0], ...shifted],
  };
}

const READABLE = [
  ...'/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-._~',
].map(c => c.charCodeAt(0));

/** One edge for each target of a state, by the most readable character that leads there. */
function readableEdges(
  dfa: Dfa,
  state: number,
): { char: number; target: number }[] {
  const found = new Map<number, number>();
  const consider = (char: number) => {
    const target = step(dfa, state, char);
    if (!found.has(target)) found.set(target, char);
  };
  READABLE.forEach(consider);
  for (let char = 0x21; char < 0x7f; char++) consider(char);
  dfa.starts[state].forEach((start, i) => {
    const end = dfa.starts[state][i + 1] ?? LAST_CHAR + 1;
    consider(Math.max(start, Math.min(0x100, end - 1)));
  });
  return [...found].map(([target, char]) => ({ char, target }));
}
