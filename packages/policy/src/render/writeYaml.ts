import { stringify } from 'yaml';

/**
 * Text that means itself in YAML 1.1 and 1.2 alike, whatever stands around it:
 * it begins with a letter or slash and has nothing that begins a comment, a
 * mapping or another kind of value.
 */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*(?:\/\{\*\*?\}[A-Za-z0-9_./-]*)*$/;

/** JSON on one line, such as annotations have it: the library quotes it, and takes its time to find out how. */
const JSON_TEXT = /^\{"[ -&(-~]*\}$/;

/** Words that are no text in YAML 1.1, and what the library takes for a number: `e0`. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?[0-9]+)$/i;

const OPTIONS = {
  version: '1.1',
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const;

/** Beyond this many the memory is emptied: it saves work, and nothing rests on it. */
const MOST_TEXTS = 50_000;
/** What people type, a reason for one, is not written twice. */
const LONGEST_TEXT = 200;
let written = new Map<string, string>();

/** One value without children, as the library writes it. */
function writeScalar(value: unknown): string | undefined {
  if (typeof value === 'string' && PLAIN.test(value) && !RESERVED.test(value))
    return value;
  if (typeof value === 'number' && Number.isSafeInteger(value))
    return String(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && JSON_TEXT.test(value)) return `'${value}'`;
  // Text of several lines depends on where it stands.
  if (typeof value !== 'string' || value.includes('\n')) return undefined;
  let text = written.get(value);
  if (text === undefined) {
    text = stringify(value, OPTIONS).trimEnd();
    if (written.size > MOST_TEXTS) written = new Map();
    if (value.length <= LONGEST_TEXT) written.set(value, text);
  }
  return text.includes('\n') ? undefined : text;
}

/** Raised where a value is not of the plain kind that is written here. */
class NotPlain extends Error {}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fields that have no value are not written, as JSON does not. */
function keysOf(map: Record<string, unknown>): string[] {
  return Object.keys(map).filter(key => map[key] !== undefined);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length === 0
    : isMap(value) && keysOf(value).length === 0;
}

function scalarOrThrow(value: unknown): string {
  const text = writeScalar(value);
  if (text === undefined) throw new NotPlain();
  return text;
}

function writeEntry(value: unknown, indent: string, lines: string[]): string {
  if (isEmpty(value)) return Array.isArray(value) ? ' []' : ' {}';
  if (Array.isArray(value)) writeList(value, `${indent}  `, lines);
  else if (isMap(value)) writeMap(value, `${indent}  `, lines);
  else return ` ${scalarOrThrow(value)}`;
  return '';
}

/** Writes the children first, then puts their head before them. */
function writeMap(
  map: Record<string, unknown>,
  indent: string,
  lines: string[],
): void {
  for (const key of keysOf(map)) {
    const at = lines.push('') - 1;
    const rest = writeEntry(map[key], indent, lines);
    lines[at] = `${indent}${scalarOrThrow(key)}:${rest}`;
  }
}

function writeList(
  list: readonly unknown[],
  indent: string,
  lines: string[],
): void {
  for (const item of list) {
    if (isEmpty(item)) {
      lines.push(`${indent}- ${Array.isArray(item) ? '[]' : '{}'}`);
    } else if (Array.isArray(item) || isMap(item)) {
      const at = lines.length;
      if (Array.isArray(item)) writeList(item, `${indent}  `, lines);
      else writeMap(item, `${indent}  `, lines);
      lines[at] = `${indent}- ${lines[at].slice(indent.length + 2)}`;
    } else {
      lines.push(`${indent}- ${scalarOrThrow(item)}`);
    }
  }
}

/**
 * Writes one object as YAML: the same bytes as the library `yaml` gives, many
 * times faster for what generated objects are made of. Everything else is left
 * to the library. Kubernetes reads YAML 1.1, where `on` or `1:30` are no text:
 * what would be misread is quoted.
 */
export function writeYaml(object: Readonly<Record<string, unknown>>): string {
  try {
    const lines: string[] = [];
    writeMap(object, '', lines);
    return lines.length === 0 ? '{}\n' : `${lines.join('\n')}\n`;
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    return stringify(object, OPTIONS);
  }
}
