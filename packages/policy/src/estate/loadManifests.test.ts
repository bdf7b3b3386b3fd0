import { loadManifests } from './loadManifests';

const load = (text: string) => loadManifests([{ path: 'a.yaml', text }]);

const object = (name: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: n\n`;

/** Line and column of every object and of its name. */
const places = (text: string) =>
  load(text).objects.map(({ at, locate }) => {
    const name = locate?.(['metadata', 'name']);
    return [at.line, at.column, name?.line, name?.column];
  });

const item = (name: string, indent: string) =>
  `${indent}- apiVersion: v1\n${indent}  kind: A\n${indent}  metadata:\n${indent}    name: ${name}\n`;

describe('places of objects', () => {
  it.each([
    ['as kubectl writes lists', ''],
    ['with indented dashes', '  '],
  ])('are found in a list %s', (_, indent) => {
    const text = `# c\napiVersion: v1\nitems:\n# first\n${item(
      'a',
      indent,
    )}${item('b', indent)}kind: List\nmetadata: {}\n`;
    const column = indent.length + 3;
    expect(places(text)).toEqual([
      [5, column, 8, column + 2],
      [9, column, 12, column + 2],
    ]);
  });

  it('are found in a list of JSON', () => {
    const text = `{ "kind": "List", "items": [\n  { "apiVersion": "v1", "kind": "A",\n    "metadata": { "name": "a" } },\n  { "apiVersion": "v1", "kind": "A", "metadata": { "name": "b" } } ] }`;
    expect(places(text)).toEqual([
      [2, 3, 3, 19],
      [4, 3, 4, 52],
    ]);
  });

  it('are found in a list inside a list', () => {
    const text = `kind: List\nitems:\n- kind: List\n  items:\n${item(
      'a',
      '  ',
    )}${item('b', '')}`;
    expect(places(text)).toEqual([
      [5, 5, 8, 7],
      [9, 3, 12, 5],
    ]);
  });

  it('are found after comments, markers and empty lines', () => {
    const text = `# c\n---\n\n# d\n--- # e\n\n${object('a')}...\n# f\n${object(
      'b',
    )}`;
    expect(places(text)).toEqual([
      [7, 1, 10, 3],
      [14, 1, 17, 3],
    ]);
  });

  it('come to nobody who does not ask, and are values for whoever does', () => {
    const { objects } = load(
      `{ kind: List, items: [{ apiVersion: v1, kind: A, metadata: { name: a } }] }`,
    );
    expect({ ...objects[0].at }).toEqual({
      file: 'a.yaml',
      line: 1,
      column: 23,
    });
    expect(JSON.parse(JSON.stringify(objects[0].at))).toEqual({
      file: 'a.yaml',
      line: 1,
      column: 23,
    });
  });
});

describe('objects that cannot be in a cluster', () => {
  it.each([
    ['a NUL in a name', object('"a\\0b"'), 'metadata.name', 4],
    ['a line break in a name', object('"a\\nb"'), 'metadata.name', 4],
    ['an escape sequence in a name', object('"a\\e[2Jb"'), 'metadata.name', 4],
    ['a Cyrillic letter in a name', object('p\u0430y'), 'metadata.name', 4],
    ['letters of full width in a name', object('\uff50ay'), 'metadata.name', 4],
    ['a space of no width in a name', object('pay\u200b'), 'metadata.name', 4],
    ['a number as a name', object('12'), 'metadata.name', 4],
    ['a list as a name', object('[a]'), 'metadata.name', 4],
    ['254 characters as a name', object('a'.repeat(254)), 'metadata.name', 4],
    [
      'a look-alike namespace',
      object('a').replace('namespace: n', 'namespace: sh\u043ep'),
      'metadata.namespace',
      5,
    ],
    [
      'a number as a namespace',
      object('a').replace('namespace: n', 'namespace: 7'),
      'metadata.namespace',
      5,
    ],
    [
      'a look-alike kind',
      object('a').replace('ConfigMap', 'Netw\u043erkPolicy'),
      'kind',
      2,
    ],
    [
      'a look-alike version',
      object('a').replace('v1', 'v\u0661'),
      'apiVersion',
      1,
    ],
    [
      'metadata that are no map',
      'apiVersion: v1\nkind: A\nmetadata: x\n',
      'metadata',
      3,
    ],
    [
      'a policy without metadata',
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {}\n',
      'metadata',
      1,
    ],
  ])(
    '%s is a finding with its place, and the others are read',
    (_, text, field, line) => {
      const { objects, findings } = load(`${text}---\n${object('other')}`);
      expect(objects.map(each => each.object.metadata.name)).toEqual(['other']);
      expect(findings).toMatchObject([
        { code: 'invalid-object', at: { file: 'a.yaml', line, field } },
      ]);
      // Whatever the name has in it, the message shows it.
      expect(findings[0].message).toMatch(/^[\x20-\x7e]*$/);
    },
  );

  it('are not what says nothing about access', () => {
    expect(
      load(
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
      ),
    ).toEqual({ objects: [], findings: [] });
  });
});

describe('large and strange files', () => {
  const good = object('good');

  it.each([
    [
      'lists 300 deep',
      `${'{ kind: List, items: ['.repeat(300)}${']}'.repeat(300)}`,
    ],
    ['an alias to what it is in', 'kind: List\nitems: &x [*x]\n'],
    [
      'two million values by aliases',
      `a: &x [${'1,'.repeat(2000)}]\nb: [${'*x,'.repeat(1000)}]\n`,
    ],
    ['1,001 aliases and a tag', `a: &x !!str 1\nb: [${'*x,'.repeat(1001)}]\n`],
    ['a NUL', 'a: \u0000\n'],
    ['half a character', 'a: "\\ud800'],
    ['a tab as indentation', 'a:\n\tb: 1\n'],
  ])('%s: a finding with line, and the next document is read', (_, text) => {
    const { objects, findings } = load(`${good}---\n${text}\n---\n${good}`);
    expect(objects).toHaveLength(2);
    expect(findings.map(({ code }) => code)).toEqual(['estate-not-readable']);
    expect(findings[0].at?.line).toBeGreaterThanOrEqual(6);
    expect(findings[0].at?.line).toBeLessThanOrEqual(10);
  });

  it('a file of more than 128 Mi characters is a finding', () => {
    const { objects, findings } = load(' '.repeat(128 * 1024 * 1024 + 1));
    expect(objects).toEqual([]);
    expect(findings).toMatchObject([
      { code: 'estate-not-readable', at: { file: 'a.yaml' } },
    ]);
  });

  it('a document of a million lines is read', () => {
    const text = `${good}data:\n${Array.from(
      { length: 1_000_000 },
      (_, i) => `  k${i}: v\n`,
    ).join('')}`;
    expect(load(text)).toMatchObject({
      objects: [{ object: { metadata: { name: 'good' } } }],
      findings: [],
    });
  });

  it('a list of 20,000 objects is read, and the last line found without reading the others again', () => {
    const items = Array.from({ length: 20_000 }, (_, i) =>
      item(`a${i}`, ''),
    ).join('');
    const { objects } = load(`kind: List\nitems:\n${items}`);
    expect(objects[19_999].locate?.(['metadata', 'name'])).toMatchObject({
      line: 2 + 20_000 * 4,
      column: 5,
    });
  });
});
