import { existsSync, readdirSync, readFileSync } from 'fs';
import { resolve } from 'path';

const TESTDATA = resolve(__dirname, '../testdata');
const DOC = readFileSync(
  resolve(__dirname, '../../../docs/semantics.md'),
  'utf8',
);

/** How many rows each section of the table of traps has. */
const SECTIONS = { P: 6, S: 12, N: 12, A: 15, I: 9, H: 11, O: 10 };

const tableRows = DOC.split('\n')
  .filter(line => line.startsWith('| '))
  .map(line => line.split(' | ').map(cell => cell.replace(/^\| | \|$/g, '')));

describe('docs/semantics.md', () => {
  it('speaks of every row of the table of traps', () => {
    const named = new Set(
      tableRows.flatMap(([first]) => first.match(/\b[A-Z][0-9]+\b/g) ?? []),
    );
    const all = Object.entries(SECTIONS).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    // S11 is what the API server rejects, and stands with O9.
    expect(all.filter(row => !named.has(row))).toEqual([]);
  });

  it('leads to every named case, and to none that is not there', () => {
    const header = DOC.indexOf('| row | rule | test | case |');
    const end = DOC.indexOf('\n\n', header);
    const named = new Set(
      [...DOC.slice(header, end).matchAll(/`([a-z0-9-]+)`/g)].map(
        ([, name]) => name,
      ),
    );
    const cases = readdirSync(TESTDATA, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) => name);
    expect(cases.filter(name => !named.has(name))).toEqual([]);
  });

  it('names tests that there are', () => {
    const header = DOC.indexOf('| row | rule | test | case |');
    const rows = DOC.slice(header, DOC.indexOf('\n\n', header))
      .split('\n')
      .slice(2);
    const tests = new Set(
      rows.flatMap(row =>
        row
          .split('|')[3]
          .split(',')
          .map(test => test.replace(/\(.*\)/, '').trim())
          .filter(test => test !== ''),
      ),
    );
    const missing = [...tests].filter(
      test =>
        !['', 'evaluate/'].some(folder =>
          existsSync(resolve(__dirname, `${folder}${test}.test.ts`)),
        ),
    );
    expect(tests.size).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});
