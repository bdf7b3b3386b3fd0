import fc from 'fast-check';

type Holder = Record<string, unknown>;

/** Keys from the outside to a field. */
export type Way = readonly string[];

/** A map with a key that everything has anyway. */
const withOwn = (key: string, value: unknown): unknown =>
  Object.defineProperty({}, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });

function deep(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level++)
    value = level % 2 ? { a: value } : [value];
  return value;
}

const BUILT_IN = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
];
const odd = fc.constantFrom<unknown>(
  null,
  1,
  true,
  'x',
  [],
  {},
  { toString: 1, valueOf: 1 },
);

/** Values that are not what their place asks for. None of them has a circle in it, so that each can be written as YAML. */
export const lie: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    -0.5,
    1.5,
    65536,
    1e21,
    1e308,
    NaN,
    Infinity,
    -Infinity,
    '',
    ' ',
    '/',
    '*',
    '\u0000',
    '\ud800',
    'a\udfff',
    'a\u202eb',
    'n\u0430me',
    '%zz',
    '/a%zz/%',
    '#/%zz',
    '#/%E0%A4%A',
    '#/paths/~1orders',
    '#/paths/~0~2~1',
    '#',
    '#/',
    '!',
    '((((((',
    'a in (b',
    'x='.repeat(2000),
    '/'.repeat(50_000),
    '('.repeat(20_000),
    '{'.repeat(20_000),
    'x'.repeat(70_000),
    '0.0.0.0/33',
    '10.0.0.0/-1',
    '::ffff:1.2.3.4/129',
    '1.2.3.4.5',
    'component:default/',
    ':',
    'a:b:c/d/e',
    '2026-13-45T99:99:99Z',
    '99999999999999999999',
    ...BUILT_IN,
    [],
    [null],
    [[[]]],
    [{}],
    {},
    { toString: 1 },
    { toString: 1, valueOf: 1 },
    { toString: null, constructor: null, hasOwnProperty: 1 },
    { length: 3 },
    { length: -1, 0: 'a' },
    { $ref: 1 },
    { $ref: '#/%zz' },
    { $ref: '#/paths/~1orders' },
    { $ref: { toString: 1 } },
    deep(30),
    deep(300),
  ),
  fc
    .constantFrom(...BUILT_IN)
    .chain(key => odd.map(value => withOwn(key, value))),
  fc.constant({ toString: 1, valueOf: 1 }),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.array(odd, { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), odd, { maxKeys: 3 }),
);

/** A place in a value, and what is done there. */
export interface Lie {
  /** Which of all the fields, as a part of them. */
  where: number;
  what: unknown;
  how: 'replace' | 'remove' | 'twice' | 'add' | 'circle';
  key: string;
}

/** @param circles - whether a value may come to be inside of itself */
export function lies(circles: boolean): fc.Arbitrary<Lie[]> {
  const one: fc.Arbitrary<Lie> = fc.record({
    where: fc.double({ min: 0, max: 0.999999, noNaN: true }),
    what: lie,
    how: fc.constantFrom<Lie['how']>(
      'replace',
      'replace',
      'replace',
      'replace',
      'remove',
      'twice',
      'add',
      ...(circles ? (['circle'] as const) : []),
    ),
    key: fc.constantFrom('odd', '$ref', ...BUILT_IN),
  });
  return fc.array(one, { minLength: 1, maxLength: 3 });
}

function places(
  value: unknown,
  found: [Holder, string][],
  seen = new Set<unknown>(),
): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  const holder = value as Holder;
  for (const key of Object.keys(holder)) {
    found.push([holder, key]);
    places(holder[key], found, seen);
  }
}

function put(holder: Holder, key: string, value: unknown): void {
  // The length of a list is not ours to define.
  if (Array.isArray(holder) && (key === 'length' || !(key in holder))) return;
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Changes a value at some of its places. */
export function tellLies(root: object, told: readonly Lie[]): void {
  for (const { where, what: shared, how, key } of told) {
    // Later lies are told inside of earlier ones.
    const what = structuredClone(shared);
    const found: [Holder, string][] = [];
    places(root, found);
    if (found.length === 0) return;
    const [holder, at] = found[Math.floor(where * found.length)];
    if (how === 'remove' && !Array.isArray(holder)) delete holder[at];
    else if (how === 'twice' && Array.isArray(holder)) holder.push(holder[0]);
    else if (how === 'add') put(holder, key, what);
    else if (how === 'circle') put(holder, at, root);
    else put(holder, at, what);
  }
}

/** What a field of YAML can be that code takes for something else, each once. */
export const EVERY_LIE: readonly unknown[] = [
  { toString: 1, valueOf: 1 },
  null,
  [null],
  -0.5,
  withOwn('__proto__', { a: 1 }),
];

/** Every field of a value, by the way that leads to it. */
export function placesOf(value: unknown, path: Way = []): Way[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...path, key],
    ...placesOf(inner, [...path, key]),
  ]);
}

/** A copy with something else in one place. */
export function replaced<T>(value: T, place: Way, what: unknown): T {
  const copy = structuredClone(value);
  let holder = copy as Holder;
  for (const key of place.slice(0, -1)) holder = holder[key] as Holder;
  put(holder, place[place.length - 1], structuredClone(what));
  return copy;
}

/** The value with one of its fields replaced, one after the other, by every lie. */
export function* liesEverywhere<T extends object>(value: T): Generator<T> {
  for (const place of placesOf(value))
    for (const what of EVERY_LIE) yield replaced(value, place, what);
}

/** A value as YAML: JSON with the numbers that JSON has no words for. */
export function yamlOf(value: unknown): string {
  const written =
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' && !Number.isFinite(each) ? `#${each}#` : each,
    ) ?? '';
  return written
    .replaceAll('"#NaN#"', '.nan')
    .replaceAll('"#Infinity#"', '.inf')
    .replaceAll('"#-Infinity#"', '-.inf');
}
