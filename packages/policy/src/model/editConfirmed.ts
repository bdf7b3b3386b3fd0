import { isMap, isScalar, isSeq, Node, stringify, YAMLMap } from 'yaml';
import { editGrants } from './editAccessPolicy';
import { deepEnd, endOfLine, grantsNode, readLines } from './grantLines';
import { endsText, grantText } from './grantText';
import { parseAccessPolicy } from './parseAccessPolicy';
import { Grant, GrantEnds } from './types';
import { YamlSource } from './YamlSource';

/** A part of a text, and what stands there instead. */
interface Splice {
  start: number;
  end: number;
  text: string;
}

const lineEndOf = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');

const lineStart = (text: string, offset: number) =>
  text.lastIndexOf('\n', offset - 1) + 1;

function spliced(text: string, splices: readonly Splice[]): string {
  return [...splices]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (done, each) =>
        done.slice(0, each.start) + each.text + done.slice(each.end),
      text,
    );
}

/** The lines of one field of a map, with the column of its key; undefined where they hold something else as well. */
function fieldLines(text: string, map: YAMLMap, field: string) {
  const pair = map.items.find(
    ({ key }) => isScalar(key) && key.value === field,
  );
  const keyStart = (pair?.key as Node | undefined)?.range?.[0];
  if (!pair || keyStart === undefined) return undefined;
  const start = lineStart(text, keyStart);
  if (text.slice(start, keyStart).trim() !== '') return undefined;
  const colon = text.indexOf(':', keyStart) + 1;
  return {
    value: pair.value,
    start,
    end: endOfLine(text, Math.max(colon, deepEnd(pair.value))),
    column: keyStart - start,
  };
}

/** A list as lines below its key. */
function listText(
  field: string,
  items: readonly string[],
  column: number,
  lineEnd: string,
): string {
  const prefix = ' '.repeat(column);
  return stringify({ [field]: items }, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map(line => `${prefix}${line}${lineEnd}`)
    .join('');
}

/** Adds to a list where it stands; other items keep their bytes where they are lines. */
function addToList(
  text: string,
  map: YAMLMap,
  field: string,
  items: { all: readonly string[]; added: readonly string[] },
): Splice | undefined {
  const lines = fieldLines(text, map, field);
  if (!lines) return undefined;
  const lineEnd = lineEndOf(text);
  const list = isSeq(lines.value) ? readLines(text, lines.value) : undefined;
  if (!list) {
    const whole = listText(field, items.all, lines.column, lineEnd);
    return { start: lines.start, end: lines.end, text: whole };
  }
  const { end } = list.items[list.items.length - 1];
  const before = end > 0 && text[end - 1] !== '\n' ? lineEnd : '';
  const added = items.added.map(
    item =>
      `${' '.repeat(list.indent)}- ${stringify(item).trimEnd()}${lineEnd}`,
  );
  return { start: end, end, text: before + added.join('') };
}

/** Writes the fields of a grant alone; undefined where its text does not allow that. */
function spliceGrant(
  text: string,
  grantId: string,
  ends: GrantEnds,
  approvers: { all: readonly string[]; added: readonly string[] },
): string | undefined {
  const seq = grantsNode(
    YamlSource.parse({ path: 'policy.yaml', text }),
  )?.grants;
  const item = isSeq(seq)
    ? seq.items.find(each => isMap(each) && each.get('id') === grantId)
    : undefined;
  if (!isMap(item) || item.flow) return undefined;
  const pinned = fieldLines(text, item, 'ends');
  if (!pinned) return undefined;
  const lineEnd = lineEndOf(text);
  const splices: Splice[] = [
    {
      start: pinned.start,
      end: pinned.end,
      text: endsText(ends, pinned.column, lineEnd),
    },
  ];
  if (approvers.added.length > 0)
    splices.push(
      addToList(text, item, 'approvedBy', approvers) ?? {
        start: pinned.start,
        end: pinned.start,
        text: listText('approvedBy', approvers.all, pinned.column, lineEnd),
      },
    );
  return spliced(text, splices);
}

/**
 * Writes into a grant which ends were confirmed, and who did. Its other lines keep their bytes.
 *
 * @throws Error when the text is no AccessPolicy or has no such grant
 * @public
 */
export function confirmGrant(
  text: string,
  grantId: string,
  confirmed: { ends: GrantEnds; approvedBy: readonly string[] },
): string {
  const { ends } = confirmed;
  const { policy } = parseAccessPolicy({ path: 'policy.yaml', text });
  const grant = policy?.spec.grants.find(({ id }) => id === grantId);
  if (policy && !grant) throw new Error(`there is no grant ${grantId}`);
  const known = grant?.approvedBy ?? [];
  const added = confirmed.approvedBy.filter(by => !known.includes(by));
  const all = [...known, ...added];
  const next = (each: Grant): Grant => ({
    ...each,
    ...(all.length > 0 && { approvedBy: all }),
    ends,
  });
  return editGrants(
    text,
    grants => grants.map(each => (each.id === grantId ? next(each) : each)),
    (lines, lineEnd) => {
      const fields = spliceGrant(text, grantId, ends, { all, added });
      if (fields !== undefined || !grant) return fields;
      const item = lines.items.find(({ id }) => id === grantId);
      return (
        item &&
        text.slice(0, item.start) +
          grantText(next(grant), lines.indent, lineEnd) +
          text.slice(item.end)
      );
    },
  );
}

function spliceProvider(
  text: string,
  items: { all: readonly string[]; added: readonly string[] },
): string | undefined {
  const spec = grantsNode(
    YamlSource.parse({ path: 'policy.yaml', text }),
  )?.spec;
  if (!spec || spec.flow) return undefined;
  const there = addToList(text, spec, 'providers', items);
  if (there) return spliced(text, [there]);
  const grants = fieldLines(text, spec, 'grants');
  if (!grants) return undefined;
  const { start, column } = grants;
  const list = listText('providers', items.all, column, lineEndOf(text));
  return spliced(text, [{ start, end: start, text: list }]);
}

/**
 * Adds a component to those that an API's owner has confirmed to provide it. Lines that are not concerned keep their bytes.
 *
 * @param provider - full reference of a component
 * @throws Error when the text is no AccessPolicy
 * @public
 */
export function confirmProvider(text: string, provider: string): string {
  const file = { path: 'policy.yaml', text };
  const { policy, findings } = parseAccessPolicy(file);
  if (!policy)
    throw new Error(
      `an AccessPolicy that does not parse cannot be edited: ${findings[0]?.message}`,
    );
  const known = policy.spec.providers ?? [];
  if (known.includes(provider)) return text;
  const all = [...known, provider].sort();
  const attempts = [
    () => spliceProvider(text, { all, added: [provider] }),
    () => {
      const { document } = YamlSource.parse(file);
      document.setIn(['spec', 'providers'], all);
      return document.toString({ lineWidth: 0 });
    },
  ];
  const meant = JSON.stringify({ ...policy.spec, providers: all }, sortKeys);
  for (const attempt of attempts) {
    const result = attempt();
    const read =
      result !== undefined &&
      parseAccessPolicy({ path: file.path, text: result }).policy;
    if (
      result !== undefined &&
      read &&
      JSON.stringify(read.spec, sortKeys) === meant
    )
      return result;
  }
  throw new Error(
    'the AccessPolicy could not be edited without changing its meaning',
  );
}

/** A replacer for which the order of fields makes no difference. */
function sortKeys(_: string, value: unknown): unknown {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)),
      )
    : value;
}
