import { parseAllDocuments } from 'yaml';
import { readYaml } from './readYaml';
import { readYamlDocuments } from './readYamlDocuments';
import { splitDocuments } from './splitDocuments';

const lines = (text: string) =>
  splitDocuments(text).map(document => document.firstLine);

describe('splitDocuments', () => {
  it('cuts at three dashes or dots at the beginning of a line', () => {
    expect(splitDocuments('a: 1\n---\nb: 2\n...\nc: 3\n')).toEqual([
      { text: 'a: 1\n', firstLine: 1 },
      { text: '---\nb: 2\n', firstLine: 2 },
      { text: 'c: 3\n', firstLine: 5 },
    ]);
  });

  it('keeps dashes that are text', () => {
    expect(
      lines('a: |\n  ---\n  x\nb: a --- b\nc: "x\n  ---"\n----\n'),
    ).toEqual([1]);
  });

  it('counts lines of files with carriage returns', () => {
    expect(lines('a: 1\r\n---\r\nb: 2\r\n--- # c\r\nc: 3')).toEqual([1, 2, 4]);
  });

  it.each([
    '\uFEFFa: 1\n---\n\uFEFFb: 2\n',
    '# c\n\uFEFFa: 1\n---\n# Source: x.yaml\n\n\uFEFFb: 2\n',
    'a: 1\n\uFEFF---\nb: 2\n',
    'a: 1\r\n---\r\n\uFEFFb: 2\r\n',
    'a: 1\n...\n\uFEFFb: 2\n',
  ])('takes a mark of byte order off any document: %j', text => {
    const values = splitDocuments(text).map(document =>
      readYaml(document.text),
    );
    expect(values).toEqual([{ value: { a: 1 } }, { value: { b: 2 } }]);
  });

  it('says so where such a mark is in the middle of a document', () => {
    const [reading] = readYamlDocuments({
      path: 'a',
      text: 'a: 1\n\uFEFFb: 2\n',
    });
    expect(reading).toMatchObject({
      problem: { line: 2, message: expect.stringMatching(/byte order mark/) },
    });
  });

  it('leaves directives with their document', () => {
    expect(splitDocuments('# c\n%YAML 1.2\n---\na: 1\n---\nb: 1')).toEqual([
      { text: '# c\n%YAML 1.2\n---\na: 1\n', firstLine: 1 },
      { text: '---\nb: 1', firstLine: 5 },
    ]);
  });

  it.each(['', '\n', '---', '---\n---\n', '...\n...\n'])(
    'gives the documents that a parser sees in %j',
    text => {
      const values = splitDocuments(text).flatMap(document =>
        [parseAllDocuments(document.text)].flat().map(each => each.toJS()),
      );
      expect(values.every(value => value === null)).toBe(true);
    },
  );

  it('takes a million documents', () => {
    expect(splitDocuments('---\n'.repeat(1_000_000))).toHaveLength(1_000_000);
  });
});
