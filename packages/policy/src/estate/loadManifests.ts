import { Finding, finding } from '../findings';
import { SourceFile, SourcePosition } from '../source';
import { fenced } from '../fence';
import { readYamlDocuments } from '../yaml/readYamlDocuments';
import { FieldLocator } from './FieldLocator';
import { formatField, Path } from './fieldPath';
import { identityProblem, showText } from './identityProblem';
import { asArray, isJson, Json } from './json';
import { listItems } from './listItems';
import { KubernetesObject, ManifestObject } from './types';

/** A value somewhere in a document. */
interface Found {
  value: unknown;
  path: Path;
}

/** Versions all of whose kinds have metadata: without them the document is one of these by mistake. */
const WITH_METADATA =
  /^(apps|batch|(gateway\.)?networking\.k8s\.io|.*\.istio\.io)\//;

function looksLikeObject(
  value: unknown,
): value is Json & { apiVersion: string; kind: string } {
  if (!isJson(value)) return false;
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  return (
    (value.metadata !== undefined && value.metadata !== null) ||
    WITH_METADATA.test(apiVersion)
  );
}

function withName(object: KubernetesObject): KubernetesObject {
  if (typeof object.metadata.name === 'string') return object;
  const generated = object.metadata.generateName;
  const name = typeof generated === 'string' ? generated : '';
  return { ...object, metadata: { ...object.metadata, name } };
}

/** Lists in lists too: how deep is bounded by how deep a document may be. */
function unroll(value: unknown, path: Path, found: Found[]): void {
  if (
    isJson(value) &&
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
  found.push({ value, path });
}

function unreadable(
  file: string,
  message: string,
  at: SourcePosition,
): Finding {
  return finding('estate-not-readable', `${file}: ${message}`, {
    at,
    objects: [file],
  });
}

function invalid(
  value: { kind: string; metadata?: unknown },
  at: SourcePosition,
  text: string,
): Finding {
  const metadata = isJson(value.metadata) ? value.metadata : {};
  const name = [value.kind, metadata.namespace, metadata.name]
    .filter(part => part !== undefined && part !== null)
    .map(part => (typeof part === 'string' ? showText(part).slice(1, -1) : '?'))
    .join(' ');
  return finding(
    'invalid-object',
    `${name}: ${at.field} ${text}. The API server refuses it, and it is left out here.`,
    { at, objects: [name] },
  );
}

/** A place that is looked for when somebody reads it. */
function whenAsked(locator: FieldLocator, path: Path): SourcePosition {
  let known: SourcePosition | undefined;
  const place = () =>
    (known ??= fenced<SourcePosition>(
      () => locator.at(path),
      () => ({ file: locator.file }),
    ));
  return {
    file: locator.file,
    get line() {
      return place().line;
    },
    get column() {
      return place().column;
    },
  };
}

function loadDocument(
  document: FieldLocator,
  value: unknown,
  objects: ManifestObject[],
  findings: Finding[],
): void {
  const found: Found[] = [];
  unroll(value, [], found);
  const isList = found.length !== 1 || found[0].path.length > 0;
  let items: FieldLocator[] | undefined;
  if (isList && isJson(value))
    items = listItems(document, asArray(value.items).length);
  for (const { value: each, path } of found) {
    if (!looksLikeObject(each)) continue;
    const item = items?.[Number(path[1])];
    const locator = item ?? document;
    const prefix = item ? path.slice(2) : path;
    const at = (inner: Path, lineOfText?: number): SourcePosition => {
      const place = locator.at([...prefix, ...inner], lineOfText);
      return inner.length > 0 ? { ...place, field: formatField(inner) } : place;
    };
    if (!isJson(each.metadata)) {
      const text =
        each.metadata === undefined
          ? 'is missing'
          : `is ${showText(each.metadata)}`;
      findings.push(invalid(each, at(['metadata']), text));
      continue;
    }
    const object = each as unknown as KubernetesObject;
    const problem = identityProblem(object);
    if (problem) {
      findings.push(invalid(object, at(problem.path), problem.text));
      continue;
    }
    objects.push({
      object: withName(object),
      at: prefix.length === 0 ? at([]) : whenAsked(locator, prefix),
      locate: at,
    });
  }
}

function loadFile(
  file: SourceFile,
  objects: ManifestObject[],
  findings: Finding[],
): void {
  const unforeseen = (line: number, reason: string) =>
    findings.push({
      ...unreadable(file.path, 'a document has a form that is not known', {
        file: file.path,
        line,
      }),
      data: { reason },
    });
  const readings = fenced(
    () => readYamlDocuments(file),
    reason => {
      unforeseen(1, reason);
      return [];
    },
  );
  for (const reading of readings) {
    if ('value' in reading) {
      const { value, text, firstLine } = reading;
      const document = new FieldLocator(file.path, text, firstLine);
      fenced<unknown>(
        () => loadDocument(document, value, objects, findings),
        reason => unforeseen(firstLine, reason),
      );
    } else {
      const { message, line, column } = reading.problem;
      const at = { file: file.path, line, column };
      findings.push(unreadable(file.path, message, at));
    }
  }
}

/**
 * Reads Kubernetes objects from YAML or JSON texts: several documents in a
 * file, lists unrolled. Documents that are no Kubernetes objects are passed
 * over; a document that is no YAML or not within bounds (128 Mi characters a
 * file, 200 levels, a million values once aliases are written out) is a finding `estate-not-readable` with its
 * place, an object by whose name nothing can be found `invalid-object`; what
 * else the file has is still read. Never throws.
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
