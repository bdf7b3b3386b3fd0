import { isMap, isNode, isScalar, isSeq, Node, YAMLMap } from 'yaml';
import { deepEnd, endOfLine, readLines } from '../model/grantLines';
import { SourceFile } from '../source';
import { composeYaml } from '../yaml/composeYaml';
import { MAX_RICH_DOCUMENT } from '../yaml/limits';
import { parsePlatformProfile } from './parsePlatformProfile';
import { PlatformProfile, WorkloadOwnerRule } from './types';

/**
 * An entry of `owners` that names namespaces, labels of pods, and their owner.
 *
 * @public
 */
export interface StatedOwnerRule {
  namespaces: string[];
  selector: Record<string, string>;
  owner: string;
}

const PLAIN = /^[A-Za-z][A-Za-z0-9._/-]*$/;
const WORDS = /^(true|false|yes|no|on|off|null|y|n)$/i;

const scalar = (text: string) =>
  PLAIN.test(text) && !WORDS.test(text)
    ? text
    : `'${text.replace(/'/g, "''")}'`;

/**
 * An entry of `owners` as it is written: one line of flow style.
 *
 * @public
 */
export function ownerRuleText(rule: {
  namespaces: readonly string[];
  selector: Readonly<Record<string, string>>;
  owner: string;
}): string {
  const labels = Object.entries(rule.selector).map(
    ([key, value]) => `${scalar(key)}: ${scalar(value)}`,
  );
  return `{ namespaces: [${rule.namespaces
    .map(scalar)
    .join(', ')}], selector: { ${labels.join(', ')} }, owner: ${scalar(
    rule.owner,
  )} }`;
}

/** Where comments begin that stand right above a line: they belong to it. */
function aboveComments(text: string, lineStart: number): number {
  let start = lineStart;
  while (start > 0) {
    const before = text.lastIndexOf('\n', start - 2) + 1;
    if (!/^\s*#/.test(text.slice(before, start))) return start;
    start = before;
  }
  return start;
}

const insert = (text: string, offset: number, piece: string) =>
  text.slice(0, offset) + piece + text.slice(offset);

/** Adds whole lines at the start of a line, or at the end of a text that may lack its last line end. */
function insertLines(text: string, offset: number, lines: string[]): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const isWhole = offset === 0 || text[offset - 1] === '\n';
  return insert(
    text,
    offset,
    `${isWhole ? '' : lineEnd}${lines.join(lineEnd)}${lineEnd}`,
  );
}

const valueOf = (map: YAMLMap, key: string): unknown =>
  map.items.find(item => isScalar(item.key) && item.key.value === key)?.value;

function columnOf(text: string, map: YAMLMap): number {
  const start = (map.items[0]?.key as Node | undefined)?.range?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

/** Puts a pair first into a map of flow style. */
function intoFlow(text: string, map: YAMLMap, pair: string): string {
  const start = (map.range?.[0] ?? 0) + 1;
  return insert(text, start, ` ${pair}${map.items.length > 0 ? ',' : ' '}`);
}

function splice(
  text: string,
  at: number,
  rule: StatedOwnerRule,
): string | undefined {
  const { document } = composeYaml(text, {
    most: MAX_RICH_DOCUMENT,
    merge: true,
    keepSourceTokens: true,
  });
  const root = document.contents;
  if (!isMap(root)) return undefined;
  const isJson = text.trimStart().startsWith('{');
  const entry = isJson ? JSON.stringify(rule) : ownerRuleText(rule);
  const key = (name: string) => (isJson ? JSON.stringify(name) : name);
  const spec = valueOf(root, 'spec');
  if (spec === undefined) {
    return root.flow
      ? intoFlow(text, root, `${key('spec')}: { ${key('owners')}: [${entry}] }`)
      : insertLines(text, endOfLine(text, deepEnd(root)), [
          'spec:',
          '  owners:',
          `    - ${entry}`,
        ]);
  }
  if (!isMap(spec)) return undefined;
  const owners = valueOf(spec, 'owners');
  if (owners === undefined) {
    if (spec.flow) return intoFlow(text, spec, `${key('owners')}: [${entry}]`);
    const indent = ' '.repeat(columnOf(text, spec));
    return insertLines(text, endOfLine(text, deepEnd(spec)), [
      `${indent}owners:`,
      `${indent}  - ${entry}`,
    ]);
  }
  if (!isSeq(owners)) return undefined;
  if (owners.flow) {
    const next = owners.items[at];
    const last = owners.items[owners.items.length - 1];
    if (isNode(next)) return insert(text, next.range?.[0] ?? 0, `${entry}, `);
    return isNode(last)
      ? insert(text, last.range?.[1] ?? 0, `, ${entry}`)
      : insert(text, (owners.range?.[0] ?? 0) + 1, entry);
  }
  const lines = readLines(text, owners);
  if (!lines) return undefined;
  const { items, indent } = lines;
  const offset =
    at < items.length
      ? aboveComments(text, items[at].start)
      : items[items.length - 1].end;
  return insertLines(text, offset, [`${' '.repeat(indent)}- ${entry}`]);
}

/** What a profile says, without where it says it. */
const contentOf = (
  { stated, ...profile }: PlatformProfile,
  owners: readonly WorkloadOwnerRule[],
) =>
  JSON.stringify([
    { ...profile, owners },
    stated.map(({ field }) => field).filter(field => field !== 'owners'),
  ]);

/**
 * Adds an entry to `owners` of a platform profile, before the one that is `at` this place now, or behind all. Lines that are
 * not concerned keep their bytes, comments included.
 *
 * @throws Error with a sentence, where the text is no platform profile or is written so that a line cannot be added
 */
export function addOwnerRule(
  file: SourceFile,
  at: number,
  rule: StatedOwnerRule,
): { text: string; profile: PlatformProfile } {
  const { profile: before, findings } = parsePlatformProfile(file);
  if (!before)
    throw new Error(
      `The platform profile ${file.path} cannot be read: ${findings[0]?.message}. Mend it first.`,
    );
  const owners = [...before.owners];
  owners.splice(at, 0, rule);
  const text = splice(file.text, at, rule);
  const after =
    text === undefined
      ? undefined
      : parsePlatformProfile({ path: file.path, text }).profile;
  if (
    text === undefined ||
    !after ||
    contentOf(after, after.owners) !== contentOf(before, owners)
  )
    throw new Error(
      `The platform profile ${file.path} is written in a way that a line cannot be added to by itself. Add it by hand.`,
    );
  return { text, profile: after };
}

/**
 * The text of a platform profile that states nothing.
 *
 * @public
 */
export function newPlatformProfile(cluster: string): string {
  return [
    'apiVersion: callgate.dev/v1alpha1',
    'kind: PlatformProfile',
    'metadata:',
    `  name: ${scalar(cluster)}`,
    '',
  ].join('\n');
}
