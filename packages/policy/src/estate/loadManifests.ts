import {
  Document,
  LineCounter,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  parseDocument,
} from 'yaml';
import { Finding, finding } from '../findings';
import { SourceFile, SourcePosition } from '../source';
import { asArray, isJson } from './json';
import { KubernetesObject, ManifestObject } from './types';

/** Larger texts are refused: parsing them would exhaust memory before it says anything. */
const MAX_TEXT = 128 * 1024 * 1024;

const YAML_OPTIONS = { merge: true, logLevel: 'silent', strict: true } as const;

/** @public */
export type Path = ReadonlyArray<string | number>;

function positionOf(
  file: string,
  counter: LineCounter,
  offset: number,
  firstLine: number,
): SourcePosition {
  const { line, col } = counter.linePos(offset);
  return { file, line: line + firstLine - 1, column: col };
}

/** Where a path leads: the offset of its place, and the node there unless the path leads nowhere. */
function nodeAt(
  document: Document.Parsed,
  path: Path,
): { offset: number; node?: unknown } {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        item => isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (!pair) return { offset };
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      const range = (node as { range?: readonly number[] } | undefined)?.range;
      if (range) offset = range[0];
    } else {
      return { offset };
    }
  }
  return { offset, node };
}

/** True for text as it stands in the file, line by line. */
function isBlock(node: unknown): boolean {
  return isScalar(node) && node.type === 'BLOCK_LITERAL';
}

/**
 * Writes a path of fields as people do: `spec.ingress[0].from`.
 *
 * @public
 */
export function formatField(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/**
 * Positions of fields are rarely asked for, so the document is parsed again,
 * once, when the first is, instead of keeping all nodes of all files alive.
 */
function lazyLocator(
  file: string,
  text: string,
  firstLine: number,
  prefix: Path,
): (path: Path, lineOfText?: number) => SourcePosition {
  let parsed: { document: Document.Parsed; counter: LineCounter } | undefined;
  return (path, lineOfText) => {
    if (!parsed) {
      const counter = new LineCounter();
      parsed = {
        document: parseDocument(text, {
          ...YAML_OPTIONS,
          lineCounter: counter,
        }),
        counter,
      };
    }
    const { offset, node } = nodeAt(parsed.document, [...prefix, ...path]);
    const at = positionOf(file, parsed.counter, offset, firstLine);
    if (lineOfText !== undefined && isBlock(node)) {
      return {
        file,
        line: (at.line ?? firstLine) + lineOfText,
        field: formatField(path),
      };
    }
    return path.length > 0 ? { ...at, field: formatField(path) } : at;
  };
}

function isKubernetesObject(value: unknown): value is KubernetesObject {
  return (
    isJson(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isJson(value.metadata)
  );
}

function withName(object: KubernetesObject): KubernetesObject {
  if (typeof object.metadata.name === 'string') return object;
  const generated = object.metadata.generateName;
  const name = typeof generated === 'string' ? generated : '';
  return { ...object, metadata: { ...object.metadata, name } };
}

function unroll(
  value: unknown,
  path: Path,
  found: { object: KubernetesObject; path: Path }[],
): void {
  if (!isJson(value)) return;
  if (
    typeof value.kind === 'string' &&
    value.kind.endsWith('List') &&
    Array.isArray(value.items)
  ) {
    const itemKind = value.kind.slice(0, -'List'.length);
    asArray(value.items).forEach((item, index) => {
      // Typed lists (`NetworkPolicyList`) may leave kind and version of their items out.
      const typed =
        isJson(item) && itemKind !== ''
          ? { apiVersion: value.apiVersion, kind: itemKind, ...item }
          : item;
      unroll(typed, [...path, 'items', index], found);
    });
    return;
  }
  if (isKubernetesObject(value)) found.push({ object: withName(value), path });
}

function loadFile(
  file: SourceFile,
  objects: ManifestObject[],
  findings: Finding[],
): void {
  if (file.text.length > MAX_TEXT) {
    findings.push(
      finding(
        'estate-not-readable',
        `${file.path} has more than ${MAX_TEXT} characters and was not read.`,
        {
          at: { file: file.path },
          objects: [file.path],
        },
      ),
    );
    return;
  }
  const counter = new LineCounter();
  const documents = parseAllDocuments(file.text, {
    ...YAML_OPTIONS,
    lineCounter: counter,
  });
  if (!Array.isArray(documents)) return;
  for (const document of documents) {
    const problem = document.errors[0];
    const start = document.contents?.range?.[0] ?? document.range[0];
    if (problem) {
      findings.push(
        finding(
          'estate-not-readable',
          `${file.path}: ${problem.message.split('\n')[0]}`,
          {
            at: positionOf(file.path, counter, problem.pos[0], 1),
            objects: [file.path],
          },
        ),
      );
      continue;
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 1000 });
    } catch (error) {
      findings.push(
        finding(
          'estate-not-readable',
          `${file.path}: ${
            error instanceof Error ? error.message : 'not readable'
          }`,
          {
            at: positionOf(file.path, counter, start, 1),
            objects: [file.path],
          },
        ),
      );
      continue;
    }
    const found: { object: KubernetesObject; path: Path }[] = [];
    unroll(value, [], found);
    const { line } = counter.linePos(start);
    // From the first line of the content, so that columns stay what they are in the file.
    const lineStart = counter.lineStarts[line - 1] ?? start;
    const locator = lazyLocator(
      file.path,
      file.text.slice(lineStart, document.range[1]),
      line,
      [],
    );
    for (const { object, path } of found) {
      const at =
        path.length === 0
          ? { file: file.path, line, column: start - lineStart + 1 }
          : locator(path);
      const { field: _, ...place } = at as SourcePosition;
      objects.push({
        object,
        at: place,
        locate: (inner, lineOfText) => {
          const position = locator([...path, ...inner], lineOfText);
          return inner.length > 0
            ? { ...position, field: formatField(inner) }
            : place;
        },
      });
    }
  }
}

/**
 * Reads Kubernetes objects from YAML or JSON texts: several documents in a
 * file, lists unrolled. Documents that are no Kubernetes objects are passed
 * over; a document that is no YAML is a finding `estate-not-readable` with its
 * place, and the other documents of the file are still read.
 *
 * @public
 */
export function loadManifests(files: readonly SourceFile[]): {
  objects: ManifestObject[];
  findings: Finding[];
} {
  const objects: ManifestObject[] = [];
  const findings: Finding[] = [];
  for (const file of files) loadFile(file, objects, findings);
  return { objects, findings };
}
