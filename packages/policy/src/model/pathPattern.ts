/**
 * One part of a path between slashes.
 *
 * @public
 */
export type PathSegment =
  | { kind: 'literal'; text: string }
  | { kind: 'any'; name: string }
  | { kind: 'rest'; name: string };

/**
 * A path as a grant means it: literal segments, parameters that stand for one whole segment, and at most one last
 * parameter that stands for one or more.
 *
 * @public
 */
export interface PathPattern {
  /** as written, with the base path: `/orders/{id}`, `/files/{path+}` */
  text: string;
  segments: PathSegment[];
}

/**
 * What Envoy accepts in a literal segment beside a template (`pchar` of RFC 3986 without `*`). Literal paths are held to
 * the same, so that a grant means the same with and without a parameter.
 */
const LITERAL = /^(?:[A-Za-z0-9\-._~!$&'()+,;:@=]|%[0-9A-Fa-f]{2})*$/;
const PARAMETER = /^\{([A-Za-z0-9_.-]+)(\+?)\}$/;
/** A method of one's own behind a resource (Google AIP-136): `{name}:cancel`. Behind a literal it is a literal: `orders:search`. */
const CUSTOM_VERB = /^\{[^{}]+\}:([A-Za-z][A-Za-z0-9_-]*)$/;
const REGEX_LIKE = /[*?[\]\\^|]|\.\+|\)\+|.\$$/;

function segmentProblem(text: string, last: boolean): string | undefined {
  if (text === '' && !last)
    return 'has an empty segment (two slashes in a row)';
  if (text === '.' || text === '..') return `has the segment "${text}"`;
  const verb = CUSTOM_VERB.exec(text);
  if (verb)
    return `ends in the verb ":${verb[1]}" behind a parameter ("${text}"): templates stand for whole segments at every layer, so that nothing tells it from the other verbs there`;
  if (text.includes('{') || text.includes('}'))
    return `has a parameter inside the segment "${text}", which no layer can match`;
  if (REGEX_LIKE.test(text))
    return `looks like a regular expression or wildcard in "${text}", which is not supported`;
  if (!LITERAL.test(text))
    return `has characters in "${text}" that have to be percent-encoded`;
  return undefined;
}

/**
 * Reads a path that is written as OpenAPI writes it. Anything that cannot be enforced exactly is a problem, never a wider
 * pattern: regular expressions, wildcards, a parameter inside a segment.
 *
 * @public
 */
export function parsePathPattern(
  text: string,
): { pattern: PathPattern } | { problem: string } {
  if (!text.startsWith('/')) return { problem: 'does not begin with a slash' };
  if (text.length > 2000) return { problem: 'is longer than 2000 characters' };
  const parts = text.slice(1).split('/');
  const segments: PathSegment[] = [];
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    const parameter = PARAMETER.exec(part);
    if (parameter) {
      const rest = parameter[2] === '+';
      if (rest && !last)
        return { problem: `has {${parameter[1]}+} before its last segment` };
      segments.push({ kind: rest ? 'rest' : 'any', name: parameter[1] });
      continue;
    }
    const problem = segmentProblem(part, last);
    if (problem) return { problem };
    segments.push({ kind: 'literal', text: part });
  }
  return { pattern: { text, segments } };
}

/**
 * Puts a base path (no trailing slash, empty for none) in front of a pattern.
 *
 * @public
 */
export function withBasePath(base: string, pattern: PathPattern): PathPattern {
  if (base === '') return pattern;
  const literals = base
    .slice(1)
    .split('/')
    .map((text): PathSegment => ({ kind: 'literal', text }));
  return {
    text: base + pattern.text,
    segments: [...literals, ...pattern.segments],
  };
}

/**
 * A path as definitions and grants write it: without the base path, where it is below that.
 *
 * @public
 */
export function withoutBasePath(base: string, path: string): string {
  return base !== '' && path.startsWith(`${base}/`)
    ? path.slice(base.length)
    : path;
}

/**
 * A text that is equal for two patterns exactly when they match the same paths; names of parameters do not count.
 *
 * @public
 */
export function pathPatternKey(pattern: PathPattern): string {
  return pattern.segments
    .map(segment => {
      if (segment.kind === 'literal') return `/${segment.text}`;
      return segment.kind === 'any' ? '/{}' : '/{+}';
    })
    .join('');
}

/**
 * True when every path that `inner` matches is matched by `outer`.
 *
 * @public
 */
export function pathPatternCovers(
  outer: PathPattern,
  inner: PathPattern,
): boolean {
  for (const [index, segment] of outer.segments.entries()) {
    const other = inner.segments[index];
    if (other === undefined) return false;
    if (segment.kind === 'rest') return true;
    if (other.kind === 'rest') return false;
    if (segment.kind === 'literal') {
      if (other.kind !== 'literal' || other.text !== segment.text) return false;
    } else if (other.kind === 'literal' && other.text === '') {
      return false;
    }
  }
  return outer.segments.length === inner.segments.length;
}
