import type { Opened } from '../emit/opened';

/** Segments of a path of a policy; undefined for wildcards, which generated ones do not have. */
function segmentsOf(path: string): string[] | undefined {
  const segments = path.split('/').slice(1);
  const isKnown =
    path.startsWith('/') &&
    segments.every(
      (segment, index) =>
        segment === '{*}' ||
        (segment === '{**}' && index === segments.length - 1) ||
        !/[*{}]/.test(segment),
    );
  return isKnown ? segments : undefined;
}

function commonSegment(a: string, b: string): string | undefined {
  if (a === b) return a;
  if (a === '{*}') return b === '' ? undefined : b;
  if (b === '{*}') return a === '' ? undefined : a;
  return undefined;
}

function commonSegments(
  a: readonly string[],
  b: readonly string[],
): string[] | undefined {
  const common: string[] = [];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    if (a[at] === undefined || b[at] === undefined) return undefined;
    if (a[at] === '{**}') return [...common, ...b.slice(at)];
    if (b[at] === '{**}') return [...common, ...a.slice(at)];
    const segment = commonSegment(a[at], b[at]);
    if (segment === undefined) return undefined;
    common.push(segment);
  }
  return common;
}

/** The paths that two have in common, which is always one path. */
function commonPath(a: string, b: string): string | undefined {
  if (a === b) return a;
  const [one, other] = [segmentsOf(a), segmentsOf(b)];
  const common = one && other && commonSegments(one, other);
  return common && `/${common.join('/')}`;
}

/** What both open; undefined for nothing. */
function both(a: Opened, b: Opened): Opened | undefined {
  if (a.protocol !== b.protocol || a.port !== b.port) return undefined;
  if (a.method !== undefined && b.method !== undefined && a.method !== b.method)
    return undefined;
  const method = a.method ?? b.method;
  const path =
    a.path === undefined || b.path === undefined
      ? a.path ?? b.path
      : commonPath(a.path, b.path);
  if (path === undefined && (a.path ?? b.path) !== undefined) return undefined;
  return {
    protocol: a.protocol,
    port: a.port,
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
  };
}

const keyOf = ({ protocol, port, method = '*', path = '*' }: Opened) =>
  `${protocol} ${port} ${method} ${path}`;

function isCovered(one: Opened, by: Opened): boolean {
  const shared = both(one, by);
  return shared !== undefined && keyOf(shared) === keyOf(one);
}

/** The same without what others of them open as well, each once and sorted. */
export function largest(opened: readonly Opened[]): Opened[] {
  const each = [...new Map(opened.map(one => [keyOf(one), one])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
  return each.filter(
    one => !each.some(other => other !== one && isCovered(one, other)),
  );
}

/** What both lists open. Asked again about the answer it is the same. */
export function intersection(
  some: readonly Opened[],
  others: readonly Opened[],
): Opened[] {
  return largest(
    some.flatMap(one => others.flatMap(other => both(one, other) ?? [])),
  );
}
