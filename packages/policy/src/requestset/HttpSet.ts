import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { Cache } from './Cache';
import { Lang } from './Lang';
import { Memo } from './Memo';
import { Partition, PartitionAlgebra, SetOp, langAlgebra } from './Partition';

/**
 * Paths by host.
 *
 * @public
 */
export type HostPaths = Partition<Lang>;

export const hostAlgebra = new PartitionAlgebra<Lang>(langAlgebra);
export const methodAlgebra = new PartitionAlgebra<HostPaths>(hostAlgebra);

/**
 * What may be sent on a port: HTTP requests, by method, host and path, and
 * bytes that are no HTTP (`raw`). Canonical; equal sets have equal keys.
 *
 * @public
 */
export interface HttpSet {
  readonly key: string;
  readonly id: number;
  readonly raw: boolean;
  readonly http: Partition<HostPaths>;
}

/** As many as keep two sets apart for certain: 128 bits. */
const KEY_BYTES = 16;

let nextId = 1;
const interned = new Cache<HttpSet>(({ http }) => http.size);
const combined = new Memo<HttpSet>(({ http }) => http.size);

function contentOf(raw: boolean, http: Partition<HostPaths>): string {
  return `${raw ? 'r' : ''}${http.key}`;
}

function httpSet(raw: boolean, http: Partition<HostPaths>): HttpSet {
  const content = contentOf(raw, http);
  const known = interned.get(content);
  if (known) return known;
  // Keys are parts of many longer ones: a digest keeps those short.
  const key = bytesToHex(sha256(utf8ToBytes(content)).subarray(0, KEY_BYTES));
  const set: HttpSet = { key, id: nextId++, raw, http };
  interned.set(content, set);
  return set;
}

function constant(raw: boolean, http: Partition<HostPaths>): HttpSet {
  const set = httpSet(raw, http);
  interned.pin(contentOf(raw, http), set);
  return set;
}

/** Nothing at all. */
export const NOTHING = constant(false, methodAlgebra.empty);

/** Every byte. */
export const EVERYTHING = constant(true, methodAlgebra.full);

/** HTTP requests of the methods, hosts and paths. */
export function httpRequests(methods: Lang, hosts: Lang, paths: Lang): HttpSet {
  return httpSet(
    false,
    methodAlgebra.of([
      {
        guard: methods,
        value: hostAlgebra.of([{ guard: hosts, value: paths }]),
      },
    ]),
  );
}

/** Bytes that are no HTTP. */
export const RAW_ONLY = constant(true, methodAlgebra.empty);

const DECIDE: Record<SetOp, (x: boolean, y: boolean) => boolean> = {
  union: (x, y) => x || y,
  intersect: (x, y) => x && y,
  subtract: (x, y) => x && !y,
};

export function combineHttp(op: SetOp, a: HttpSet, b: HttpSet): HttpSet {
  if (a.key === b.key) return op === 'subtract' ? NOTHING : a;
  if (op === 'intersect' && (a === EVERYTHING || b === EVERYTHING))
    return a === EVERYTHING ? b : a;
  if (op === 'union' && (a === EVERYTHING || b === EVERYTHING))
    return EVERYTHING;
  if (op === 'subtract' && b === EVERYTHING) return NOTHING;
  return combined.get(`${op}${a.id},${b.id}`, () =>
    httpSet(
      DECIDE[op](a.raw, b.raw),
      methodAlgebra.combine(op, a.http, b.http),
    ),
  );
}

/** What is asked of a set: all of the request's unknown parts, or some. */
export type Quantifier = 'every' | 'some';

function pathsHold(
  lang: Lang,
  path: string | undefined,
  quantifier: Quantifier,
): boolean {
  if (path !== undefined) return lang.accepts(path);
  return quantifier === 'every' ? lang.isFull : !lang.isEmpty;
}

/**
 * Is the request in the set? Parts of it that are not given are quantified:
 * `every` asks for all values of them, `some` for any.
 */
export function httpContains(
  set: HttpSet,
  request: { method?: string; host?: string; path?: string },
  quantifier: Quantifier,
): boolean {
  const { method, host, path } = request;
  if (method === undefined) {
    return quantifier === 'every'
      ? set.key === EVERYTHING.key
      : set.key !== NOTHING.key;
  }
  const byHost = set.http.parts.find(part => part.guard.accepts(method))?.value;
  if (!byHost) return false;
  if (host !== undefined) {
    const lower = host.toLowerCase();
    const paths = byHost.parts.find(part => part.guard.accepts(lower))?.value;
    return paths !== undefined && pathsHold(paths, path, quantifier);
  }
  if (quantifier === 'some')
    return byHost.parts.some(part => pathsHold(part.value, path, quantifier));
  const covered = byHost.parts
    .filter(part => pathsHold(part.value, path, quantifier))
    .reduce((guard, part) => guard.union(part.guard), Lang.empty);
  return covered.isFull;
}
