import fc from 'fast-check';
import { atom, naiveContains, request, specs } from './__testUtils__/naive';
import { RequestSet } from './RequestSet';
import { PathAtom } from './types';
import { toAccessRanges } from './toAccessRanges';
import { witness } from './witness';

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
});
