import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { writeYaml } from './writeYaml';

const library = (object: object) =>
  stringify(object, {
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });

/** Texts near the border between text and everything else that YAML 1.1 knows. */
const odd = fc.constantFrom(
  'on',
  'Off',
  'y',
  'NO',
  'null',
  '~',
  '',
  ' ',
  '1:30',
  '0x1f',
  '1e3',
  'e0',
  'E-5',
  '.inf',
  '-',
  '- a',
  'a: b',
  'a #b',
  '#a',
  '*',
  '{*}',
  '{"a":["TCP 8080 GET /x/{*}"]}',
  '{"a',
  '{"a\'}',
  '/orders/{*}',
  '/orders/{**}',
  '/a b',
  '!tag',
  '&a',
  '%',
  '@a',
  '`a',
  '"',
  "'",
  '8080',
  '0777',
  '2026-01-02',
  '=',
  '<<',
  'a\nb',
  'a\n',
  '\t',
  'é',
  '?',
  '? a',
  'a:',
  'true',
  'cluster.local/ns/shop/sa/orders',
  '169.254.7.127/32',
  '::1/128',
);
const text = fc.oneof(odd, fc.string({ maxLength: 12 }));
const key = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'from',
      'podSelector',
      'app.kubernetes.io/name',
      'y',
      '8',
      'on',
    ),
  },
  { weight: 1, arbitrary: text },
);
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constant(undefined),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });

describe('writing YAML', () => {
  it('gives the same bytes as the library for whatever an object holds', () => {
    fc.assert(
      fc.property(object, each => {
        expect(writeYaml(each)).toBe(library(each));
      }),
      { numRuns: 2000 },
    );
  });

  it('is read back as what was written, by either version of YAML', () => {
    fc.assert(
      fc.property(object, each => {
        // A merge key is no text in 1.1, and nothing that we write.
        fc.pre(!JSON.stringify(each).includes('"<<"'));
        // What has no value is left out of a map and is null in a list, as in JSON.
        const written = JSON.parse(JSON.stringify(each));
        for (const version of ['1.1', '1.2'] as const)
          expect(parse(writeYaml(each), { version })).toEqual(written);
      }),
      { numRuns: 500 },
    );
  });
});
