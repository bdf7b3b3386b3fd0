import { Protocol } from '../estate/types';
import { charge, withinWork } from './budget';
import { Cache } from './Cache';
import {
  EVERYTHING,
  HttpSet,
  NOTHING,
  combineHttp,
  httpContains,
  httpRequests,
} from './HttpSet';
import { Lang } from './Lang';
import { Memo } from './Memo';
import { SetOp } from './Partition';
import { PathAtom, PortRange, Request, RequestSetSpec } from './types';

/** The order in which protocols are written. */
export const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

const FIRST_PORT = 1;
const LAST_PORT = 65535;

/**
 * Ports that may carry the same requests.
 *
 * @public
 */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly requests: HttpSet;
}

/** @public */
export type Segments = readonly Segment[];

let nextId = 1;
const interned = new Cache<RequestSet>(set => set.size);
const combined = new Memo<RequestSet>(set => set.size);

function canonical(segments: Segments): Segments {
  const result: Segment[] = [];
  for (const segment of segments) {
    if (segment.requests.key === NOTHING.key) continue;
    const last = result[result.length - 1];
    if (
      last &&
      last.to + 1 === segment.from &&
      last.requests.key === segment.requests.key
    ) {
      result[result.length - 1] = { ...last, to: segment.to };
    } else {
      result.push(segment);
    }
  }
  return result;
}

function combineSegments(op: SetOp, a: Segments, b: Segments): Segments {
  if (a.length === 0) return op === 'union' ? b : a;
  if (b.length === 0) return op === 'intersect' ? b : a;
  const result: Segment[] = [];
  let i = 0;
  let j = 0;
  let at = FIRST_PORT;
  while (at <= LAST_PORT && (i < a.length || j < b.length)) {
    const x = i < a.length ? a[i] : undefined;
    const y = j < b.length ? b[j] : undefined;
    const inX = x !== undefined && x.from <= at;
    const inY = y !== undefined && y.from <= at;
    const edges = [LAST_PORT];
    if (x) edges.push(inX ? x.to : x.from - 1);
    if (y) edges.push(inY ? y.to : y.from - 1);
    const to = Math.min(...edges);
    charge(1);
    if (inX || inY) {
      const requests = combineHttp(
        op,
        inX ? x.requests : NOTHING,
        inY ? y.requests : NOTHING,
      );
      result.push({ from: at, to, requests });
    }
    if (inX && x.to === to) i++;
    if (inY && y.to === to) j++;
    at = to + 1;
  }
  return canonical(result);
}

function methodLang(methods: RequestSetSpec['methods']): Lang {
  if (!methods) return Lang.full;
  return Lang.of(
    methods.map(method =>
      typeof method === 'string' ? { exact: method } : method,
    ),
  );
}

function lowerCase(atom: PathAtom): PathAtom {
  if ('exact' in atom) return { exact: atom.exact.toLowerCase() };
  if ('prefix' in atom) return { prefix: atom.prefix.toLowerCase() };
  if ('suffix' in atom) return { suffix: atom.suffix.toLowerCase() };
  return atom;
}

/**
 * An exact set of requests: protocol × port × method × host × path, where
 * methods, hosts and paths are regular languages. Immutable and canonical: two
 * sets are equal exactly when their keys are. Operations throw
 * `TooComplexError` when an answer would need more automaton states than the
 * budget.
 *
 * @public
 */
export class RequestSet {
  static readonly empty = RequestSet.constant([[], [], []]);

  static readonly all = RequestSet.constant(
    PROTOCOLS.map(() => [
      { from: FIRST_PORT, to: LAST_PORT, requests: EVERYTHING },
    ]),
  );

  readonly id = nextId++;

  /** Segments of ports and states of all automata in it. */
  readonly size: number;

  private constructor(
    private readonly byProtocol: readonly Segments[],
    readonly key: string,
  ) {
    this.size = byProtocol
      .flat()
      .reduce((sum, { requests }) => sum + 1 + requests.http.size, 0);
  }

  private static constant(byProtocol: readonly Segments[]): RequestSet {
    const set = RequestSet.intern(byProtocol);
    interned.pin(set.key, set);
    return set;
  }

  private static intern(byProtocol: readonly Segments[]): RequestSet {
    const key = byProtocol
      .map(segments =>
        segments
          .map(({ from, to, requests }) => `${from}-${to}=${requests.key}`)
          .join(' '),
      )
      .join('/');
    const known = interned.get(key);
    if (known) return known;
    const set = new RequestSet(byProtocol, key);
    interned.set(key, set);
    return set;
  }

  /**
   * The union of many sets, taken two by two: a set is looked at once for each
   * doubling, not once for each of the others.
   */
  static unionOf(sets: readonly RequestSet[]): RequestSet {
    return withinWork(() => {
      let level = [...sets];
      while (level.length > 1) {
        const next: RequestSet[] = [];
        for (let i = 0; i < level.length; i += 2)
          next.push(level[i].union(level[i + 1] ?? RequestSet.empty));
        level = next;
      }
      return level[0] ?? RequestSet.empty;
    });
  }

  /** A rectangle of requests. HTTP is carried over TCP only. */
  static of(spec: RequestSetSpec): RequestSet {
    const isHttp =
      spec.methods !== undefined ||
      spec.paths !== undefined ||
      spec.hosts !== undefined;
    if (isHttp && spec.protocol !== 'TCP') return RequestSet.empty;
    const requests = isHttp
      ? withinWork(() =>
          httpRequests(
            methodLang(spec.methods),
            spec.hosts ? Lang.of(spec.hosts.map(lowerCase)) : Lang.full,
            spec.paths ? Lang.of(spec.paths) : Lang.full,
          ),
        )
      : EVERYTHING;
    return RequestSet.ofHttp(spec.protocol, spec.ports, requests);
  }

  /** What may be sent, on some ports. Ports outside 1 to 65535 are left out. */
  static ofHttp(
    protocol: Protocol,
    ports: RequestSetSpec['ports'],
    requests: HttpSet,
  ): RequestSet {
    const ranges: PortRange[] = (ports ?? [{ from: FIRST_PORT, to: LAST_PORT }])
      .map(port => (typeof port === 'number' ? { from: port, to: port } : port))
      .map(({ from, to }) => ({
        from: Math.max(from, FIRST_PORT),
        to: Math.min(to, LAST_PORT),
      }))
      .filter(({ from, to }) => from <= to);
    const segments = ranges
      .map(({ from, to }): Segments => [{ from, to, requests }])
      .reduce((a, b) => combineSegments('union', a, b), []);
    return RequestSet.intern(
      PROTOCOLS.map(each => (each === protocol ? canonical(segments) : [])),
    );
  }

  get isEmpty(): boolean {
    return this.key === RequestSet.empty.key;
  }

  equals(other: RequestSet): boolean {
    return this === other || this.key === other.key;
  }

  union(other: RequestSet): RequestSet {
    if (this.equals(other) || other.isEmpty) return this;
    return this.isEmpty ? other : this.combine('union', other);
  }

  intersect(other: RequestSet): RequestSet {
    if (this.equals(other) || this.isEmpty || other === RequestSet.all)
      return this;
    return other.isEmpty || this === RequestSet.all
      ? other
      : this.combine('intersect', other);
  }

  subtract(other: RequestSet): RequestSet {
    if (this.isEmpty || other.isEmpty) return this;
    return this.equals(other)
      ? RequestSet.empty
      : this.combine('subtract', other);
  }

  complement(): RequestSet {
    return RequestSet.all.subtract(this);
  }

  isSubset(other: RequestSet): boolean {
    return this.subtract(other).isEmpty;
  }

  /** The ports of a protocol that carry anything, each with what they carry. */
  segments(protocol: Protocol): Segments {
    return this.byProtocol[PROTOCOLS.indexOf(protocol)];
  }

  /** What one port may carry. */
  on(protocol: Protocol, port: number): HttpSet {
    return (
      this.segments(protocol).find(({ from, to }) => from <= port && port <= to)
        ?.requests ?? NOTHING
    );
  }

  /** True when the request, with any value of what it leaves open, is in the set. */
  contains(request: Request): boolean {
    return httpContains(
      this.on(request.protocol, request.port),
      request,
      'every',
    );
  }

  /** True when some value of what the request leaves open makes it one of the set. */
  mayContain(request: Request): boolean {
    return httpContains(
      this.on(request.protocol, request.port),
      request,
      'some',
    );
  }

  private combine(op: SetOp, other: RequestSet): RequestSet {
    return combined.get(`${op}${this.id},${other.id}`, () =>
      withinWork(() =>
        RequestSet.intern(
          this.byProtocol.map((segments, index) =>
            combineSegments(op, segments, other.byProtocol[index]),
          ),
        ),
      ),
    );
  }
}
