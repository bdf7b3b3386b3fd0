import { loadManifests } from '../estate';
import { readCompactJson } from './readCompactJson';

/** As a reader of clusters writes a file: one object a line. */
const fileOf = (...objects: object[]) =>
  `{"apiVersion":"v1","kind":"List","items":[\n${objects
    .map(object => JSON.stringify(object))
    .join(',\n')}\n]}\n`;

const service = (name: string, spec: unknown, annotations = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', annotations },
  spec,
});

/** More than is read with all that YAML can do. */
const LARGE = 'x'.repeat(300_000);

// An API server takes all of these where a definition keeps fields that it does not know, and any text as an annotation's value. They
// mean what JSON says (RFC 8259); an error about one object's file would be one about its whole cluster.
describe('a large file of a cluster with one object that YAML would read otherwise', () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['a mark of byte order', {}, { a: '\ufeff' }],
    ['a merge key', { '<<': { a: 1 } }, {}],
    ['a merge key of a text', { '<<': 'x' }, {}],
    [
      'what looks like an alias, and a million values',
      new Array(1_000_001).fill(0),
      { a: '*.x' },
    ],
    ['the prototype as a key', JSON.parse('{"__proto__":{"a":1}}'), {}],
    [
      'control characters',
      {},
      { a: '\u0000\u007f\u0080\u0085\u2028\ufffe\ud800' },
    ],
    [
      'numbers that JavaScript has not',
      JSON.parse('{"a":9007199254740993,"b":1e400}'),
      {},
    ],
    [
      'a hundred levels',
      new Array(97).fill(0).reduce(value => ({ a: value }), {}),
      {},
    ],
    ['a document end in a text', {}, { a: '\n---\n...\n' }],
  ])('is read as JSON: %s', (_, spec, annotations) => {
    const text = fileOf(
      service('odd', spec, { ...annotations, large: LARGE }),
      service('other', {}),
    );
    const { objects, findings } = loadManifests([{ path: 'x.yaml', text }]);
    expect(findings).toEqual([]);
    expect(JSON.stringify(objects.map(({ object }) => object))).toBe(
      JSON.stringify(JSON.parse(text).items),
    );
    expect(objects[1].at.file).toBe('x.yaml');
  });

  it.each([
    [
      'that has a key twice, of which parsers take one or the other',
      '{"a":1,"a":2}',
    ],
    ['that has spaces: it may be YAML that looks like JSON', '{"a": 1}'],
    ['that is a list', '[1]'],
    ['that is none', '{"a":'],
    [
      'that is nested without end',
      `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    ],
  ])('is left to YAML where it is a text %s', (_, text) => {
    expect(readCompactJson(text)).toBeUndefined();
  });
});
