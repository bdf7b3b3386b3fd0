import { parseAllDocuments } from 'yaml';
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
