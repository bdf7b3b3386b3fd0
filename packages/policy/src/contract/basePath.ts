import { asJson } from '../estate/json';
import { parsePathPattern } from '../model/pathPattern';

/** A base path, or why there is none. */
export type BasePath = { basePath: string } | { problem: string };

/** A longer one is nobody's, and would take long to look through. */
const MAX_URL = 2000;

/**
 * Brings a base path to the form that is put in front of paths: a leading slash, no trailing one, empty for none.
 */
export function normaliseBasePath(text: string): BasePath {
  if (text.length > MAX_URL)
    return { problem: `a base path has more than ${MAX_URL} characters` };
  const trimmed = text.replace(/\/+$/, '');
  if (trimmed === '') return { basePath: '' };
  const parsed = parsePathPattern(trimmed);
  if ('problem' in parsed) return { problem: `"${text}" ${parsed.problem}` };
  if (parsed.pattern.segments.some(segment => segment.kind !== 'literal'))
    return { problem: `"${text}" has a parameter` };
  return { basePath: trimmed };
}

/** A server of an OpenAPI 3 definition, as far as base paths are concerned. */
export interface ServerObject {
  url?: unknown;
  variables?: unknown;
}

/**
 * The path of a server's URL with the defaults of its variables put in (OpenAPI 3.1, "Server Object").
 */
export function basePathOfServer(server: ServerObject): BasePath {
  if (typeof server.url !== 'string') return { problem: 'a server has no url' };
  if (server.url.length > MAX_URL)
    return {
      problem: `a server has a url of more than ${MAX_URL} characters`,
    };
  const variables = asJson(server.variables);
  let missing: string | undefined;
  const url = server.url.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(variables, name)
      ? asJson(variables[name]).default
      : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') {
      missing = name;
      return '';
    }
    return String(value);
  });
  if (missing !== undefined)
    return {
      problem: `the server ${server.url} has no default for {${missing}}`,
    };
  const path = url
    .replace(/[?#].*$/s, '')
    .replace(/^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/[^/]*/, '');
  if (path !== '' && !path.startsWith('/'))
    return {
      problem: `the server ${server.url} is relative to where the definition is published`,
    };
  return normaliseBasePath(path);
}
