import { Finding, finding } from '../findings';
import {
  BasePath,
  basePathOfServer,
  normaliseBasePath,
  ServerObject,
} from './basePath';
import { ApiDefinition, Contract, OfferedOperation } from './types';

type Json = Record<string, unknown>;

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
const READING = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Longer summaries are cut: they are one line beside an operation. */
const MAX_SUMMARY = 300;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown) =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Follows one reference inside the document (RFC 6901). `undefined` for references to other documents. */
function followLocal(document: Json, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let value: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = decodeURIComponent(part)
      .replace(/~1/g, '/')
      .replace(/~0/g, '~');
    if (!isJson(value) || !Object.prototype.hasOwnProperty.call(value, key))
      return undefined;
    value = value[key];
  }
  return value;
}

function pathItem(
  document: Json,
  path: string,
  value: unknown,
  api: ApiDefinition,
  findings: Finding[],
): Json {
  let item = value;
  for (
    let depth = 0;
    isJson(item) && typeof item.$ref === 'string' && depth < 10;
    depth++
  ) {
    const target = followLocal(document, item.$ref);
    if (target === undefined)
      findings.push(
        finding(
          'contract-ref-not-followed',
          `${path} of ${api.ref} refers to ${item.$ref}`,
          {
            objects: [api.ref],
            api: api.ref,
          },
        ),
      );
    const { $ref: _, ...beside } = item;
    item = isJson(target) ? { ...target, ...beside } : beside;
  }
  return isJson(item) ? item : {};
}

function readOperation(
  method: string,
  path: string,
  value: Json,
): OfferedOperation {
  const upper = method.toUpperCase();
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
    writes: !READING.has(upper),
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
 * Operations and base path of an OpenAPI 2.0, 3.0 or 3.1 document. Only references inside the document are followed.
 * Servers of paths and operations count as further servers: where they differ the base path is not clear.
 */
export function readOpenApi(
  api: ApiDefinition,
  document: Json,
): Contract & { basePathProblem?: string } {
  const findings: Finding[] = [];
  const operations: OfferedOperation[] = [];
  const servers: BasePath[] = [];
  const version2 = document.swagger !== undefined;
  const paths = isJson(document.paths) ? document.paths : {};
  for (const path of Object.keys(paths)) {
    if (!path.startsWith('/')) continue;
    const item = pathItem(document, path, paths[path], api, findings);
    if (!version2) servers.push(...serversOf(item.servers));
    for (const method of METHODS) {
      const value = item[method];
      if (!isJson(value)) continue;
      if (!version2) servers.push(...serversOf(value.servers));
      operations.push(readOperation(method, path, value));
    }
  }
  if (version2) {
    servers.push(normaliseBasePath(textOf(document.basePath) ?? ''));
  } else {
    const own = serversOf(document.servers);
    servers.push(...(own.length > 0 ? own : [{ basePath: '' }]));
  }
  const seen = new Set<string>();
  for (const { id } of operations) {
    if (seen.has(id))
      findings.push(
        finding(
          'contract-duplicate-operation',
          `${api.ref} has two operations with the operationId ${id}`,
          {
            objects: [api.ref],
            api: api.ref,
          },
        ),
      );
    seen.add(id);
  }
  const decided = decideBasePath(servers);
  const common = {
    kind: 'http',
    readable: true,
    operations,
    findings,
  } as const;
  return 'problem' in decided
    ? { ...common, basePath: undefined, basePathProblem: decided.problem }
    : { ...common, basePath: decided.basePath };
}
