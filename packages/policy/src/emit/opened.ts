/** One thing that a generated object lets through for a grant: a port, or requests on it. */
export interface Opened {
  protocol: string;
  port: number;
  /** absent: every method */
  method?: string;
  /** as AuthorizationPolicy writes it; absent: every path */
  path?: string;
}

/**
 * Says which of an object's grants opens what of it, where it names several. Rules name callers and no grants, so without it
 * nothing would tell what stays of a grant with an error when another one of the same caller ends.
 *
 * @public
 */
export const OPENS_KEY = 'callgate.dev/opens';

/** An object with a longer annotation could not be applied: kubectl writes it once more into another one. */
const LONGEST = 64_000;

const ANY = '*';

function write({ protocol, port, method, path }: Opened): string {
  const request =
    method === undefined && path === undefined
      ? ''
      : ` ${method ?? ANY} ${path ?? ANY}`;
  return `${protocol} ${port}${request}`;
}

function read(text: unknown): Opened | undefined {
  if (typeof text !== 'string') return undefined;
  const [protocol, port, method = ANY, path = ANY, ...more] = text.split(' ');
  if (!/^[0-9]{1,5}$/.test(port ?? '') || more.length > 0) return undefined;
  return {
    protocol,
    port: Number(port),
    ...(method !== ANY && { method }),
    ...(path !== ANY && { path }),
  };
}

/** The annotation of an object that opens something for several grants; none for one that names fewer. */
export function opensAnnotation(
  opens: Iterable<readonly [grantId: string, opened: readonly Opened[]]>,
): Record<string, string> {
  const texts = new Map<string, Set<string>>();
  for (const [grantId, opened] of opens) {
    const known = texts.get(grantId) ?? new Set();
    opened.map(write).forEach(text => known.add(text));
    texts.set(grantId, known);
  }
  if (texts.size < 2) return {};
  const text = JSON.stringify(
    Object.fromEntries(
      [...texts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([grantId, own]) => [grantId, [...own].sort()]),
    ),
  );
  return text.length > LONGEST ? {} : { [OPENS_KEY]: text };
}

/** What an object says to open for each grant; undefined where it does not say it in a way that can be read. */
export function readOpens(
  annotations: Readonly<Record<string, unknown>>,
): Map<string, Opened[]> | undefined {
  const text = annotations[OPENS_KEY];
  if (typeof text !== 'string') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return undefined;
  return new Map(
    Object.entries(value).map(([grantId, own]) => [
      grantId,
      Array.isArray(own) ? own.flatMap(each => read(each) ?? []) : [],
    ]),
  );
}
