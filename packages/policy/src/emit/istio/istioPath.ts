import { PathPattern } from '../../model/pathPattern';

/**
 * A path as AuthorizationPolicy writes it: exact, or with the templates `{*}` (one segment) and `{**}` (the rest). Literals
 * hold none of `*`, `{` and `}` (see `parsePathPattern`), so nothing becomes a prefix or makes the policy invalid.
 *
 * `{**}` also matches an empty rest after the slash (`/files/`), which `{path+}` is read to include.
 */
export function istioPath(pattern: PathPattern): string {
  return pattern.segments
    .map(segment => {
      if (segment.kind === 'literal') return `/${segment.text}`;
      return segment.kind === 'any' ? '/{*}' : '/{**}';
    })
    .join('');
}
