import { asJson, isJson, Json } from '../estate/json';
import { finding, FindingCode } from '../findings';
import {
  BasePath,
  basePathOfServer,
  normaliseBasePath,
  ServerObject,
} from './basePath';
import { methodWrites } from './methodWrites';
import {
  ApiDefinition,
  Contract,
  ContractDefect,
  OfferedOperation,
} from './types';
import { entity, said, type Words } from '../words';

const METHODS = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
];
/** What a path item may have since OpenAPI 3.2. */
const METHODS_3_2 = [...METHODS, 'query'];
/** A method of HTTP: a token (RFC 9110, 5.6.2) that a policy can name. */
const METHOD = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** Longer summaries are cut: they are one line beside an operation. */
const MAX_SUMMARY = 300;

const textOf = (value: unknown) =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** What is read of a path item, in any case of its letters. The rest may be large, and is shared by whoever refers to it. */
const ITEM_FIELDS = new Set([
  '$ref',
  'servers',
  'additionaloperations',
  ...METHODS_3_2,
]);
/** A chain of references that is longer goes round in a circle. */
const MAX_REFERENCES = 10;

/** One step of a JSON pointer, or nothing where its percent escapes are none. */
function stepOf(text: string): string | undefined {
  try {
    return decodeURIComponent(text).replace(/~1/g, '/').replace(/~0/g, '~');
  } catch {
    return undefined;
  }
}

/** Follows one reference inside the document (RFC 6901). `undefined` for references to what is not there. */
function followLocal(document: Json, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let value: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = stepOf(part);
    if (key === undefined || !isJson(value) || !Object.hasOwn(value, key))
      return undefined;
    value = value[key];
  }
  return value;
}

/** A text of the definition in a message: it may be as long as the definition. */
const short = (text: string) =>
  text.length > 200 ? `${text.slice(0, 200)}…` : text;

/** Collects what is wrong with parts of a definition. */
class Defects {
  readonly list: ContractDefect[] = [];

  constructor(readonly api: string) {}

  add(
    code: FindingCode,
    message: Words,
    touches: Pick<ContractDefect, 'path' | 'operationId'>,
    fix?: string,
  ): void {
    const found = finding(code, message, {
      objects: [this.api],
      api: this.api,
      ...(fix !== undefined && { fix }),
    });
    this.list.push({ finding: found, ...touches });
  }

  /** A path item whose operations cannot be told. */
  path(path: string, text: string): void {
    this.add(
      'contract-part-unreadable',
      said`The path ${short(path)} of ${entity(this.api)} ${text}`,
      { path },
    );
  }
}

/** The fields of a path item that are read, without what it may have from a prototype. */
function fieldsOf(item: Json): Json {
  const fields: Json = {};
  for (const field of Object.keys(item))
    if (ITEM_FIELDS.has(field.toLowerCase())) fields[field] = item[field];
  return fields;
}

function pathItem(
  document: Json,
  path: string,
  value: unknown,
  defects: Defects,
): Json {
  if (value === null || value === undefined) return {};
  if (!isJson(value)) {
    defects.path(path, 'is not an object');
    return {};
  }
  let item = fieldsOf(value);
  for (let depth = 0; item.$ref !== undefined; depth++) {
    const { $ref: reference, ...beside } = item;
    if (typeof reference !== 'string' || depth === MAX_REFERENCES) {
      defects.path(
        path,
        depth === MAX_REFERENCES
          ? `refers to itself, or over more than ${MAX_REFERENCES} references`
          : 'has a $ref that is not text',
      );
      return beside;
    }
    const target = followLocal(document, reference);
    if (!isJson(target)) {
      const local = reference.startsWith('#');
      defects.add(
        'contract-ref-not-followed',
        said`${short(path)} of ${entity(defects.api)} refers to ${short(
          reference,
        )}${local ? ', which the definition does not have' : ''}`,
        { path },
        local
          ? 'Correct the reference in the definition: it has to name an object of the same document.'
          : undefined,
      );
      return beside;
    }
    item = { ...fieldsOf(target), ...beside };
  }
  return item;
}

/** Methods of a path item with what it says of them, and those that the definition means and nobody would read. */
function methodsOf(
  item: Json,
  path: string,
  version: { since32: boolean },
  defects: Defects,
): [string, unknown][] {
  const known = version.since32 ? METHODS_3_2 : METHODS;
  const found = known.map((method): [string, unknown] => [
    method,
    item[method],
  ]);
  const unread = (key: string, value: unknown, text: string) => {
    const id = textOf(asJson(value).operationId);
    defects.add(
      'contract-part-unreadable',
      said`The path ${short(path)} of ${entity(
        defects.api,
      )} has an operation that is not read: ${text}`,
      { operationId: id ?? `${key.toUpperCase()} ${path}` },
    );
  };
  for (const [key, value] of Object.entries(item)) {
    const lower = key.toLowerCase();
    if (!METHODS_3_2.includes(lower) || known.includes(key)) continue;
    const text = known.includes(lower)
      ? `OpenAPI writes ${lower}, not ${key}`
      : `${key} is a field of OpenAPI 3.2 and later`;
    unread(key, value, text);
  }
  for (const [key, value] of Object.entries(asJson(item.additionalOperations)))
    if (!version.since32)
      unread(
        key,
        value,
        'additionalOperations is a field of OpenAPI 3.2 and later',
      );
    else if (!METHOD.test(key))
      unread(key, value, `${short(key)} is no method of HTTP`);
    else found.push([key, value]);
  return found;
}

function readOperation(
  method: string,
  path: string,
  value: Json,
): OfferedOperation {
  // Further methods are sent as they are written.
  const upper = METHODS_3_2.includes(method) ? method.toUpperCase() : method;
  const tag = Array.isArray(value.tags) ? textOf(value.tags[0]) : undefined;
  const summary = textOf(value.summary)?.slice(0, MAX_SUMMARY);
  return {
    id: textOf(value.operationId) ?? `${upper} ${path}`,
    kind: 'http',
    method: upper,
    path,
    ...(tag !== undefined && { tag }),
    ...(summary !== undefined && { summary }),
    ...(value.deprecated === true && { deprecated: true }),
    writes: methodWrites(upper),
  };
}

function decideBasePath(candidates: BasePath[]): BasePath {
  const problem = candidates.find(candidate => 'problem' in candidate);
  if (problem) return problem;
  const paths = [
    ...new Set(
      candidates.map(candidate =>
        'basePath' in candidate ? candidate.basePath : '',
      ),
    ),
  ].sort();
  if (paths.length > 1)
    return {
      problem: `its servers have different paths: ${paths
        .map(path => path || '/')
        .join(', ')}`,
    };
  return { basePath: paths[0] ?? '' };
}

function serversOf(value: unknown): BasePath[] {
  if (!Array.isArray(value)) return [];
  return value.map(server =>
    isJson(server)
      ? basePathOfServer(server as ServerObject)
      : { problem: 'a server is not an object' },
  );
}

/**
 * Operations and base path of an OpenAPI 2.0 or 3.0 to 3.2 document. Only references inside the document are followed.
 * Servers of paths and operations count as further servers: where they differ the base path is not clear.
 */
export function readOpenApi(
  api: ApiDefinition,
  document: Json,
): Contract & { basePathProblem?: string } {
  const defects = new Defects(api.ref);
  const operations: OfferedOperation[] = [];
  const servers: BasePath[] = [];
  const version2 = document.swagger !== undefined;
  const { openapi } = document;
  const version = {
    since32:
      (typeof openapi === 'string' || typeof openapi === 'number') &&
      /^3\.[2-9]/.test(`${openapi}`),
  };
  const paths = isJson(document.paths) ? document.paths : {};
  if (
    document.paths !== undefined &&
    document.paths !== null &&
    paths !== document.paths
  )
    defects.add(
      'contract-part-unreadable',
      said`paths of ${entity(
        api.ref,
      )} is not an object: no operation can be read`,
      {},
    );
  for (const path of Object.keys(paths)) {
    // What begins with x- is an extension.
    if (path.startsWith('x-')) continue;
    if (!path.startsWith('/')) {
      defects.path(
        path,
        'does not begin with a slash: its operations are not read',
      );
      continue;
    }
    const item = pathItem(document, path, paths[path], defects);
    if (!version2) servers.push(...serversOf(item.servers));
    for (const [method, value] of methodsOf(item, path, version, defects)) {
      if (value === undefined || value === null) continue;
      if (!isJson(value)) {
        defects.path(path, `has an operation ${method} that is not an object`);
        continue;
      }
      if (!version2) servers.push(...serversOf(value.servers));
      operations.push(readOperation(method, path, value));
    }
  }
  if (version2) {
    const { basePath = '' } = document;
    servers.push(
      typeof basePath === 'string' || basePath === null
        ? normaliseBasePath(basePath ?? '')
        : { problem: 'basePath is not text' },
    );
  } else {
    const own = serversOf(document.servers);
    servers.push(...(own.length > 0 ? own : [{ basePath: '' }]));
  }
  const seen = new Set<string>();
  for (const { id } of operations) {
    if (seen.has(id))
      defects.add(
        'contract-duplicate-operation',
        said`${entity(api.ref)} has two operations with the operationId ${short(
          id,
        )}`,
        { operationId: id },
      );
    seen.add(id);
  }
  if (operations.length === 0)
    defects.add(
      'contract-empty',
      said`The definition of ${entity(
        api.ref,
      )} has no operation: nothing but its port can be granted`,
      {},
    );
  const decided = decideBasePath(servers);
  const common = {
    kind: 'http' as const,
    readable: true,
    operations,
    findings: defects.list.map(defect => defect.finding),
    defects: defects.list.filter(
      ({ path, operationId }) =>
        path !== undefined || operationId !== undefined,
    ),
  };
  return 'problem' in decided
    ? { ...common, basePath: undefined, basePathProblem: decided.problem }
    : { ...common, basePath: decided.basePath };
}
