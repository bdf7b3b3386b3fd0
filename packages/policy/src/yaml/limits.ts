import { isJson } from '../estate/json';

/** Characters of one file that are read (128 Mi); a larger one is a finding. */
export const MAX_FILE = 128 * 1024 * 1024;

/**
 * Characters of one document (256 Ki) that are read with all that YAML can do:
 * merge keys, tags, directives, and errors in words that help. That takes some
 * hundred times the memory of the text, and up to 10 µs a character. Plain
 * documents have no limit of their own.
 */
export const MAX_RICH_DOCUMENT = 256 * 1024;

/** Characters of one document, or of one item of a list, in which fields have places (8 Mi). */
export const MAX_LOCATED = 8 * 1024 * 1024;

/** Levels of maps and lists inside each other. The deepest custom resource definitions in use have about 60. */
export const MAX_DEPTH = 200;

/** Uses of anchors in one document that is read with all that YAML can do, each counted with those inside it. */
export const MAX_ALIASES = 1000;

/** Values that a document may have once its aliases are written out. */
export const MAX_VALUES_WITH_ALIASES = 1_000_000;

/**
 * What is wrong with the size of a value, in words that follow "it": nested too
 * deep, itself inside of itself, or too many values once aliases are written
 * out. Takes no more steps than `most`.
 */
export function sizeProblem(
  value: unknown,
  most = Infinity,
): string | undefined {
  let left = most;
  const tooDeep = (item: unknown, depth: number): string | undefined => {
    if (typeof item !== 'object' || item === null) return undefined;
    if (depth > MAX_DEPTH)
      return `has more than ${MAX_DEPTH} levels inside each other, or refers to itself`;
    const children = Array.isArray(item)
      ? item
      : Object.values(isJson(item) ? item : {});
    left -= children.length;
    if (left < 0)
      return `has more than ${most} values once its aliases are written out`;
    for (const child of children) {
      const problem = tooDeep(child, depth + 1);
      if (problem) return problem;
    }
    return undefined;
  };
  return tooDeep(value, 1);
}

/** Something that may be an alias. */
const ALIAS = /\*\S/;

/** What is wrong with the size of a value once the aliases of its text are written out. */
export function expansionProblem(
  text: string,
  value: unknown,
): string | undefined {
  return ALIAS.test(text)
    ? sizeProblem(value, MAX_VALUES_WITH_ALIASES)
    : undefined;
}
