import type { Opened } from '../emit/opened';

/** What is opened, with the segments of its path: these are compared with many others. */
interface Split {
  opened: Opened;
  /** undefined for no path, and for wildcards that generated ones do not have */
  segments: string[] | undefined;
}

function split(opened: Opened): Split {
  const { path } = opened;
  const segments = path?.split('/').slice(1);
  const isKnown =
    path?.startsWith('/') &&
    segments?.every(
      (segment, index) =>
        segment === '{*}' ||
        (segment === '{**}' && index === segments.length - 1) ||
        !/[*{}]/.test(segment),
    );
  return { opened, segments: isKnown ? segments : undefined };
}

/** Whether every path of one is a path of the other as well. */
function isPathWithin(one: Split, other: Split): boolean {
  if (other.opened.path === undefined || one.opened.path === other.opened.path)
    return true;
  const [inner, outer] = [one.segments, other.segments];
  if (!inner || !outer || inner.length < outer.length) return false;
  for (let at = 0; at < inner.length; at++) {
    if (outer[at] === '{**}') return true;
    const isSame =
      inner[at] === outer[at] ||
      (outer[at] === '{*}' && inner[at] !== '' && inner[at] !== '{**}');
    if (!isSame) return false;
  }
  return true;
}

function isWithin(one: Split, other: Split): boolean {
  const [a, b] = [one.opened, other.opened];
  return (
    a.protocol === b.protocol &&
    a.port === b.port &&
    (b.method === undefined || a.method === b.method) &&
    isPathWithin(one, other)
  );
}

/**
 * What both open; undefined for nothing. Of paths that overlap, and neither is within the other, nothing stays: any two may
 * have one more path in common, and whoever writes definitions could have millions of them.
 */
function both(one: Split, other: Split): Opened | undefined {
  const [a, b] = [one.opened, other.opened];
  if (a.protocol !== b.protocol || a.port !== b.port) return undefined;
  if (a.method !== undefined && b.method !== undefined && a.method !== b.method)
    return undefined;
  const isFirst = isPathWithin(one, other);
  if (!isFirst && !isPathWithin(other, one)) return undefined;
  const method = a.method ?? b.method;
  const { path } = isFirst ? a : b;
  return {
    protocol: a.protocol,
    port: a.port,
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
  };
}

const keyOf = ({ protocol, port, method = '*', path = '*' }: Opened) =>
  `${protocol} ${port} ${method} ${path}`;

/** The same without what others of them open as well, each once and sorted. */
export function largest(opened: readonly Opened[]): Opened[] {
  const each = [...new Map(opened.map(one => [keyOf(one), one])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => split(one));
  return each
    .filter(one => !each.some(other => other !== one && isWithin(one, other)))
    .map(one => one.opened);
}

/** What both lists open, as far as it is within one of each. Asked again about the answer it is the same. */
export function intersection(
  some: readonly Opened[],
  others: readonly Opened[],
): Opened[] {
  const second = others.map(split);
  const found = new Map<string, Opened>();
  for (const one of some.map(split))
    for (const other of second) {
      const common = both(one, other);
      if (common) found.set(keyOf(common), common);
    }
  return largest([...found.values()]);
}
