import { asJson } from './json';
import { Path } from './fieldPath';

/** What the API server never takes in any of these fields, whatever the kind. */
const NOT_PRINTED = /[^\x21-\x7e]/;

/** Text as JSON with everything escaped that does not show what it is. */
export function showText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  const short = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return short.replace(
    /[^\x20-\x7e…]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A field of an object by which it would have to be found, and what is wrong with it. */
export interface IdentityProblem {
  path: Path;
  text: string;
}

/**
 * What makes an object none that can ever be in a cluster: a version, kind, name
 * or namespace that is no text, or has spaces, control characters, NULs, or
 * letters that only look like those that names may have.
 */
export function identityProblem(value: {
  apiVersion: string;
  kind: string;
  metadata: unknown;
}): IdentityProblem | undefined {
  const { name, namespace } = asJson(value.metadata);
  const fields: [Path, unknown][] = [
    [['apiVersion'], value.apiVersion],
    [['kind'], value.kind],
    [['metadata', 'name'], name ?? ''],
    [['metadata', 'namespace'], namespace ?? ''],
  ];
  for (const [path, field] of fields) {
    if (typeof field !== 'string')
      return { path, text: `is ${showText(field)}, which is no text` };
    if (field.length > 253)
      return { path, text: `has ${field.length} characters` };
    if (NOT_PRINTED.test(field))
      return {
        path,
        text: `is ${showText(
          field,
        )}: spaces, control characters and letters outside ASCII are not allowed there`,
      };
  }
  return undefined;
}
