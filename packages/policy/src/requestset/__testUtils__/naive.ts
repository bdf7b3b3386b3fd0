import fc from 'fast-check';
import { PathAtom, Request, RequestSetSpec } from '../types';

const SEGMENT = /^[A-Za-z0-9\-._~%!$&'()+,;:@=]+$/;

/** The meaning of an atom, written without automata: templates by trying every split. */
export function naiveMatch(atom: PathAtom, text: string): boolean {
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

export function naiveContains(spec: RequestSetSpec, request: Request): boolean {
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
export const atom: fc.Arbitrary<PathAtom> = fc.oneof(
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
export const request: fc.Arbitrary<Request> = fc.record({
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
export const specs = spec.filter(asked);
