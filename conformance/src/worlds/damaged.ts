import { Random } from './Random';
import { Manifest } from './types';

type Json = Record<string, unknown>;
type Path = readonly (string | number)[];

/** What stands in the place of something else: no value of it is right everywhere. */
const VALUES: readonly unknown[] = [
  null,
  '',
  'a',
  'Not_A_Name!',
  'a*',
  'x'.repeat(64),
  true,
  -1,
  0,
  1,
  8080,
  8080.5,
  65536,
  '8080',
  '65536',
  '127.2.0.9',
  '127.2.0.9/24',
  '127.2.0.0/33',
  '::/0',
  [],
  [null],
  [''],
  [{}],
  {},
  { a: 'b' },
  { '': '' },
];

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every place in a value, the value itself left out. */
function* placesIn(value: unknown, path: Path = []): Generator<Path> {
  const entries = Array.isArray(value)
    ? value.map((each, index): [number, unknown] => [index, each])
    : Object.entries(isJson(value) ? value : {});
  for (const [key, each] of entries) {
    yield [...path, key];
    yield* placesIn(each, [...path, key]);
  }
}

/** The value with something else at a place; `undefined` takes it away. */
function withAt(value: unknown, [key, ...rest]: Path, change: Change): unknown {
  if (Array.isArray(value))
    return value.flatMap((each, index) => {
      if (index !== key) return [each];
      if (rest.length > 0) return [withAt(each, rest, change)];
      return change(each, String(key)).map(([, next]) => next);
    });
  return Object.fromEntries(
    Object.entries(value as Json).flatMap(([name, each]) => {
      if (name !== key) return [[name, each]];
      if (rest.length > 0) return [[name, withAt(each, rest, change)]];
      return change(each, name);
    }),
  );
}

/** What stands where something stood, by name. */
type Change = (value: unknown, name: string) => [string, unknown][];

function randomChange(random: Random): Change {
  const value = random.one(VALUES);
  return random.one<Change>([
    () => [],
    (_, name) => [[name, value]],
    (_, name) => [[name, value]],
    (_, name) => [[name, value]],
    (was, name) => [[name, [was]]],
    (was, name) => [[name, Array.isArray(was) ? [...was, ...was] : { was }]],
    (was, name) => [[name, Array.isArray(was) ? [...was, value] : String(was)]],
    (was, name) => [[name, isJson(was) ? { ...was, a: value } : value]],
  ]);
}

/** The object with one field of its specification damaged. */
export function damaged(object: Manifest, random: Random): Manifest {
  const places = [...placesIn({ spec: object.spec })].slice(1);
  if (places.length === 0) return object;
  const place = random.one(places);
  return withAt(object, place, randomChange(random)) as Manifest;
}

const networkPolicy = (spec: Json): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'np', namespace: 'shop' },
  spec: { podSelector: {}, ...spec },
});

/** Damages that are asked about by name. */
export const NAMED: readonly Manifest[] = [
  ['Both'],
  ['ingress'],
  [''],
  ['Ingress', 'egress'],
].map(policyTypes => networkPolicy({ policyTypes, ingress: [{}] }));
