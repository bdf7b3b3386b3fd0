import { LineCounter, parseAllDocuments, YAMLParseError } from 'yaml';
import {
  MAX_ALIASES,
  MAX_RICH_DOCUMENT,
  MAX_VALUES_WITH_ALIASES,
  sizeProblem,
} from './limits';
import { readPlainYaml } from './readPlainYaml';

/** Why a text gives no value, with the place in the text. */
export interface YamlProblem {
  message: string;
  /** 1-based, inside the text */
  line: number;
  /** 1-based */
  column: number;
}

/** @see readYaml */
export type YamlReading = { value: unknown } | { problem: YamlProblem };

/** How manifests are parsed wherever the `yaml` library does it. */
export const MANIFEST_YAML = {
  merge: true,
  logLevel: 'silent',
  strict: true,
  prettyErrors: false,
} as const;

/** The aliases of a text, as far as anybody could tell without parsing it. */
const ALIAS = /(?:^|[\s[{,:-])\*[^\s]/;

function problemAt(
  message: string,
  counter?: LineCounter,
  offset = 0,
): YamlReading {
  const at = counter?.linePos(offset);
  return {
    problem: {
      message: message.split('\n')[0],
      line: at?.line || 1,
      column: at?.col || 1,
    },
  };
}

/** The library calls itself once for every level. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be read';
  return error.message.includes('call stack')
    ? 'is nested too deep'
    : error.message;
}

function readRichYaml(text: string): YamlReading {
  if (text.length > MAX_RICH_DOCUMENT)
    return problemAt(
      `is no plain YAML (anchors, tags, directives or an error) and has more than ${MAX_RICH_DOCUMENT} characters: a document of that size must be plain`,
    );
  const counter = new LineCounter();
  let start = 0;
  try {
    const documents = parseAllDocuments(text, {
      ...MANIFEST_YAML,
      lineCounter: counter,
    });
    const document = Array.isArray(documents) ? documents[0] : undefined;
    if (!document) return { value: null };
    const problem: YAMLParseError | undefined = document.errors[0];
    if (problem) return problemAt(reasonOf(problem), counter, problem.pos[0]);
    start = document.contents?.range?.[0] ?? 0;
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const tooLarge = sizeProblem(
      value,
      ALIAS.test(text) ? MAX_VALUES_WITH_ALIASES : Infinity,
    );
    return tooLarge ? problemAt(tooLarge, counter, start) : { value };
  } catch (error) {
    // Aliases beyond the limit or without an anchor, and texts nested deeper than the library can follow.
    return problemAt(reasonOf(error), counter, start);
  }
}

/**
 * Reads one document of YAML or JSON: core schema of YAML 1.2, merge keys,
 * aliases within bounds. Never throws. Plain documents are read fast; whatever
 * else is read with the places of all nodes, which says where an error is.
 */
export function readYaml(text: string): YamlReading {
  return readPlainYaml(text) ?? readRichYaml(text);
}
