import { Finding, finding } from '../findings';
import { SourceFile, SourcePosition } from '../source';
import { fenced } from '../fence';
import { MAX_FILE } from '../yaml/limits';
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
    const item = items?.[Number(path[1])];
    const locator = item ?? document;
    const prefix = item ? path.slice(2) : path;
    const at = (inner: Path, lineOfText?: number): SourcePosition => {
      const place = locator.at([...prefix, ...inner], lineOfText);
      return inner.length > 0 ? { ...place, field: formatField(inner) } : place;
    };
    if (!looksLikeObject(each)) {
      const odd = withoutKind(each, document.file, at([]));
      if (odd) findings.push(odd);
      continue;
    }
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

/** What has neither, however its YAML is broken, holds no object that could be applied. */
function mayHoldObjects(text: string): boolean {
  if (text.length > MAX_FILE) return true;
  const has = (key: string) =>
    new RegExp(`["']?\\b${key}["']?[ \\t]*:`).test(text);
  return has('apiVersion') || has('kind');
}

/** An action of a Go template, as Helm has them. */
const TEMPLATE = /\{\{-?\s*(?:[.$(]|\/\*|[a-zA-Z]+\b)/;

const RENDER =
  'Put what it renders to (helm template, kustomize build) into the estate, and leave the template out of what is read (exclude).';

/** What a document is that cannot be read, for whoever put the file there. */
function unreadableDocument(
  file: SourceFile,
  text: string,
  problem: { message: string; line: number; column: number },
): Finding {
  const { message, line, column } = problem;
  const at = { file: file.path, line, column };
  // By the whole file: what stands beside objects was probably meant as one.
  if (!mayHoldObjects(file.text))
    return finding(
      'not-a-manifest',
      `${file.path} is no manifest: it is neither YAML nor JSON (${message}), and says neither apiVersion nor kind. It was passed over.`,
      { at, objects: [file.path] },
    );
  return TEMPLATE.test(text)
    ? finding(
        'estate-not-readable',
        `${file.path} is an unrendered template ({{ … }}): what it makes is not known`,
        { at, objects: [file.path], fix: RENDER },
      )
    : unreadable(file.path, message, at);
}

/** A document that somebody meant as an object, and that no API server would know. */
function withoutKind(
  value: unknown,
  file: string,
  at: SourcePosition,
): Finding | undefined {
  if (!isJson(value) || !isJson(value.metadata)) return undefined;
  const { apiVersion, kind, metadata, spec } = value;
  const missing = [
    ...(apiVersion === undefined || apiVersion === null ? ['apiVersion'] : []),
    ...(kind === undefined || kind === null ? ['kind'] : []),
  ];
  if (missing.length === 0 || typeof metadata.name !== 'string')
    return undefined;
  if (missing.length === 2 && spec === undefined) return undefined;
  const shown = (...parts: unknown[]) =>
    parts
      .filter(part => typeof part === 'string')
      .map(part => showText(part).slice(1, -1));
  const id = shown(metadata.namespace, metadata.name).join('/');
  const name = [...shown(kind), id].join(' ');
  return finding(
    'invalid-object',
    `${file}: ${name} looks like an object and says no ${missing.join(
      ' and no ',
    )}: it was not read.`,
    {
      at,
      objects: [name],
      fix: `Write ${missing.join(
        ' and ',
      )} into the document; without, it cannot be applied.`,
    },
  );
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
  const problems: Finding[] = [];
  for (const reading of readings) {
    if ('value' in reading) {
      const { value, text, firstLine } = reading;
      const document = new FieldLocator(file.path, text, firstLine);
      fenced<unknown>(
        () => loadDocument(document, value, objects, findings),
        reason => unforeseen(firstLine, reason),
      );
    } else {
      problems.push(unreadableDocument(file, reading.text, reading.problem));
    }
  }
  findings.push(...oncePerFile(problems));
}

/** Of what is no manifest, and of one template, the first document says enough. */
function oncePerFile(problems: readonly Finding[]): Finding[] {
  const said = new Set<string>();
  return problems.filter(({ code, fix }) => {
    if (code !== 'not-a-manifest' && fix !== RENDER) return true;
    if (said.has(code)) return false;
    said.add(code);
    return true;
  });
}

/**
 * Reads Kubernetes objects from YAML or JSON texts: several documents in a
 * file, lists unrolled. Documents that are no Kubernetes objects are passed
 * over, with a finding `not-a-manifest` where they are no YAML either, and `invalid-object` where they only lack their kind; a document that is no YAML or not within bounds (128 Mi characters a
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

/**
 * Says so where files are there, all of them can be read, and nothing in them is an object: an estate of nothing would be
 * judged as open and empty.
 *
 * @public
 */
export function emptyEstate(
  cluster: string,
  files: readonly SourceFile[],
  loaded: ReturnType<typeof loadManifests>,
): Finding[] {
  if (files.length === 0 || loaded.objects.length > 0) return [];
  if (loaded.findings.some(({ code }) => code === 'estate-not-readable'))
    return [];
  const [{ path }] = files;
  return [
    finding(
      'estate-empty',
      `Nothing in the manifests of ${cluster} is a Kubernetes object (files: ${files.length}, ${path} first).`,
      { objects: [cluster], at: { file: path } },
    ),
  ];
}
