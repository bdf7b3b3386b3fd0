import { LineCounter, parseAllDocuments } from 'yaml';
import { Finding, finding } from '../findings';
import { SourceFile, SourcePosition } from '../source';
import { Path, formatField } from './fieldPath';
import { asArray, isJson } from './json';
import { YAML_OPTIONS, lazyLocator, positionOf } from './lazyLocator';
import { KubernetesObject, ManifestObject } from './types';

/** Larger texts are refused: parsing them would exhaust memory before it says anything. */
const MAX_TEXT = 128 * 1024 * 1024;

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
