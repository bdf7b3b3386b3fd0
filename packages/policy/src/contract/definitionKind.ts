import { ApiDefinition, Contract } from './types';

/** What people write into `spec.type` for a definition in OpenAPI, after case, spaces and version are taken off. */
const OPENAPI = new Set(['openapi', 'swagger', 'oas', 'openapispec']);

/** The same for protobuf. */
const PROTOBUF = new Set(['grpc', 'protobuf', 'proto', 'protocolbuffers']);

/** Words for HTTP that say nothing about the language of the definition. */
const HTTP = new Set([
  'rest',
  'restful',
  'restapi',
  'http',
  'https',
  'httpapi',
]);

/** A document that says of itself that it is OpenAPI: a key at its top level. */
const SAYS_OPENAPI =
  /^\uFEFF?["']?(?:openapi|swagger)["']?[ \t]*:|^\s*\{[^{}]*["']?\b(?:openapi|swagger)["']?\s*:/m;

/**
 * How a definition is read. Types are words of the catalog, without a closed list: `OpenAPI`, `openapi-3.1` and `REST` are
 * in use for the same. A word that only says HTTP counts where the definition says that it is OpenAPI.
 */
export function definitionKind({
  type,
  definition,
}: ApiDefinition): Contract['kind'] {
  const word = type
    .toLowerCase()
    .replace(/[-_ .]*v?[0-9][0-9.x]*$/, '')
    .replace(/[-_ ./]/g, '');
  if (OPENAPI.has(word)) return 'http';
  if (PROTOBUF.has(word)) return 'grpc';
  return HTTP.has(word) && SAYS_OPENAPI.test(definition.slice(0, 10_000))
    ? 'http'
    : 'port';
}
