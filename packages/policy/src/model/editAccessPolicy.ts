import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  Node,
  Scalar,
  stringify,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { formatCallerRef, parseCallerRef } from './callerRef';
import { parseAccessPolicy } from './parseAccessPolicy';
import { Grant, GrantOperation, PolicyMode } from './types';
import { YamlSource } from './YamlSource';

/** A list of grants whose text can be spliced, with where its items stand. */
interface GrantLines {
  items: { id: string; start: number; end: number }[];
  /** column of the dashes, 0-based */
  indent: number;
}

function orderedOperation(operation: GrantOperation): GrantOperation {
  if ('http' in operation)
    return {
      http: { methods: operation.http.methods, paths: operation.http.paths },
    };
  return operation;
}

function orderedGrant(grant: Grant): Partial<Grant> {
  const caller = parseCallerRef(grant.caller, 'default');
  const entries: [keyof Grant, unknown][] = [
    ['id', grant.id],
    ['caller', caller ? formatCallerRef(caller) : grant.caller],
    ['in', grant.in],
    ['operations', grant.operations.map(orderedOperation)],
    ['reason', grant.reason],
    ['requestedBy', grant.requestedBy],
    ['approvedBy', grant.approvedBy],
    ['request', grant.request],
    ['acknowledges', grant.acknowledges],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function grantText(grant: Grant, indent: number, lineEnd: string): string {
  const prefix = ' '.repeat(indent);
  const text = stringify([orderedGrant(grant)], { lineWidth: 0 })
    .split('\n')
    .map(line => (line === '' ? '' : prefix + line))
    .join('\n');
  return lineEnd === '\n' ? text : text.replace(/\n/g, lineEnd);
}

function deepEnd(node: unknown): number {
  if (isMap(node)) {
    const last = node.items[node.items.length - 1];
    if (last && node.flow !== true)
      return Math.max(deepEnd(last.key), deepEnd(last.value));
  }
  if (isSeq(node) && node.flow !== true && node.items.length > 0)
    return deepEnd(node.items[node.items.length - 1]);
  return isNode(node) ? node.range?.[1] ?? 0 : 0;
}

function endOfLine(text: string, offset: number): number {
  // The value of a block scalar already ends with its line end.
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const next = text.indexOf('\n', offset);
  return next === -1 ? text.length : next + 1;
}

function grantsNode(
  source: YamlSource,
): { spec: YAMLMap; key?: Scalar; grants?: unknown } | undefined {
  const spec = source.document.get('spec', true);
  if (!isMap(spec)) return undefined;
  const pair = spec.items.find(
    item => isScalar(item.key) && item.key.value === 'grants',
  );
  if (!pair) return { spec };
  return { spec, key: pair.key as Scalar, grants: pair.value };
}

function readLines(text: string, grants: YAMLSeq): GrantLines | undefined {
  if (grants.flow || grants.items.length === 0) return undefined;
  const token = grants.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  const dashes = token.items.flatMap(item =>
    item.start
      .filter(part => part.type === 'seq-item-ind')
      .map(part => part.offset),
  );
  if (dashes.length !== grants.items.length) return undefined;
  const lineStart = (offset: number) => text.lastIndexOf('\n', offset - 1) + 1;
  const indent = dashes[0] - lineStart(dashes[0]);
  const items = grants.items.map((item, index) => ({
    id: isMap(item) ? String(item.get('id')) : '',
    start: lineStart(dashes[index]),
    end: endOfLine(text, deepEnd(item)),
  }));
  return { items, indent };
}

/** Replaces the whole list: for the flow style, an empty list, or a list that is not there yet. */
function rewriteList(
  source: YamlSource,
  text: string,
  grants: Grant[],
  lineEnd: string,
): string {
  const found = grantsNode(source);
  if (!found) throw new Error('an AccessPolicy without spec cannot be edited');
  const body = (indent: number) =>
    grants.map(grant => grantText(grant, indent, lineEnd)).join('');
  const firstKey = found.spec.items[0]?.key as Node | undefined;
  const keyStart = (found.key ?? firstKey)?.range?.[0] ?? 0;
  const indent = keyStart - (text.lastIndexOf('\n', keyStart - 1) + 1);
  const list =
    grants.length === 0 ? ` []${lineEnd}` : `${lineEnd}${body(indent + 2)}`;
  if (!found.key) {
    const end = endOfLine(text, deepEnd(found.spec));
    const before = text.slice(0, end);
    const separator = before.endsWith('\n') ? '' : lineEnd;
    return `${before}${separator}${' '.repeat(
      indent,
    )}grants:${list}${text.slice(end)}`;
  }
  const keyEnd = found.key.range?.[1] ?? 0;
  const colon = text.indexOf(':', keyEnd) + 1;
  const end = isNode(found.grants)
    ? endOfLine(text, Math.max(colon, deepEnd(found.grants)))
    : endOfLine(text, colon);
  return `${text.slice(0, colon)}${list}${text.slice(end)}`;
}

/** Writes the whole text anew: for styles in which lines cannot be spliced, such as JSON. */
function rewriteDocument(source: YamlSource, grants: Grant[]): string {
  source.document.setIn(
    ['spec', 'grants'],
    grants.map(grant => orderedGrant(grant)),
  );
  return source.document.toString({ lineWidth: 0 });
}

function edit(
  text: string,
  change: (grants: Grant[]) => Grant[],
  splice: (lines: GrantLines, lineEnd: string) => string | undefined,
): string {
  const file = { path: 'policy.yaml', text };
  const parsed = parseAccessPolicy(file);
  if (!parsed.policy)
    throw new Error(
      `an AccessPolicy that does not parse cannot be edited: ${parsed.findings[0]?.message}`,
    );
  const grants = change(parsed.policy.spec.grants);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const source = YamlSource.parse(file);
  const node = grantsNode(source)?.grants;
  const lines = isSeq(node) ? readLines(text, node) : undefined;
  const spliced =
    lines && grants.length > 0 ? splice(lines, lineEnd) : undefined;
  const attempts = [
    () => spliced,
    () => rewriteList(source, text, grants, lineEnd),
    () => rewriteDocument(source, grants),
  ];
  for (const attempt of attempts) {
    const result = attempt();
    if (result !== undefined && means(result, grants)) return result;
  }
  throw new Error(
    'the AccessPolicy could not be edited without changing its meaning',
  );
}

/** A splice is only used when what it says is what was meant. */
function means(text: string, grants: Grant[]): boolean {
  const { policy } = parseAccessPolicy({ path: 'policy.yaml', text });
  const plain = (list: Grant[]) =>
    JSON.stringify(list.map(grant => orderedGrant(grant)));
  return policy !== undefined && plain(policy.spec.grants) === plain(grants);
}

/**
 * Adds a grant at the end of the list. Lines that are not concerned keep their bytes, comments included.
 *
 * @throws Error when the text is no AccessPolicy or already has a grant of that id
 * @public
 */
export function addGrant(text: string, grant: Grant): string {
  return edit(
    text,
    grants => {
      if (grants.some(other => other.id === grant.id))
        throw new Error(`there is a grant ${grant.id} already`);
      return [...grants, grant];
    },
    (lines, lineEnd) => {
      const end = lines.items[lines.items.length - 1].end;
      const before = text.slice(0, end);
      const separator = before.endsWith('\n') ? '' : lineEnd;
      return `${before}${separator}${grantText(
        grant,
        lines.indent,
        lineEnd,
      )}${text.slice(end)}`;
    },
  );
}

/**
 * Removes a grant. Comments around it stay: they are people's words.
 *
 * @throws Error when the text is no AccessPolicy or has no such grant
 * @public
 */
export function removeGrant(text: string, grantId: string): string {
  return edit(
    text,
    grants => {
      if (!grants.some(other => other.id === grantId))
        throw new Error(`there is no grant ${grantId}`);
      return grants.filter(other => other.id !== grantId);
    },
    lines => {
      const item = lines.items.find(({ id }) => id === grantId);
      return item && text.slice(0, item.start) + text.slice(item.end);
    },
  );
}

/**
 * Replaces a grant where it stands, under the same or another id.
 *
 * @throws Error when the text is no AccessPolicy, has no such grant, or the new id is taken
 * @public
 */
export function replaceGrant(
  text: string,
  grantId: string,
  grant: Grant,
): string {
  return edit(
    text,
    grants => {
      if (!grants.some(other => other.id === grantId))
        throw new Error(`there is no grant ${grantId}`);
      if (grant.id !== grantId && grants.some(other => other.id === grant.id))
        throw new Error(`there is a grant ${grant.id} already`);
      return grants.map(other => (other.id === grantId ? grant : other));
    },
    (lines, lineEnd) => {
      const item = lines.items.find(({ id }) => id === grantId);
      return (
        item &&
        text.slice(0, item.start) +
          grantText(grant, lines.indent, lineEnd) +
          text.slice(item.end)
      );
    },
  );
}

/**
 * The text of an AccessPolicy without grants.
 *
 * @public
 */
export function newAccessPolicy(options: {
  name: string;
  /** default `default` */
  namespace?: string;
  owner: string;
  api: string;
  /** default `enforce` */
  mode?: PolicyMode;
}): string {
  return stringify(
    {
      apiVersion: 'callgate.dev/v1alpha1',
      kind: 'AccessPolicy',
      metadata: {
        name: options.name,
        namespace: options.namespace ?? 'default',
      },
      spec: {
        owner: options.owner,
        api: options.api,
        mode: options.mode ?? 'enforce',
        grants: [],
      },
    },
    { lineWidth: 0 },
  );
}
