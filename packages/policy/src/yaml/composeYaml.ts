import {
  Composer,
  CST,
  Document,
  isNode,
  isScalar,
  LineCounter,
  Parser,
  visit,
} from 'yaml';
import { MAX_DEPTH } from './limits';

/** @see composeYaml */
export interface ComposedYaml {
  /** Empty where the text is beyond all bounds. */
  document: Document.Parsed;
  counter: LineCounter;
  /** The first thing that is wrong with the text, with its offset. */
  problem?: { message: string; offset: number };
}

/** @see composeYaml */
export interface ComposeOptions {
  /** Characters that are read at most. */
  most: number;
  /** `<<` is a merge key, as in YAML 1.1. */
  merge?: boolean;
  /** Nodes keep what they were made of, for edits. */
  keepSourceTokens?: boolean;
}

/** The levels of maps and lists in what the parser found, counted without calling itself. */
function depthOf(token: CST.Token): number {
  let most = 0;
  const open: [CST.Token, number][] = [[token, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [each, depth] = next;
    most = Math.max(most, depth);
    if (each.type === 'document' && each.value) open.push([each.value, depth]);
    if (!('items' in each)) continue;
    for (const { key, value } of each.items) {
      if (key) open.push([key, depth + 1]);
      if (value) open.push([value, depth + 1]);
    }
  }
  return most;
}

/**
 * The first key that a map has twice. The library compares every key of a map
 * with every other, so it is told not to, and that is done here.
 */
function duplicateKey(document: Document.Parsed): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        const name = String(key.value);
        if (seen.has(name)) {
          offset = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return offset;
}

function compose(
  tokens: CST.Token[],
  length: number,
  options: ComposeOptions,
): Document.Parsed[] {
  const composer = new Composer({
    merge: options.merge ?? false,
    keepSourceTokens: options.keepSourceTokens ?? false,
    logLevel: 'silent',
    strict: true,
    prettyErrors: false,
    uniqueKeys: false,
  });
  return [...composer.compose(tokens, true, length)];
}

/**
 * One YAML document with the place of every node, within bounds: the library
 * composes deep documents by calling itself, and a stack that is used up there
 * can end the process, not only the call. Never throws; takes time in
 * proportion to the text, up to 10 µs a character.
 */
export function composeYaml(
  text: string,
  options: ComposeOptions,
): ComposedYaml {
  const counter = new LineCounter();
  const refused = (message: string, offset = 0): ComposedYaml => ({
    document: compose([], 0, options)[0],
    counter,
    problem: { message, offset },
  });
  if (text.length > options.most) {
    // Nobody has counted lines: the place is the first.
    counter.addNewLine(0);
    return refused(`has more than ${options.most} characters`);
  }
  const tokens = [...new Parser(counter.addNewLine).parse(text)];
  const deep = tokens.find(token => depthOf(token) > MAX_DEPTH);
  if (deep)
    return refused(
      `has more than ${MAX_DEPTH} levels inside each other`,
      deep.offset,
    );
  const [document, second] = compose(tokens, text.length, options);
  const composed = { document, counter };
  const [error] = document.errors;
  if (error) {
    const problem = { message: error.message, offset: error.pos[0] };
    return { ...composed, problem };
  }
  if (second) {
    const { contents, range } = second;
    const offset = isNode(contents) ? contents.range?.[0] : undefined;
    const message = 'goes on after its end: there is a second document';
    return { ...composed, problem: { message, offset: offset ?? range[0] } };
  }
  const offset = duplicateKey(document);
  if (offset === undefined) return composed;
  return {
    ...composed,
    problem: { message: 'Map keys must be unique', offset },
  };
}
