/**
 * A name in a sentence. It is left open until somebody reads it: command lines write ids, people read titles, and what a
 * reader may not see has no name at all.
 *
 * @public
 */
export type Name =
  /** `namespace/Kind/name`, or what stands for an end outside the estate. */
  | { kind: 'workload'; id: string }
  /** Full entity ref. */
  | { kind: 'entity'; ref: string }
  /** Objects, labels, fields and codes: what looks for them needs them, and whoever decides reads what they are. */
  | { kind: 'detail'; text: string; instead: string };

/**
 * A sentence as text and names, in their order.
 *
 * @public
 */
export type Words = readonly (string | Name)[];

/**
 * How one reader is told of names.
 *
 * @public
 */
export interface Namer {
  workload(id: string): string;
  entity(ref: string): string;
}

/** A workload in a sentence, by its id; addresses stand for themselves. */
export function workload(id: string): Name {
  return { kind: 'workload', id };
}

/** An entity in a sentence, by its full ref. */
export function entity(ref: string): Name {
  return { kind: 'entity', ref };
}

/**
 * Something that is needed to look it up and not to decide.
 *
 * @param instead - what people read in its place
 */
export function detail(text: string, instead: string): Name {
  return { kind: 'detail', text, instead };
}

/** So many of a list are named to people; the others are a number. */
const MOST_NAMED = 5;

/** Objects that a sentence lists for those who look for them, and counts for the others: `2 hand-written policies`. */
export function details(
  texts: readonly string[],
  [one, many]: readonly [one: string, many: string],
  between = ', ',
): Name {
  return detail(
    texts.join(between),
    texts.length === 1 ? one : `${texts.length} ${many}`,
  );
}

/** Names one after the other. */
export function listed(names: readonly Name[], between = ', '): Words {
  return names.flatMap((name, index) =>
    index === 0 ? [name] : [between, name],
  );
}

/** Workloads one after the other. */
export function workloads(ids: readonly string[], between?: string): Words {
  return listed(ids.map(workload), between);
}

/** Entities one after the other. */
export function entities(refs: readonly string[], between?: string): Words {
  return listed(refs.map(entity), between);
}

/** A sentence as a template: text as it stands, names as what they name. */
export function said(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Name | Words)[]
): Words {
  const parts = texts.flatMap((text, index) => {
    const value = index < values.length ? values[index] : '';
    return [text, ...(Array.isArray(value) ? (value as Words) : [value])];
  }) as (string | number | Name)[];
  const words: (string | Name)[] = [];
  for (const part of parts) {
    const last = words.length - 1;
    if (typeof part === 'object') words.push(part);
    else if (typeof words[last] === 'string')
      words[last] = `${words[last]}${part}`;
    else words.push(String(part));
  }
  return words.filter(part => part !== '');
}

/** Whether a sentence names anything that is not text. */
export function hasNames(words: Words): boolean {
  return words.some(part => typeof part !== 'string');
}

/** A sentence with ids, for whoever works on files. */
export function idText(words: Words): string {
  return words
    .map(part => {
      if (typeof part === 'string') return part;
      switch (part.kind) {
        case 'workload':
          return part.id;
        case 'entity':
          return part.ref;
        default:
          return part.text;
      }
    })
    .join('');
}

/**
 * A sentence for one reader, in which a name that comes first is written large. Names that are told alike stand once in a list, and of many some are counted.
 *
 * @public
 */
export function sayWords(words: Words, namer: Namer): string {
  const text = sayPart(words, namer);
  // Text is as somebody wrote it, and may begin with a name that is written small.
  return typeof words[0] === 'string'
    ? text
    : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/**
 * The same to go on a sentence.
 *
 * @public
 */
export function sayPart(words: Words, namer: Namer): string {
  const tell = (name: Name): string => {
    switch (name.kind) {
      case 'workload':
        return namer.workload(name.id);
      case 'entity':
        return namer.entity(name.ref);
      default:
        return name.instead;
    }
  };
  let text = '';
  let index = 0;
  while (index < words.length) {
    const part = words[index];
    if (typeof part === 'string') {
      text += part;
      index += 1;
    } else {
      const { names, between, next } = runFrom(words, index);
      text += listText([...new Set(names.map(tell))], between);
      index = next;
    }
  }
  return text;
}

/** Names that stand in one list, which begins at an index. */
function runFrom(
  words: Words,
  start: number,
): { names: Name[]; between: string; next: number } {
  const names = [words[start] as Name];
  let between = ', ';
  let next = start + 1;
  while (next + 1 < words.length) {
    const [text, name] = [words[next], words[next + 1]];
    const isLink = text === ', ' || text === ' and ';
    if (!isLink || typeof name === 'string') break;
    between = text;
    names.push(name);
    next += 2;
  }
  return { names, between, next };
}

function listText(texts: readonly string[], between: string): string {
  const more = texts.length - MOST_NAMED;
  if (more > 0)
    return `${texts.slice(0, MOST_NAMED).join(', ')} and ${more} more`;
  return texts.join(between);
}
