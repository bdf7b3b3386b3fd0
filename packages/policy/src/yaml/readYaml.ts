import { Composer, Document, isNode, isScalar, Parser, visit } from 'yaml';
import {
  MAX_ALIASES,
  MAX_RICH_DOCUMENT,
  expansionProblem,
  sizeProblem,
} from './limits';
import { readPlainYaml } from './readPlainYaml';
import { YamlProblem } from './YamlProblem';

/** @see readYaml */
export type YamlReading = { value: unknown } | { problem: YamlProblem };

/**
 * How manifests are parsed wherever the `yaml` library does it. It compares
 * every key of a map with every other: that is done here instead.
 */
export const MANIFEST_YAML = {
  merge: true,
  logLevel: 'silent',
  strict: true,
  prettyErrors: false,
  uniqueKeys: false,
} as const;

/** Control characters that YAML does not allow (YAML 1.2, 5.1), not even in comments. */
const NOT_PRINTABLE = new RegExp(
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f]',
);

/** A problem at an offset of the text. */
class ProblemAt extends Error {
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

function refuseControlCharacters(text: string): void {
  const found = NOT_PRINTABLE.exec(text);
  if (!found) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase();
  throw new ProblemAt(
    `has the control character U+${code.padStart(4, '0')}`,
    found.index,
  );
}

function refuseDuplicateKeys(document: Document.Parsed): void {
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        const name = String(key.value);
        if (seen.has(name))
          throw new ProblemAt('Map keys must be unique', key.range?.[0] ?? 0);
        seen.add(name);
      }
    },
  });
}

function parseOne(text: string): unknown {
  refuseControlCharacters(text);
  const tokens = new Parser().parse(text);
  const documents = new Composer(MANIFEST_YAML).compose(
    tokens,
    true,
    text.length,
  );
  const first = documents.next();
  if (first.done) return null;
  const document: Document.Parsed = first.value;
  const [problem] = document.errors;
  if (problem) throw new ProblemAt(problem.message, problem.pos[0]);
  const second = documents.next();
  if (!second.done) {
    const { contents, range } = second.value;
    throw new ProblemAt(
      'goes on after its end',
      isNode(contents) && contents.range ? contents.range[0] : range[0],
    );
  }
  refuseDuplicateKeys(document);
  const start = document.contents?.range?.[0] ?? 0;
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const tooLarge = sizeProblem(value) ?? expansionProblem(text, value);
    if (tooLarge) throw new ProblemAt(tooLarge, start);
    return value;
  } catch (error) {
    // Aliases beyond the limit, or without an anchor.
    if (error instanceof ProblemAt) throw error;
    throw new ProblemAt(reasonOf(error), start);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be read';
  // The library calls itself once for every level.
  return error.message.includes('call stack')
    ? 'is nested too deep'
    : error.message.split('\n')[0];
}

function readRichYaml(text: string): YamlReading {
  try {
    return { value: parseOne(text) };
  } catch (error) {
    const offset = error instanceof ProblemAt ? error.offset : 0;
    const before = text.slice(0, offset);
    const column = offset - before.lastIndexOf('\n');
    const line = before.split('\n').length;
    return { problem: { message: reasonOf(error), line, column } };
  }
}

/**
 * Reads one document of YAML or JSON: core schema of YAML 1.2, merge keys,
 * aliases within bounds. Never throws. Plain documents are read fast; others,
 * and those with an error, again by a library that says more.
 */
export function readYaml(text: string): YamlReading {
  const plain = readPlainYaml(text);
  if (plain && 'value' in plain) {
    const message = expansionProblem(text, plain.value);
    return message ? { problem: { message, line: 1, column: 1 } } : plain;
  }
  if (text.length <= MAX_RICH_DOCUMENT) return readRichYaml(text);
  return (
    plain ?? {
      problem: {
        message: `has merge keys, tags, directives or unusual keys and more than ${MAX_RICH_DOCUMENT} characters; a document of that size must do without`,
        line: 1,
        column: 1,
      },
    }
  );
}
