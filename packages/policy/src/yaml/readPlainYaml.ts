import { FAILSAFE_SCHEMA, load, State, Type } from 'js-yaml';
import { MAX_DEPTH } from './limits';

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
 * What libraries read differently or only one can say: lone carriage returns,
 * marks of byte order, directives, words that begin as a marker does, merge keys, and keys that are empty, null,
 * explicit, or collections.
 */
const SPECIAL = new RegExp(
  [
    '\\r(?!\\n)',
    '[\\uFEFF\\u0000]',
    '(?:^|\\n)(?:%|---\\S|\\.\\.\\.\\S)',
    '<<["\']?[ \\t]*:',
    '(?:^|[\\s{,])(?:~|null|Null|NULL)?[ \\t]*:(?=\\s|$)',
    '(?:^|[\\n{,-])[ \\t]*\\?(?=\\s|$)',
    '[\\]}][ \\t]*:',
  ].join('|'),
);

/** What may be an anchor, an alias or a tag, or only looks like one. */
const MARKED = /(?:^|[\s[{,:?-])[&*!]/;

const REFUSED = new Error('has anchors, aliases or tags');

function refuseMarks(event: string, state: State): void {
  // While a node is open, what it says is that of the one before.
  if (event !== 'close') return;
  const { anchor, tag } = state as unknown as {
    anchor: string | null;
    tag: string | null;
  };
  const isOurs =
    tag === null || tag === '?' || tag === 'tag:yaml.org,2002:null';
  if (anchor !== null || !isOurs) throw REFUSED;
}

/**
 * The value of a document that uses nothing but maps, lists and scalars, read
 * some ten times faster than with positions. `undefined` for every other
 * document, also for one with an error: whoever can say more reads it again.
 * What it answers is what the `yaml` library would (core schema of YAML 1.2).
 */
export function readPlainYaml(text: string): { value: unknown } | undefined {
  if (SPECIAL.test(text)) return undefined;
  try {
    const value: unknown = load(text, {
      schema: CORE,
      maxDepth: MAX_DEPTH,
      ...(MARKED.test(text) && { listener: refuseMarks }),
    });
    // A document that is one scalar is rare, and its indentation read in more than one way.
    const isScalar = typeof value !== 'object' && value !== undefined;
    return isScalar ? undefined : { value };
  } catch {
    return undefined;
  }
}
