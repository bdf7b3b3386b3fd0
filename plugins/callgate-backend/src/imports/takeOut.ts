import {
  apisOfGenerated,
  loadManifests,
  type ManifestObject,
  readYamlDocuments,
} from '@callgate/policy';

/** Why an object is not taken out of a file. */
export type Inseparable =
  /** The file is a template, or has an action of one: what is applied is something else. */
  | 'template'
  /** It is an item of a List. */
  | 'list-item'
  /** The file has the object twice. */
  | 'twice'
  /** Callgate generated something of the file. */
  | 'generated'
  /** A document of the file cannot be read. */
  | 'unreadable'
  /** Without the document something else of the file would be read otherwise. */
  | 'not-separable';

/** What tells an object of a cluster from every other one. */
export type ObjectKey = string;

/** A file without some of its objects. */
export type TakenOut =
  | {
      /** `undefined`: nothing else was in it, and the file goes. */
      text: string | undefined;
      /** The texts of the documents that went, as they were. */
      documents: readonly string[];
    }
  | { why: Inseparable; line?: number };

/** Kind, namespace and name of an object. */
export function keyOf({
  kind,
  namespace = 'default',
  name,
}: {
  kind: string;
  namespace?: string;
  name: string;
}): ObjectKey {
  return [kind, namespace, name].join(' ');
}

function keyOfManifest({ object }: ManifestObject): ObjectKey {
  const { kind, metadata } = object;
  return keyOf({ kind, namespace: metadata.namespace, name: metadata.name });
}

/** Nothing but a comment that begins its line, or an empty line. */
const ASIDE = /^(?:#[^\n]*|[ \t\r]*)\n?$/;

/** An action of a template, of Helm and of others. */
const ACTION = /\{\{/;

/**
 * Takes objects out of a file that people wrote: each with its document, from its `---` to its last line. Every other byte stays. Comments
 * below the last line of a document stay as well, because they may be about what follows, and so do comments at the head of a file that an
 * empty line sets apart. What comes out is read again: it has every other object and nothing else, or nothing is taken out.
 *
 * Documents are bounded by lines of `---` alone, wherever these stand (YAML 1.2, 9.1.2).
 *
 * @param keys - as {@link keyOf} makes them, of objects that the file has
 */
export function takeOut(
  file: { path: string; text: string },
  keys: ReadonlySet<ObjectKey>,
): TakenOut {
  const { path, text } = file;
  if (ACTION.test(text)) return { why: 'template' };
  if (apisOfGenerated(file) !== undefined) return { why: 'generated' };
  const before = loadManifests([file]);
  const readings = readYamlDocuments(file);
  const broken = readings.find(reading => 'problem' in reading);
  if (broken || before.findings.length > 0)
    return { why: 'unreadable', line: broken?.firstLine };
  const own = before.objects.filter(each => keys.has(keyOfManifest(each)));
  const again = own.find(
    (each, index) =>
      own.findIndex(other => keyOfManifest(other) === keyOfManifest(each)) !==
      index,
  );
  if (again) return { why: 'twice', line: again.at.line };
  if (own.length !== keys.size) return { why: 'not-separable' };
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const gone = new Set<number>();
  const documents: string[] = [];
  for (const [index, reading] of readings.entries()) {
    const { objects } = loadManifests([{ path, text: reading.text }]);
    if (!objects.some(each => keys.has(keyOfManifest(each)))) continue;
    const [only] = objects;
    const value = 'value' in reading ? reading.value : undefined;
    if (objects.length !== 1 || kindOf(value) !== only.object.kind)
      return { why: 'list-item', line: reading.firstLine };
    const start = reading.firstLine - 1;
    const end = (readings[index + 1]?.firstLine ?? lines.length + 1) - 1;
    const [from, to] = boundsOf(lines, start, end);
    for (let line = from; line < to; line += 1) gone.add(line);
    documents.push(lines.slice(from, to).join(''));
  }
  const rest = lines.filter((_, line) => !gone.has(line)).join('');
  const isOnly = readings.every(
    reading =>
      !('value' in reading) ||
      isNothing(reading.value) ||
      keys.has(keyOfValue(path, reading.text)),
  );
  if (isOnly) return { text: undefined, documents };
  return hasTheRest({ path, text: rest }, file, keys)
    ? { text: rest, documents }
    : { why: 'not-separable', line: own[0].at.line };
}

/** The lines of a document that go with it. */
function boundsOf(
  lines: readonly string[],
  start: number,
  end: number,
): [number, number] {
  let last = end;
  while (last > start && ASIDE.test(lines[last - 1])) last -= 1;
  // Empty lines below it are its own; from the first comment on they stay.
  const comment = lines
    .slice(last, end)
    .findIndex(line => line.startsWith('#'));
  const to = comment === -1 ? end : last + comment;
  let first = start;
  while (first < last && ASIDE.test(lines[first])) first += 1;
  // A document that no --- begins is the first one of the file: what stands above it may be about all of it.
  const heading = lines
    .slice(start, first)
    .map(line => line.trim() === '')
    .lastIndexOf(true);
  return [heading === -1 ? start : start + heading + 1, to];
}

/** Whether a text has everything that another one has without some objects, in the same order. */
function hasTheRest(
  rest: { path: string; text: string },
  file: { path: string; text: string },
  keys: ReadonlySet<ObjectKey>,
): boolean {
  const values = (of: typeof file, without: ReadonlySet<ObjectKey>) =>
    readYamlDocuments(of)
      .filter(
        reading =>
          !('value' in reading) ||
          (!isNothing(reading.value) &&
            !without.has(keyOfValue(of.path, reading.text))),
      )
      .map(reading => ('value' in reading ? reading.value : 'unreadable'));
  return (
    JSON.stringify(values(rest, new Set())) ===
    JSON.stringify(values(file, keys))
  );
}

function keyOfValue(path: string, text: string): ObjectKey {
  const { objects } = loadManifests([{ path, text }]);
  return objects.length === 1 ? keyOfManifest(objects[0]) : '';
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value
    ? value.kind
    : undefined;
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}
