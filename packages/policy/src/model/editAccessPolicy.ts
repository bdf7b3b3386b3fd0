import { isNode, isSeq, Node, stringify } from 'yaml';
import {
  deepEnd,
  endOfLine,
  GrantLines,
  grantsNode,
  readLines,
} from './grantLines';
import { endsText, grantText, orderedGrant } from './grantText';
import { parseAccessPolicy } from './parseAccessPolicy';
import { Grant, GrantEnds, PolicyMode } from './types';
import { YamlSource } from './YamlSource';

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
 * Writes into a grant which ends were approved. Its other lines keep their bytes.
 *
 * @throws Error when the text is no AccessPolicy, has no such grant, or the grant says already which ends were approved
 * @public
 */
export function pinGrant(
  text: string,
  grantId: string,
  ends: GrantEnds,
): string {
  return edit(
    text,
    grants => {
      const grant = grants.find(({ id }) => id === grantId);
      if (!grant) throw new Error(`there is no grant ${grantId}`);
      if (grant.ends)
        throw new Error(`the grant ${grantId} pins its ends already`);
      return grants.map(other =>
        other === grant ? { ...grant, ends } : other,
      );
    },
    (lines, lineEnd) => {
      const item = lines.items.find(({ id }) => id === grantId);
      if (!item) return undefined;
      const before = text.slice(0, item.end);
      const separator = before.endsWith('\n') ? '' : lineEnd;
      return `${before}${separator}${endsText(
        ends,
        lines.indent + 2,
        lineEnd,
      )}${text.slice(item.end)}`;
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
