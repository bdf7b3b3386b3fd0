import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { fuzz } from '../__testUtils__/fuzz';
import { readPlainYaml } from './readPlainYaml';
import { MAX_RICH_DOCUMENT } from './limits';
import { MANIFEST_YAML, readYaml } from './readYaml';

/** What the library says that reads everything. */
const slowly = (text: string): unknown => {
  const document = parseDocument(text, MANIFEST_YAML);
  if (document.errors.length > 0) throw new Error(document.errors[0].message);
  return document.toJS({ maxAliasCount: 1000 });
};

const problemOf = (text: string) => {
  const reading = readYaml(text);
  return 'problem' in reading ? reading.problem : undefined;
};

describe('readYaml', () => {
  // YAML 1.2, 10.3.2. sigs.k8s.io/yaml reads YAML 1.1: what it makes of the same text is in the last column.
  it.each<[string, unknown, string]>([
    ['yes', 'yes', 'true'],
    ['no', 'no', 'false'],
    ['on', 'on', 'true'],
    ['Off', 'Off', 'false'],
    ['y', 'y', 'true'],
    ['0644', 644, '420'],
    ['0o644', 420, '420'],
    ['1_000', '1_000', '1000'],
    ['0b11', '0b11', '3'],
    ['1:30', '1:30', 'text'],
    ['2001-01-01', '2001-01-01', 'text'],
    ['0x1F', 31, '31'],
    ['TRUE', true, 'true'],
    ['~', null, 'null'],
    ['1e3', 1000, '1000'],
    ['.5', 0.5, '0.5'],
    ['-.inf', -Infinity, 'refused'],
    ['+12', 12, '12'],
    ['1.', 1, '1'],
    ['', null, 'null'],
  ])('reads %j as %p of YAML 1.2 (kubectl: %s)', (scalar, value) => {
    expect(readPlainYaml(`a: ${scalar}\n`)).toEqual({ value: { a: value } });
    expect(slowly(`a: ${scalar}\n`)).toEqual({ a: value });
  });

  it.each([
    [
      'merge keys',
      'a: &x { p: 1 }\nb: { <<: *x, q: 2 }',
      { a: { p: 1 }, b: { p: 1, q: 2 } },
    ],
    ['anchors of nothing', '{ &x }', { '': null }],
    ['tags', 'a: !!str 1\n', { a: '1' }],
    ['keys that are null', '? \n: 1\n', { '': 1 }],
    ['keys that are lists', '[a]: 1\n', { '[ a ]': 1 }],
    ['null as a key', 'null: 1\n', { '': 1 }],
    ['directives', '%YAML 1.2\n---\na: 1\n', { a: 1 }],
  ])('leaves %s to the library that knows them', (_, text, value) => {
    expect(readPlainYaml(text)).toBeUndefined();
    expect(readYaml(text)).toEqual({ value });
  });

  it('reads anchors, also given again and around aliases of others', () => {
    const text = 'a: &x [1]\nb: *x\nc: &x { d: &y e }\nf: *x\ng: [*y]\n';
    const value = { a: [1], b: [1], c: { d: 'e' }, f: { d: 'e' }, g: ['e'] };
    expect(readPlainYaml(text)).toEqual({ value });
    expect(slowly(text)).toEqual(value);
  });

  it('takes marks inside of texts for what they are', () => {
    expect(readPlainYaml('a: "x &y *z !t"\nb: |\n  &a *b !c\n')).toEqual({
      value: { a: 'x &y *z !t', b: '&a *b !c\n' },
    });
  });

  it.each([
    ['explicit keys', '? a\n: 1\n', { a: 1 }],
    ['explicit keys in braces', '{ ? a : 1 }', { a: 1 }],
    ['a key without a name in braces', '{ : 1 }', { '': 1 }],
    ['a pair whose key is a list, in a list', '[ [a]: 1 ]', [{ '[ a ]': 1 }]],
  ])('reads %s', (_, text, value) => {
    expect(readYaml(text)).toEqual({ value });
  });

  it.each([
    ['? a\n: 1\n', { a: 1 }],
    [
      'b:\n  ? "f:{\\"x\\"}"\n  : .: {}\n    c: 1\n  d: 2\n',
      { b: { 'f:{"x"}': { '.': {}, c: 1 }, d: 2 } },
    ],
    ['- ? a\n  : 1\n', [{ a: 1 }]],
    ['? a\nb: 1\n', { a: null, b: 1 }],
    ["? 'a\n  b'\n: - 1\n", { 'a b': [1] }],
  ])('reads long keys plainly, as emitters write them: %j', (text, value) => {
    expect(readPlainYaml(text)).toEqual({ value });
    expect(slowly(text)).toEqual(value);
  });

  it('reads a dump of a large cluster in which one key is long', () => {
    const text = `items:\n${'- { a: 1 }\n'.repeat(40_000)}- ? ${'k'.repeat(
      200,
    )}\n  : 1\n`;
    expect(text.length).toBeGreaterThan(MAX_RICH_DOCUMENT);
    const reading = readYaml(text);
    const { items } =
      'value' in reading
        ? (reading.value as { items: object[] })
        : { items: [] };
    expect(items).toHaveLength(40_001);
    expect(items[40_000]).toEqual({ ['k'.repeat(200)]: 1 });
  });

  it('reads plainly what only looks like unusual keys', () => {
    const value = {
      a: '\n  : "${X}"\n? y\n  : z\nm[0]: {}: <<: null: ~ : 1\n',
      'b?': 1,
      d: 'Is it so?',
      e: 'Yes.',
      c: [{ d: '<<' }, 'x: y'],
    };
    expect(readPlainYaml(stringify(value))).toEqual({ value });
  });

  it('refuses what follows the end of a document, and the same key twice in another spelling', () => {
    expect(problemOf('a: []\n[]\n')).toMatchObject({ line: 2, column: 1 });
    expect(problemOf('a: &x 1\n1: 2\n"1": 3\n')).toMatchObject({
      line: 3,
      column: 1,
    });
  });

  it('says where an error is in a document too large to be read twice', () => {
    const text = `${'a: [1]\n'.replace('a', 'k')}${'# x\n'.repeat(
      400_000,
    )}b: [\nc: 1\n`;
    expect(problemOf(text)).toMatchObject({ line: expect.any(Number) });
    expect(problemOf(text)?.line).toBeGreaterThan(400_000);
  });

  it('says where an error is', () => {
    expect(problemOf('a: 1\nb: "x\n')).toMatchObject({ line: 3 });
    expect(problemOf('a: 1\na: 2\n')).toMatchObject({ line: 2, column: 1 });
  });

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, at) => {
      const before = 'abcdefgh'[at];
      return `${name}: &${name} [${new Array(9).fill(`*${before}`).join(',')}]`;
    }),
  ].join('\n');

  it.each([
    ['a bomb of aliases', bomb, /alias/],
    ['an alias to nothing', 'a: *x\n', /alias/],
    ['a list that contains itself', '&x [*x]\n', /refers to itself|alias/],
    [
      'a map that contains itself',
      'a: &x { b: { c: *x } }\n',
      /refers to itself|alias/,
    ],
    [
      'a large anchor that is used many times',
      `a: &x [${'1,'.repeat(5000)}]\nb: [${'*x,'.repeat(999)}]\n`,
      /more than 1000000 values/,
    ],
    [
      'lists inside each other',
      '['.repeat(100_000),
      /deep|levels|inside|flow/i,
    ],
    ['201 levels', `${'['.repeat(201)}${']'.repeat(201)}`, /200 levels/],
    ['maps inside each other', '{a: '.repeat(50_000), /deep|levels|flow/i],
    ['dashes inside each other', '- '.repeat(50_000), /deep|levels/],
    [
      'a document with tags that is too large',
      `a: !!str ${'x'.repeat(MAX_RICH_DOCUMENT)}`,
      /must do without/,
    ],
  ])('refuses %s', (_, text, message) => {
    expect(problemOf(text)?.message).toMatch(message);
  });

  // YAML 1.2, 8.1.1.2: `+` keeps the breaks of trailing empty lines, and the last of these has none.
  it.each(['- >+\n  \n ', 'a: |+\n  b\n\n  '])(
    'counts no line break that is not there: %j',
    text => {
      const read = readYaml(text) as { value: object };
      const [kept] = Object.values(read.value);
      expect(kept).toBe(text.startsWith('a') ? 'b\n\n' : '\n');
    },
  );

  it('reads 200 levels', () => {
    expect(problemOf(`${'['.repeat(199)}${']'.repeat(199)}`)).toBeUndefined();
  });

  it('reads what is written with every style as the library does', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(
        'yes',
        '0644',
        '&a',
        '*',
        '!x',
        ' a\n b\n',
        '- x',
        'a: b',
        '# x',
        '\t',
        '---',
      ),
    );
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ maxLength: 6 }), tie('value'), {
          maxKeys: 4,
        }),
      ),
    }));
    const style = fc.record({
      defaultStringType: fc.constantFrom(
        'PLAIN',
        'QUOTE_SINGLE',
        'QUOTE_DOUBLE',
        'BLOCK_LITERAL',
        'BLOCK_FOLDED',
      ),
      defaultKeyType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE'),
      collectionStyle: fc.constantFrom('any', 'block', 'flow'),
      indent: fc.constantFrom(2, 4),
      lineWidth: fc.constantFrom(20, 80),
    });
    fuzz(
      fc.property(value, style, (written, options) => {
        const text = stringify(written, options as never);
        const plain = readPlainYaml(text);
        fc.pre(plain !== undefined && 'value' in plain);
        expect(plain.value ?? null).toEqual(slowly(text));
      }),
    );
  });

  it('reads any text as the library does, or leaves it to it', () => {
    const words = fc.constantFrom(
      'a',
      'b c',
      ': ',
      ':',
      '- ',
      '-',
      '\n',
      '\n  ',
      '\n ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ', ',
      '#',
      ' #',
      '|',
      '>',
      '|-',
      '>+',
      '|2',
      '&x ',
      '*x',
      '!t ',
      '? ',
      '~',
      'null',
      '1',
      '0x1',
      '<<',
      '\t',
      '\r\n',
      '\r',
      '%',
      '@',
      '`',
      '---',
      '\\',
      '\\x41',
      '\u0085',
      '\u2028',
      '\u00e9',
      '=',
    );
    fuzz(
      fc.property(fc.array(words, { maxLength: 14 }), parts => {
        const text = parts.join('');
        const plain = readPlainYaml(text);
        if (!plain || !('value' in plain)) return;
        let expected: unknown;
        try {
          expected = slowly(text);
        } catch {
          return;
        }
        expect(plain.value ?? null).toEqual(expected);
      }),
    );
  });
});
