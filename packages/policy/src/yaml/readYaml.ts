import { composeYaml } from './composeYaml';
import {
  MAX_ALIASES,
  MAX_RICH_DOCUMENT,
  expansionProblem,
  sizeProblem,
} from './limits';
import { readCompactJson } from './readCompactJson';
import { readPlainYaml } from './readPlainYaml';
import { YamlProblem } from './YamlProblem';

/**
 * The value of a document, or why it has none.
 *
 * @public
 */
export type YamlReading = { value: unknown } | { problem: YamlProblem };

/** How manifests are parsed wherever the `yaml` library does it. */
export const MANIFEST_YAML = { merge: true } as const;

/** Control characters that YAML does not allow (YAML 1.2, 5.1), not even in comments. */
const NOT_PRINTABLE = /[^\P{Cc}\t\n\r\u0085]/u;

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

function parseOne(text: string): unknown {
  refuseControlCharacters(text);
  const { document, problem } = composeYaml(text, {
    ...MANIFEST_YAML,
    most: MAX_RICH_DOCUMENT,
  });
  if (problem) throw new ProblemAt(problem.message, problem.offset);
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
  return error.message.split('\n')[0];
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
    if (!message) return plain;
    return (
      readCompactJson(text) ?? { problem: { message, line: 1, column: 1 } }
    );
  }
  const json = readCompactJson(text);
  if (json) return json;
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
