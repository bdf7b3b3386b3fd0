import fc from 'fast-check';
import { RequestSet } from './RequestSet';
import { PathAtom, Request, RequestSetSpec } from './types';
import { toAccessRanges } from './toAccessRanges';
import { witness } from './witness';

const SEGMENT = /^[A-Za-z0-9\-._~%!$&'()+,;:@=]+$/;

/** The meaning of an atom, written without automata: templates by trying every split. */
function naiveMatch(atom: PathAtom, text: string): boolean {
  if (text === '') return false;
  if ('exact' in atom) return text === atom.exact;
  if ('prefix' in atom) return text.startsWith(atom.prefix);
  if ('suffix' in atom) return text.endsWith(atom.suffix);
  if ('present' in atom) return true;
  const tokens = atom.template
    .split(/(\{\*\*?\})/)
    .filter(token => token !== '');
  const match = (token: number, at: number): boolean => {
    if (token === tokens.length) return at === text.length;
    if (!/^\{\*\*?\}$/.test(tokens[token])) {
      return (
        text.startsWith(tokens[token], at) &&
        match(token + 1, at + tokens[token].length)
      );
    }
    const many = tokens[token] === '{**}';
    for (let end = many ? at : at + 1; end <= text.length; end++) {
      const part = text.slice(at, end);
      const fits =
        part === '' ||
        SEGMENT.test(many ? part.replaceAll('/', '') || 'x' : part);
      if (fits && match(token + 1, end)) return true;
    }
    return false;
  };
  return match(0, 0);
}

function naiveContains(spec: RequestSetSpec, request: Request): boolean {
  if (spec.protocol !== request.protocol) return false;
  const onPort = (spec.ports ?? [{ from: 1, to: 65535 }]).some(port =>
    typeof port === 'number'
      ? port === request.port
      : port.from <= request.port && request.port <= port.to,
  );
  if (!onPort) return false;
  const any = <T>(
    list: readonly T[] | undefined,
    holds: (item: T) => boolean,
  ) => list === undefined || list.some(holds);
  return (
    any(spec.methods, method =>
      typeof method === 'string'
        ? method === request.method
        : naiveMatch(method, request.method ?? ''),
    ) &&
    any(spec.paths, path => naiveMatch(path, request.path ?? '')) &&
    any(spec.hosts, host =>
      naiveMatch(host, (request.host ?? '').toLowerCase()),
    )
  );
}

const PIECES = ['/', 'a', 'b', 'ab', '/a', '/a/', 'x%2Fy', '*', '{', 'é'];
const text = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
  .map(parts => parts.join(''));
const template = fc
  .array(fc.constantFrom('a', 'b', 'ab', '{*}'), { minLength: 1, maxLength: 3 })
  .chain(segments =>
    fc.constantFrom(
      `/${segments.join('/')}`,
      `/${segments.join('/')}/{**}`,
      `/${segments.join('/')}/{**}/b`,
    ),
  );
const atom: fc.Arbitrary<PathAtom> = fc.oneof(
  text.map(exact => ({ exact })),
  text.map(prefix => ({ prefix })),
  text.map(suffix => ({ suffix })),
  fc.constant<PathAtom>({ present: true }),
  template.map(value => ({ template: value })),
);
const method = fc.oneof(
  fc.constantFrom('GET', 'POST', 'PUT', 'G', 'PURGE'),
  fc.constantFrom<PathAtom>(
    { prefix: 'P' },
    { suffix: 'T' },
    { present: true },
  ),
);
const host: fc.Arbitrary<PathAtom> = fc.constantFrom<PathAtom>(
  { exact: 'a.shop' },
  { suffix: '.shop' },
  { prefix: 'a.' },
);
const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });
const spec: fc.Arbitrary<RequestSetSpec> = fc
  .record({
    protocol: fc.constantFrom('TCP' as const, 'TCP' as const, 'UDP' as const),
    ports: optional(
      fc.array(
        fc.constantFrom<number | { from: number; to: number }>(
          80,
          81,
          { from: 80, to: 90 },
          65535,
          { from: 1, to: 79 },
        ),
        {
          maxLength: 3,
        },
      ),
    ),
    methods: optional(fc.array(method, { minLength: 1, maxLength: 3 })),
    paths: optional(fc.array(atom, { minLength: 1, maxLength: 4 })),
    hosts: optional(fc.array(host, { minLength: 1, maxLength: 2 })),
  })
  .map(
    value =>
      Object.fromEntries(
        Object.entries(value).filter(([, v]) => v !== undefined),
      ) as unknown as RequestSetSpec,
  );
const pathText = fc
  .array(fc.constantFrom(...PIECES, 'b/a', '//'), {
    minLength: 1,
    maxLength: 5,
  })
  .map(parts => `/${parts.join('')}`);
const request: fc.Arbitrary<Request> = fc.record({
  protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
  port: fc.constantFrom(1, 79, 80, 81, 90, 91, 65535),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'G', 'PURGE', 'X'),
  path: fc.oneof(pathText, text),
  host: fc.constantFrom('a.shop', 'A.SHOP', 'b.shop', 'a.', 'other'),
});

/** HTTP parts mean nothing on UDP, so the naive test is asked only where it can say something. */
const asked = (value: RequestSetSpec) =>
  value.protocol === 'TCP' ||
  (value.methods === undefined &&
    value.paths === undefined &&
    value.hosts === undefined);
const specs = spec.filter(asked);

describe('RequestSet', () => {
  it('contains what a naive membership test says', () => {
    fc.assert(
      fc.property(
        specs,
        fc.array(request, { minLength: 1, maxLength: 8 }),
        (value, requests) => {
          const set = RequestSet.of(value);
          for (const each of requests)
            expect(set.contains(each)).toBe(naiveContains(value, each));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('has union, intersection and difference that mean or, and, and not', () => {
    fc.assert(
      fc.property(specs, specs, request, (a, b, each) => {
        const [x, y] = [RequestSet.of(a), RequestSet.of(b)];
        const [inA, inB] = [naiveContains(a, each), naiveContains(b, each)];
        expect(x.union(y).contains(each)).toBe(inA || inB);
        expect(x.intersect(y).contains(each)).toBe(inA && inB);
        expect(x.subtract(y).contains(each)).toBe(inA && !inB);
        expect(x.complement().contains(each)).toBe(!inA);
      }),
      { numRuns: 400 },
    );
  });

  it('obeys the laws of sets by identity of canonical forms', () => {
    fc.assert(
      fc.property(specs, specs, specs, (a, b, c) => {
        const [x, y, z] = [
          RequestSet.of(a),
          RequestSet.of(b),
          RequestSet.of(c),
        ];
        const same = (p: RequestSet, q: RequestSet) =>
          expect(p.key).toBe(q.key);
        same(x.union(y), y.union(x));
        same(x.intersect(y), y.intersect(x));
        same(x.union(y).union(z), x.union(y.union(z)));
        same(x.intersect(y.union(z)), x.intersect(y).union(x.intersect(z)));
        same(x.union(y.intersect(z)), x.union(y).intersect(x.union(z)));
        same(x.complement().complement(), x);
        same(x.union(y).complement(), x.complement().intersect(y.complement()));
        same(x.subtract(y), x.intersect(y.complement()));
        same(x.union(x.intersect(y)), x);
        expect(x.isSubset(x.union(y))).toBe(true);
        expect(x.intersect(y).isSubset(x)).toBe(true);
        expect(x.subtract(x).isEmpty).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('gives a witness of every set that is not empty', () => {
    fc.assert(
      fc.property(specs, specs, (a, b) => {
        const set = RequestSet.of(a).subtract(RequestSet.of(b));
        const found = witness(set);
        expect(found === undefined).toBe(set.isEmpty);
        expect(found === undefined || set.mayContain(found)).toBe(true);
        const isWhole = found?.method !== undefined && found.host === undefined;
        expect(!isWhole || set.contains(found)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('prints a cover of the paths, and an exact one where it says so', () => {
    const atomOf = (value: string): PathAtom => {
      if (value === '*') return { present: true };
      if (/\{\*\*?\}/.test(value)) return { template: value };
      if (value.startsWith('*')) return { suffix: value.slice(1) };
      return value.endsWith('*')
        ? { prefix: value.slice(0, -1) }
        : { exact: value };
    };
    // Stars in literals would be read back as wildcards, which is a matter of this test only.
    const plain = fc.array(
      atom.filter(
        value => !/[*{]/.test(JSON.stringify(value)) || 'template' in value,
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(plain, plain, fc.boolean(), (a, b, minus) => {
        const left = RequestSet.of({ protocol: 'TCP', ports: [80], paths: a });
        const set = minus
          ? left.subtract(
              RequestSet.of({ protocol: 'TCP', ports: [80], paths: b }),
            )
          : left;
        const [access] = toAccessRanges(set);
        if (!access?.http) return;
        const [entry] = access.http;
        const printed = entry.notPaths
          ? RequestSet.of({
              protocol: 'TCP',
              ports: [80],
              methods: [{ present: true }],
            }).subtract(
              RequestSet.of({
                protocol: 'TCP',
                ports: [80],
                paths: entry.notPaths.map(atomOf),
              }),
            )
          : RequestSet.of({
              protocol: 'TCP',
              ports: [80],
              paths: (entry.paths ?? ['*']).map(atomOf),
            });
        expect(set.isSubset(printed)).toBe(true);
        expect(!entry.exact || printed.key === set.key).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  const http = (paths: PathAtom[], methods = ['GET']) =>
    RequestSet.of({ protocol: 'TCP', ports: [8080], methods, paths });
  const pathsOf = (set: RequestSet) =>
    toAccessRanges(set)[0].http?.map(entry => [
      entry.methods,
      entry.paths,
      entry.exact,
    ]);

  it('writes operations as people wrote them', () => {
    const set = http([
      { exact: '/orders' },
      { template: '/orders/{*}' },
      { template: '/orders/{*}/items/{*}' },
    ])
      .union(http([{ prefix: '/static/' }]))
      .union(http([{ exact: '/orders' }], ['POST', 'PUT']));
    expect(pathsOf(set)).toEqual([
      [
        ['GET'],
        ['/orders', '/orders/{*}', '/orders/{*}/items/{*}', '/static/*'],
        true,
      ],
      [['POST', 'PUT'], ['/orders'], true],
    ]);
  });

  it('writes a literal beside a template that covers it only once', () => {
    expect(
      pathsOf(http([{ template: '/orders/{*}' }, { exact: '/orders/all' }])),
    ).toEqual([[['GET'], ['/orders/{*}'], true]]);
    expect(
      pathsOf(http([{ template: '/a/{*}' }, { template: '/a/list/{*}' }])),
    ).toEqual([[['GET'], ['/a/list/{*}', '/a/{*}'], true]]);
  });

  it('writes complements of methods and paths as such', () => {
    const all = RequestSet.of({ protocol: 'TCP', ports: [80] });
    const set = all.subtract(
      RequestSet.of({ protocol: 'TCP', ports: [80], methods: ['DELETE'] }),
    );
    expect(toAccessRanges(set)).toMatchObject([
      { ports: '80', http: [{ notMethods: ['DELETE'], exact: true }] },
    ]);
    const noAdmin = all.subtract(
      RequestSet.of({
        protocol: 'TCP',
        ports: [80],
        paths: [{ prefix: '/admin' }],
      }),
    );
    expect(toAccessRanges(noAdmin)).toMatchObject([
      { http: [{ notPaths: ['/admin*'] }] },
    ]);
  });

  it('gives equal keys to equal entries only', () => {
    const key = (set: RequestSet) => toAccessRanges(set)[0].http?.[0].key;
    expect(key(http([{ prefix: '/a' }]))).toBe(
      key(http([{ prefix: '/a' }, { exact: '/abc' }])),
    );
    expect(key(http([{ prefix: '/a' }]))).not.toBe(
      key(http([{ prefix: '/b' }])),
    );
  });

  it("H4: {*} is one segment of Envoy's alphabet, with % and without slashes; {**} is any number, also none", () => {
    const one = http([{ template: '/orders/{*}' }]);
    const on = (path: string, set: RequestSet) =>
      set.contains({
        protocol: 'TCP',
        port: 8080,
        method: 'GET',
        host: 'h',
        path,
      });
    expect(
      ['/orders/7', '/orders/..%2Fadmin', '/orders/a=b'].map(path =>
        on(path, one),
      ),
    ).toEqual([true, true, true]);
    expect(
      ['/orders', '/orders/', '/orders/7/8', '/orders/a|b', '/orders/é'].map(
        path => on(path, one),
      ),
    ).toEqual(new Array(5).fill(false));
    const many = http([{ template: '/a/{**}' }]);
    expect(['/a/', '/a/b', '/a/b/c', '/a'].map(path => on(path, many))).toEqual(
      [true, true, true, false],
    );
  });

  it('H3: a prefix is a prefix of the text, not of segments', () => {
    expect(
      http([{ prefix: '/info' }]).contains({
        protocol: 'TCP',
        port: 8080,
        method: 'GET',
        host: 'h',
        path: '/information',
      }),
    ).toBe(true);
  });

  it('asks for every host where the request leaves it open', () => {
    const set = RequestSet.of({
      protocol: 'TCP',
      ports: [80],
      hosts: [{ exact: 'a' }],
    });
    const open = {
      protocol: 'TCP' as const,
      port: 80,
      method: 'GET',
      path: '/',
    };
    expect([set.contains(open), set.mayContain(open)]).toEqual([false, true]);
    expect(set.contains({ ...open, host: 'A' })).toBe(true);
  });

  it('gives up with a clear error instead of growing without bound', () => {
    const stars = Array.from(
      { length: 12 },
      (_, i): PathAtom => ({
        suffix: `${'ab'.repeat(i)}c${'ba'.repeat(11 - i)}`,
      }),
    );
    const late = Array.from(
      { length: 20 },
      (_, i): PathAtom => ({ template: `/{**}/x${'/{*}'.repeat(i + 1)}` }),
    );
    expect(() =>
      RequestSet.of({ protocol: 'TCP', paths: [...stars, ...late] }),
    ).toThrow(/automaton of more than/);
  });
});
