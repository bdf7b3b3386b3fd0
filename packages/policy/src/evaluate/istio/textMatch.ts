import { PathAtom } from '../../requestset/types';

/**
 * The atom that a value of Istio's string fields stands for: presence `*`,
 * then suffix `*x`, then prefix `x*`, otherwise the text itself (istio
 * `pilot/pkg/security/authz/matcher/string.go`: a leading star is looked at
 * first).
 */
export function toAtom(value: string): PathAtom {
  if (value === '*') return { present: true };
  if (value.startsWith('*')) return { suffix: value.slice(1) };
  if (value.endsWith('*')) return { prefix: value.slice(0, -1) };
  return { exact: value };
}

/** Is the path value a template (docs/semantics.md, H4)? */
export function isTemplate(value: string): boolean {
  const at = value.indexOf('{*');
  return at >= 0 && (value.includes('{*}', at) || value.includes('{**}', at));
}

/** The atom of a value of `paths`. */
export function toPathAtom(value: string): PathAtom {
  return isTemplate(value) ? { template: value } : toAtom(value);
}

/** Does a text match a value of Istio's string fields? */
export function matchesText(value: string, text: string): boolean {
  if (value === '*') return text !== '';
  if (value.startsWith('*'))
    return text !== '' && text.endsWith(value.slice(1));
  if (value.endsWith('*'))
    return text !== '' && text.startsWith(value.slice(0, -1));
  return text === value;
}

const SEGMENT_CLASS = "[A-Za-z0-9\\-._~%!$&'()+,;:@=]";
const templates = new Map<string, RegExp>();

function templateRegExp(value: string): RegExp {
  let known = templates.get(value);
  if (!known) {
    const source = value
      .split(/(\{\*\*?\})/)
      .map(part => {
        if (part === '{*}') return `${SEGMENT_CLASS}+`;
        if (part === '{**}') return `(?:${SEGMENT_CLASS}|/)*`;
        return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      })
      .join('');
    known = new RegExp(`^${source}$`);
    if (templates.size > 10_000) templates.clear();
    templates.set(value, known);
  }
  return known;
}

/** Does a normalised path match a value of `paths`? */
export function matchesPath(value: string, path: string): boolean {
  if (!isTemplate(value)) return matchesText(value, path);
  // Most paths differ before the first parameter: no expression has to be made for them.
  const literal = value.slice(0, value.search(/\{\*\*?\}/));
  return (
    path !== '' && path.startsWith(literal) && templateRegExp(value).test(path)
  );
}

/**
 * Why a value of `paths` is refused by Istio, or `undefined` (istio
 * `pkg/config/security/security.go`, `CheckValidPathTemplate`; docs/semantics.md, H4).
 */
export function pathProblem(value: string): string | undefined {
  if (value === '') return 'may not be empty';
  const rest = value.replaceAll('{**}', '').replaceAll('{*}', '');
  if (/[{}]/.test(rest))
    return `"${value}" has braces that are no {*} or {**}: Istio rejects the whole policy`;
  if (!isTemplate(value)) return undefined;
  const afterMany = value.split('{**}').slice(1);
  if (
    afterMany.length > 1 ||
    (afterMany.length === 1 && afterMany[0].includes('{*}'))
  ) {
    return `"${value}": {**} must be the last operator`;
  }
  for (const segment of value.split('/')) {
    if (segment === '{*}' || segment === '{**}') continue;
    if (isTemplate(segment))
      return `"${value}": {*} and {**} must be whole segments`;
    if (segment.includes('*'))
      return `"${value}": a template takes no * in other segments`;
    if (!/^[A-Za-z0-9\-._~%!$&'()+,;:@=]*$/.test(segment))
      return `"${value}" has characters that templates do not take`;
  }
  return undefined;
}
