import { isSegmentChar } from './atoms';
import { TooComplexError, withinWork } from './budget';
import { Cache } from './Cache';
import { Dfa, LAST_CHAR, step } from './dfa';
import { Lang } from './Lang';
import { PathAtom } from './types';

const MOST_PATTERNS = 256;
/** More wide patterns than this are not compared with each other. */
const MOST_COMPARED = 32;
const LONGEST_PATTERN = 2048;

/** A character of `{*}` that no path names by chance: it stands for all that are treated alike. */
const ORDINARY = '~'.charCodeAt(0);
const SLASH = '/'.charCodeAt(0);

/**
 * Writes an atom as Istio's fields do.
 */
export function formatAtom(atom: PathAtom): string {
  if ('exact' in atom) return atom.exact;
  if ('prefix' in atom) return `${atom.prefix}*`;
  if ('suffix' in atom) return `*${atom.suffix}`;
  if ('present' in atom) return '*';
  return atom.template;
}

function toAtom(text: string, open: boolean): PathAtom {
  if (open) return { prefix: text };
  return /\{\*\*?\}/.test(text) ? { template: text } : { exact: text };
}

interface WalkContext {
  /** States on the way here: a loop is not walked twice. */
  on: ReadonlySet<number>;
  /** Inside what a `{*}` just matched. */
  afterSegment: boolean;
  /** Inside a segment that a `{*}` at its place matches too: that one's state. */
  covering?: number;
}

/** Walks an automaton and writes down the patterns that it can recognise; it may miss some. */
class PatternWalk {
  readonly found: PathAtom[] = [];
  readonly #dfa: Dfa;
  readonly #dead: number;
  readonly #all: number;

  constructor(lang: Lang) {
    this.#dfa = lang.dfa;
    const loops = (state: number) =>
      this.#dfa.targets[state].length === 1 &&
      this.#dfa.targets[state][0] === state;
    const states = this.#dfa.accept.map((_, state) => state);
    this.#dead =
      states.find(state => loops(state) && !this.#dfa.accept[state]) ?? -1;
    this.#all =
      states.find(state => loops(state) && this.#dfa.accept[state]) ?? -1;
    this.walk(0, '', { on: new Set(), afterSegment: false });
  }

  /** Adds patterns that begin with `text` and go on from `state`. */
  private walk(state: number, text: string, context: WalkContext): void {
    if (
      this.found.length > MOST_PATTERNS ||
      text.length > LONGEST_PATTERN ||
      state === this.#dead
    )
      return;
    const { on, afterSegment, covering } = context;
    if (state === this.#all && !text.includes('{*')) {
      this.found.push(toAtom(text, true));
      return;
    }
    const isCovered = covering !== undefined && this.#dfa.accept[covering];
    if (this.#dfa.accept[state] && !isCovered)
      this.found.push(toAtom(text, false));
    if (on.has(state)) return;
    const seen = new Set(on).add(state);
    const inside =
      !afterSegment && (text === '' || text.endsWith('/'))
        ? this.walkTemplate(state, text, seen)
        : undefined;
    this.#dfa.starts[state].forEach((start, i) => {
      const end = this.#dfa.starts[state][i + 1] ?? LAST_CHAR + 1;
      const target = this.#dfa.targets[state][i];
      // A wide interval is no list of literals; templates and complements stand for those.
      if (target === this.#dead || (target !== this.#all && end - start > 4))
        return;
      for (let char = start; char < Math.min(end, start + 5); char++) {
        if (afterSegment && isSegmentChar(char)) continue;
        const stays = inside ?? covering;
        // What `{*}` says already is not said again, letter by letter.
        if (stays !== undefined && isSegmentChar(char) && target === stays)
          continue;
        this.walk(target, text + String.fromCharCode(char), {
          on: seen,
          afterSegment: false,
          ...(isSegmentChar(char) && stays !== undefined
            ? { covering: stays }
            : {}),
        });
      }
    });
  }

  /** The state inside a segment that a `{*}` at this place stands for, if there is one. */
  private walkTemplate(
    state: number,
    text: string,
    seen: ReadonlySet<number>,
  ): number | undefined {
    const inside = step(this.#dfa, state, ORDINARY);
    if (inside === this.#dead || inside === this.#all) return undefined;
    if (step(this.#dfa, inside, ORDINARY) !== inside) return undefined;
    if (step(this.#dfa, inside, SLASH) === inside && this.#dfa.accept[state]) {
      this.found.push({ template: `${text}{**}` });
      return inside;
    }
    this.walk(inside, `${text}{*}`, { on: seen, afterSegment: true });
    return inside;
  }
}

/**
 * A suffix is in its own language, so that the shortest text is the only
 * suffix that is worth trying; where it may not follow anything, none is.
 */
function suffixCandidates(lang: Lang): PathAtom[] {
  const suffix = lang.shortest();
  if (
    suffix === undefined ||
    !['/', '~', '\u0001', `/${suffix}`].every(text =>
      lang.accepts(`${text}${suffix}`),
    )
  )
    return [];
  return [{ suffix }];
}

/** Leaves out patterns that the others cover. */
function withoutCovered(atoms: readonly PathAtom[]): PathAtom[] {
  let wide = atoms.filter(atom => !('exact' in atom));
  if (wide.length <= MOST_COMPARED) {
    for (const atom of [...wide].sort(
      (a, b) => formatAtom(b).length - formatAtom(a).length,
    )) {
      const others = wide.filter(other => other !== atom);
      if (Lang.of([atom]).isSubset(Lang.of(others))) wide = others;
    }
  }
  const covered = Lang.of(wide);
  const literals = atoms.filter(
    atom => 'exact' in atom && !covered.accepts(atom.exact),
  );
  return [...literals, ...wide];
}

/**
 * Atoms whose union is exactly the language, or `undefined` when the walk
 * finds none. Depends on the language alone, not on how it came about.
 */
function exactAtoms(lang: Lang): PathAtom[] | undefined {
  if (lang.isFull) return [{ present: true }];
  const candidates = [
    ...new PatternWalk(lang).found,
    ...suffixCandidates(lang),
  ];
  if (candidates.length > MOST_PATTERNS) return undefined;
  const sound = candidates.filter(atom =>
    'exact' in atom ? lang.accepts(atom.exact) : Lang.of([atom]).isSubset(lang),
  );
  if (!Lang.of(sound).equals(lang)) return undefined;
  return withoutCovered(sound);
}

/** Edges that do not lead where nothing is accepted any more. */
function liveEdges(
  dfa: Dfa,
  state: number,
): { target: number; start: number; end: number }[] {
  const isDead = (target: number) =>
    !dfa.accept[target] &&
    dfa.targets[target].length === 1 &&
    dfa.targets[target][0] === target;
  return dfa.targets[state]
    .map((target, i) => ({
      target,
      start: dfa.starts[state][i],
      end: dfa.starts[state][i + 1] ?? LAST_CHAR + 1,
    }))
    .filter(({ target }) => !isDead(target));
}

function commonPrefix(lang: Lang): string {
  let state = 0;
  let text = '';
  const { dfa } = lang;
  while (!dfa.accept[state] && text.length < LONGEST_PATTERN) {
    const live = liveEdges(dfa, state);
    if (live.length !== 1 || live[0].end - live[0].start !== 1) break;
    text += String.fromCharCode(live[0].start);
    state = live[0].target;
  }
  return text;
}

/** How a language is written for people. All three absent lists mean everything. */
export interface Description {
  patterns?: string[];
  notPatterns?: string[];
  exact: boolean;
}

const memo = new Cache<Description>(
  ({ patterns = [], notPatterns = [] }) =>
    4 * (patterns.length + notPatterns.length),
);

/** Describes a language: by patterns, by patterns of its complement, or by a cover that is not exact. */
export function describe(lang: Lang): Description {
  if (lang.isFull) return { exact: true };
  const known = memo.get(lang.key);
  if (known) return known;
  const sorted = (atoms: PathAtom[]) => atoms.map(formatAtom).sort();
  let result: Description;
  try {
    const atoms = withinWork(() => exactAtoms(lang));
    const others = atoms
      ? undefined
      : withinWork(() => exactAtoms(lang.complement()));
    if (atoms) result = { patterns: sorted(atoms), exact: true };
    else if (others) result = { notPatterns: sorted(others), exact: true };
    else result = { patterns: [`${commonPrefix(lang)}*`], exact: false };
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
    result = { patterns: ['*'], exact: false };
  }
  memo.set(lang.key, result);
  return result;
}
