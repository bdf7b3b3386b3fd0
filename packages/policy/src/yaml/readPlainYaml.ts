import {
  FAILSAFE_SCHEMA,
  load,
  LoadOptions,
  Mark,
  State,
  Type,
  YAMLException,
} from 'js-yaml';
import { MAX_DEPTH } from './limits';
import { YamlProblem } from './YamlProblem';

const NULL = /^(?:~|[Nn]ull|NULL)?$/;
const BOOLEAN = /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/;
const INTEGER = /^[-+]?[0-9]+$/;
const OCTAL = /^0o[0-7]+$/;
const HEX = /^0x[0-9a-fA-F]+$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
/** What any of them begins with, so that most texts are passed over at once. */
const BEGINS = /^(?:[-+.0-9~]|$|[nN]|[tTfF])/;

function isPlainValue(text: string | null): boolean {
  if (text === null || text === '') return true;
  return (
    BEGINS.test(text) &&
    (FLOAT.test(text) ||
      BOOLEAN.test(text) ||
      NULL.test(text) ||
      OCTAL.test(text) ||
      HEX.test(text) ||
      NOT_FINITE.test(text))
  );
}

function plainValue(text: string | null): unknown {
  if (text === null || NULL.test(text)) return null;
  if (BOOLEAN.test(text)) return text[0] === 't' || text[0] === 'T';
  if (INTEGER.test(text)) return parseInt(text, 10);
  if (OCTAL.test(text)) return parseInt(text.slice(2), 8);
  if (HEX.test(text)) return parseInt(text.slice(2), 16);
  if (!NOT_FINITE.test(text)) return parseFloat(text);
  if (text.toLowerCase().endsWith('nan')) return NaN;
  return text.startsWith('-') ? -Infinity : Infinity;
}

/** Plain scalars as the core schema of YAML 1.2 has them (10.3.2), no other. */
const CORE = FAILSAFE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:null', {
      kind: 'scalar',
      resolve: isPlainValue,
      construct: plainValue,
    }),
  ],
});

/**
 * What libraries read differently wherever it stands: lone carriage returns,
 * marks of byte order, directives, words that begin as a marker does, and a
 * last line of spaces alone, which counts or not where a block keeps its ends.
 */
const SPECIAL =
  /\r(?!\n)|\uFEFF|(?:^|\n)(?:%|---[^ \t\r\n]|\.\.\.[^ \t\r\n])|\n[ \t]+$/;

const REFUSED = new Error('is not plain');

/** The state of the library while it reads, as far as it is looked at. */
interface Reading {
  input: string;
  position: number;
  anchor: string | null;
  tag: string | null;
  result: unknown;
}

/** Is what was just read a key? Spaces before its colon are few, or it is none of ours. */
function isBeforeColon({ input, position }: Reading): boolean {
  let at = position;
  while (input[at] === ' ' && at < position + 100) at += 1;
  return input[at] === ':';
}

/**
 * Refuses tags, merge keys, anchors of nothing, and keys that are null or collections. Emitters write long keys in blocks as
 * `? key`: these are read where they are text.
 */
class PlainGuard {
  /** Whether each of the nodes that are open now is an explicit key. */
  readonly #open: boolean[] = [];

  hear(event: string, state: State): void {
    const reading = state as unknown as Reading;
    if (event === 'open') {
      this.#open.push(beginsExplicitKey(reading));
      return;
    }
    const isExplicit = this.#open.pop() ?? false;
    const { anchor, tag, result } = reading;
    const isPlain =
      tag === null || tag === '?' || tag === 'tag:yaml.org,2002:null';
    if (!isPlain || (anchor !== null && (result === null || isExplicit)))
      throw REFUSED;
    const isText = typeof result === 'string' && result !== '<<';
    if (isExplicit && !isText) throw REFUSED;
    if (!isText && typeof result !== 'number' && isBeforeColon(reading))
      throw REFUSED;
  }
}

/** Does the node that is about to be read follow `? `? One in braces is left to the other library. */
function beginsExplicitKey({ input, position }: Reading): boolean {
  let at = position - 1;
  while (' \t\r\n'.includes(input[at]) && at > position - 100) at -= 1;
  if (input[at] !== '?') return false;
  // Not the end of a text that asks something.
  const before = at === 0 ? '\n' : input[at - 1];
  if (!' \t\n{[,'.includes(before)) return false;
  const line = input.slice(input.lastIndexOf('\n', at) + 1, at);
  // The node is asked for twice: as what follows the question mark, and as a text beyond the spaces.
  const between = input.slice(at + 1, position);
  const isSimple = /^ *(?:- +)*$/.test(line) && /^ *$/.test(between);
  if (!isSimple) throw REFUSED;
  return true;
}

/** The types of the library lack `maxDepth`. */
function optionsOf(): LoadOptions & { maxDepth: number } {
  const guard = new PlainGuard();
  return {
    schema: CORE,
    maxDepth: MAX_DEPTH,
    listener: (event, state) => guard.hear(event, state),
  };
}

/**
 * The value of a document that uses nothing but maps, lists, scalars and
 * anchors, read several times faster than with positions; what it answers is
 * what the `yaml` library would (core schema of YAML 1.2). A problem for a
 * document that does not parse. `undefined` for one that has to be read by a library that knows all
 * of YAML. Takes time in proportion to the text;
 * what anchors stand for is one value, however often it is used.
 */
export function readPlainYaml(
  text: string,
): { value: unknown } | { problem: YamlProblem } | undefined {
  if (SPECIAL.test(text)) return undefined;
  try {
    const value: unknown = load(text, optionsOf());
    // A document that is one scalar is rare, and its indentation read in more than one way.
    const isScalar = typeof value !== 'object' && value !== undefined;
    return isScalar ? undefined : { value };
  } catch (error) {
    // Some errors of the library have no place.
    const mark: Mark | undefined =
      error instanceof YAMLException ? error.mark : undefined;
    if (!(error instanceof YAMLException) || !mark) return undefined;
    const { line, column } = mark;
    return {
      problem: { message: error.reason, line: line + 1, column: column + 1 },
    };
  }
}
