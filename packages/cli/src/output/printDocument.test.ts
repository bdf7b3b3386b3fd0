import { printDocument } from './printDocument';
import { renderCsv, renderMarkdownTable } from './renderTable';

const table = {
  title: 'Access',
  header: ['from', 'to'],
  rows: Array.from({ length: 2500 }, (_, index) => [
    `app-${index}`,
    `"b", ${index}`,
  ]),
  whenEmpty: 'Nothing.',
};

function printed(format: 'csv' | 'markdown', tables = [table]): string[] {
  const texts: string[] = [];
  printDocument(
    {
      stdout: text => texts.push(text),
      stderr: () => {},
      cwd: '/',
      isTerminal: false,
      now: () => 0,
    },
    format,
    { json: {}, tables },
  );
  return texts;
}

describe('printDocument', () => {
  it.each([
    ['csv' as const, renderCsv],
    ['markdown' as const, renderMarkdownTable],
  ])(
    'writes large tables in %s piece by piece, with one header',
    (format, whole) => {
      const texts = printed(format);
      expect(texts.length).toBeGreaterThan(2);
      expect(texts.join('')).toBe(whole(table));
    },
  );

  it('says what an empty table says', () => {
    expect(printed('markdown', [{ ...table, rows: [] }]).join('')).toContain(
      'Nothing.',
    );
  });
});
