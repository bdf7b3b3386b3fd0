import type { Line } from './ObjectStore';
import {
  BOUNDS,
  leftOutFor,
  MOST_OF_NOTE,
  noteOf,
  type LeftOut,
} from './leaveOut';

/** A file before it is written. */
export interface Draft {
  /** The folder of its kind. */
  kinds: string;
  /** Empty outside namespaces. */
  namespace: string;
  lines: readonly Line[];
}

/** A file as it is to be written. */
export interface Fitted {
  kinds: string;
  namespace: string;
  /** One a line: what was left out first, then the objects. */
  texts: readonly string[];
  leftOut: readonly LeftOut[];
  bytes: number;
}

/** What is around the objects of a list, and between two of them. */
const AROUND = 100;
const BETWEEN = 2;

/**
 * Drafts without what is more than the bounds. Of one file the largest objects go first, and of a cluster that is too large as
 * a whole the largest file of the namespace that has most: who fills it is the one who is not known, and not the others.
 */
export function withinBounds(
  drafts: readonly Draft[],
  bounds: { file: number; total: number } = BOUNDS,
): Fitted[] {
  const fitted = drafts.map(draft => fitFile(draft, bounds.file));
  let total = 0;
  const byNamespace = new Map<string, { bytes: number; at: number[] }>();
  for (const [at, { namespace, bytes }] of fitted.entries()) {
    const known = byNamespace.get(namespace) ?? { bytes: 0, at: [] };
    known.bytes += bytes;
    known.at.push(at);
    byNamespace.set(namespace, known);
    total += bytes;
  }
  for (const each of byNamespace.values())
    each.at.sort((a, b) => fitted[a].bytes - fitted[b].bytes);
  // What is outside of namespaces is the platform's, and about everybody: it goes last.
  const outside = byNamespace.get('');
  byNamespace.delete('');
  while (total > bounds.total) {
    const filled = [...byNamespace.values()].filter(({ at }) => at.length > 0);
    const largest =
      filled.length > 0
        ? filled.reduce((a, b) => (b.bytes > a.bytes ? b : a))
        : outside;
    const at = largest?.at.pop();
    if (!largest || at === undefined) break;
    const before = fitted[at];
    fitted[at] = withNote(drafts[at], []);
    const less = before.bytes - fitted[at].bytes;
    largest.bytes -= less;
    total -= less;
  }
  return fitted;
}

/** A file with objects of which the largest are left out until the others fit. */
function fitFile(draft: Draft, most: number): Fitted {
  const there = draft.lines.filter(hasText);
  // No character has more than three bytes for each of its units.
  const units = there.reduce((all, { text }) => all + text.length, 0);
  if (units * 3 + there.length * BETWEEN + MOST_OF_NOTE <= most)
    return withNote(draft, there);
  const sizes = new Map(
    there.map(line => [line, Buffer.byteLength(line.text) + BETWEEN]),
  );
  let bytes = [...sizes.values()].reduce((all, size) => all + size, AROUND);
  const isWhole = there.length === draft.lines.length && bytes <= most;
  const room = isWhole ? most : most - MOST_OF_NOTE;
  const bySize = [...there].sort((a, b) => sizes.get(a)! - sizes.get(b)!);
  const gone = new Set<Line>();
  while (bytes > room && bySize.length > 0) {
    const line = bySize.pop()!;
    gone.add(line);
    bytes -= sizes.get(line)!;
  }
  return withNote(
    draft,
    there.filter(line => !gone.has(line)),
  );
}

/** A file of some objects of a draft, and of a note of the others. */
function withNote(
  { kinds, namespace, lines }: Draft,
  kept: readonly (Line & { text: string })[],
): Fitted {
  const deep = lines.filter(line => !hasText(line));
  const isKept = new Set<Line>(kept);
  const large = lines.filter(line => hasText(line) && !isKept.has(line));
  const leftOut = [
    ...(deep.length > 0 ? [leftOutFor('too-deep', namesOf(deep))] : []),
    ...(large.length > 0 ? [leftOutFor('too-large', namesOf(large))] : []),
  ];
  const texts = [
    ...(leftOut.length > 0 ? [noteOf({ kinds, namespace }, leftOut)] : []),
    ...kept.map(({ text }) => text),
  ];
  const bytes = texts.reduce(
    (all, text) => all + Buffer.byteLength(text) + BETWEEN,
    AROUND,
  );
  return { kinds, namespace, texts, leftOut, bytes };
}

function hasText(line: Line): line is Line & { text: string } {
  return line.text !== undefined;
}

function namesOf(lines: readonly Line[]): string[] {
  return lines.map(({ name }) => name);
}
