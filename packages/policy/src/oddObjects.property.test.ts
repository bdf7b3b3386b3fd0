import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { FOREIGN } from './__testUtils__/foreignObjects';
import { fuzz } from './__testUtils__/fuzz';
import { lie } from './__testUtils__/lies';
import {
  buildCluster,
  CatalogEntity,
  compile,
  createWorld,
  diff,
  evaluate,
  lint,
  loadManifests,
  parseAccessPolicy,
  parsePlatformProfile,
  reach,
  TooComplexError,
} from './index';

/*
 * Objects as nobody should write them: every case of testdata/, beside objects of
 * every foreign kind, with some of its fields replaced by values of another type, absurd numbers, look-alikes and
 * control characters. Whatever comes, answers and findings come back, and no
 * exception does.
 */
const TESTDATA = resolve(__dirname, '../testdata');

/** Cases of another shape; `access/lies.test.ts` asks its own. */
const APART = new Set(['access', 'judgement', 'onboard']);

const cases = readdirSync(TESTDATA, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && !APART.has(entry.name))
  .map(entry => entry.name)
  .sort();

function texts(name: string, folder: string): string[] {
  const path = join(TESTDATA, name, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter(file => file.endsWith('.yaml'))
    .map(file => readFileSync(join(path, file), 'utf8'));
}

function values(text: string): unknown[] {
  return parseAllDocuments(text).map((document): unknown => document.toJS());
}

/** Everything that a case is made of, as values. */
function caseValues(name: string) {
  const one = (file: string) =>
    readFileSync(join(TESTDATA, name, file), 'utf8');
  return {
    estate: [
      ...[...texts(name, 'estate'), ...texts(name, 'expected')]
        .flatMap(values)
        .filter(value => value !== null),
      ...FOREIGN,
    ],
    policies: texts(name, 'policies').flatMap(values),
    catalog: values(one('catalog.yaml')),
    profile: values(one('profile.yaml'))[0],
  };
}

type CaseValues = ReturnType<typeof caseValues>;

const known = new Map<string, CaseValues>();
function copyOf(name: string): CaseValues {
  const found = known.get(name) ?? caseValues(name);
  known.set(name, found);
  return structuredClone(found);
}

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    65536,
    1e21,
    0.5,
    NaN,
    Infinity,
    '',
    ' ',
    '*',
    '\u0000',
    'a\u202eb',
    'n\u0430me',
    '/a/{',
    '/{**}/{*}/{**}',
    '0.0.0.0/33',
    '10.0.0.0/-1',
    '::/0',
    '1.2.3.4.5',
    'x'.repeat(5000),
    '{{{{',
    '__proto__',
    'constructor',
    '99999999999999999999',
    [],
    {},
    [null],
    [[]],
    { a: null },
  ),
  lie,
  fc.string(),
  fc.double(),
  fc.array(fc.constantFrom('a', 1, null), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.constantFrom('', 1, null), {
    maxKeys: 3,
  }),
);

interface Slip {
  /** Which of all the fields, as a part of them. */
  where: number;
  what: unknown;
  how: 'replace' | 'remove' | 'twice' | 'add';
}

const slip: fc.Arbitrary<Slip> = fc.record({
  where: fc.double({ min: 0, max: 0.999999, noNaN: true }),
  what: odd,
  how: fc.constantFrom(
    'replace',
    'replace',
    'replace',
    'remove',
    'twice',
    'add',
  ),
});

type Holder = Record<string, unknown>;

function holders(value: unknown, found: [Holder, string][]): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Holder;
  for (const key of Object.keys(holder)) {
    found.push([holder, key]);
    holders(holder[key], found);
  }
}

function apply(root: CaseValues, { where, what, how }: Slip): void {
  const found: [Holder, string][] = [];
  holders(root, found);
  const [holder, key] = found[Math.floor(where * found.length)];
  // The four parts themselves stay lists.
  if ((holder as unknown) === root) return;
  if (how === 'remove') delete holder[key];
  else if (how === 'twice' && Array.isArray(holder)) holder.push(holder[key]);
  else if (how === 'add') holder.odd = what;
  else holder[key] = what;
}

function textOf(value: unknown): string {
  // JSON is YAML; what JSON has no word for is written as YAML has it.
  const written = JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? `#${each}#` : each,
  );
  return written
    .replaceAll('"#NaN#"', '.nan')
    .replaceAll('"#Infinity#"', '.inf')
    .replaceAll('"#-Infinity#"', '-.inf');
}

function entities(catalog: unknown): CatalogEntity[] {
  return (Array.isArray(catalog) ? catalog : []).filter(
    (entity): entity is CatalogEntity =>
      typeof entity?.kind === 'string' &&
      typeof entity?.apiVersion === 'string' &&
      typeof entity?.metadata?.name === 'string',
  );
}

/** Asks everything that can be asked; request sets beyond their budget may say so. */
function askEverything(company: CaseValues): number {
  const list = (value: unknown) => (Array.isArray(value) ? value : []);
  const { objects } = loadManifests([
    {
      path: 'estate.yaml',
      text: list(company.estate).map(textOf).join('\n---\n'),
    },
  ]);
  const { profile } = parsePlatformProfile({
    path: 'profile.yaml',
    text: textOf(company.profile),
  });
  const { cluster } = buildCluster({ name: 'odd', objects, profile });
  const policies = list(company.policies).flatMap((value, index) => {
    const file = `policies/${index}.yaml`;
    const { policy } = parseAccessPolicy({ path: file, text: textOf(value) });
    return policy ? [{ policy, file }] : [];
  });
  const catalog = entities(company.catalog);
  compile({ policies, catalog, clusters: [cluster] });
  const world = createWorld([cluster]);
  const [first] = cluster.workloads;
  if (first) evaluate(world, { from: '192.0.2.1', to: first.id, port: 8080 });
  try {
    diff(world, world);
    reach(world);
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
  }
  return lint(world).length + objects.length;
}

describe('objects as nobody should write them', () => {
  it('are answered about, never an exception', () => {
    fuzz(
      fc.property(
        fc.constantFrom(...cases),
        fc.array(slip, { minLength: 1, maxLength: 4 }),
        (name, slips) => {
          const company = copyOf(name);
          for (const each of slips) apply(company, each);
          expect(askEverything(company)).toBeGreaterThanOrEqual(0);
        },
      ),
      150,
    );
  });

  it('are the exception: without a slip the objects of every case are read', () => {
    for (const name of cases)
      expect(askEverything(copyOf(name))).toBeGreaterThan(1);
  });
});
