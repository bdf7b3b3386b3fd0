import { existsSync, readdirSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { allRows } from './lint/__testUtils__/allRows';

const TESTDATA = resolve(__dirname, '../testdata');
const DOC = readFileSync(
  resolve(__dirname, '../../../docs/semantics.md'),
  'utf8',
);

/** How many rows each section of the table of traps has. */
const SECTIONS = { P: 6, S: 12, N: 12, A: 15, I: 9, H: 11, O: 10 };

/** The rows that a generator, the evaluator or lint has to mind; the others are advice for people. */
const JUDGED = Object.entries(SECTIONS)
  .flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  )
  .filter(row => !['N3', 'N4', 'O2', 'O6', 'S10'].includes(row));

/** Not modelled or not generated (P4, A13, A15, N12, S9), or about inputs too large for a folder: tests make them. */
const BY_TEST = ['P4', 'S9', 'S12', 'N12', 'A13', 'A15', 'O8', 'O10'];

/** Folders of cases of their own; those of `access` are about how answers are put together, and not about what policies mean. */
const APART = new Set(['access', 'judgement', 'onboard']);

function foldersOfCases(): string[] {
  const below = (folder: string, before: string) =>
    readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && !APART.has(entry.name))
      .map(({ name }) => before + name);
  const judgement = join(TESTDATA, 'judgement');
  return [...below(TESTDATA, ''), ...below(judgement, 'judgement/')];
}

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
    const header = DOC.indexOf('| row | rule | engine | test | case |');
    const end = DOC.indexOf('\n\n', header);
    const named = DOC.slice(header, end)
      .split('\n')
      .flatMap(line => [
        ...(line.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g),
      ])
      .map(([, name]) => name);
    // Whose a workload is no engine knows: cases of claims are about our own rules.
    expect(
      foldersOfCases().filter(
        name => !named.includes(name) && !name.startsWith('claim-'),
      ),
    ).toEqual([]);
    expect(named.filter(name => !foldersOfCases().includes(name))).toEqual([]);
  });

  it('has a case for every row that is generated, judged or linted', () => {
    const whys = foldersOfCases().map(name =>
      readFileSync(join(TESTDATA, name, 'why.md'), 'utf8'),
    );
    const cited = new Set(
      [...whys, ...allRows.map(({ why }) => why)].flatMap(
        text => text.match(/\b[PSNAIHO][0-9]{1,2}\b/g) ?? [],
      ),
    );
    const missing = JUDGED.filter(row => !cited.has(row));
    expect(missing.filter(row => !BY_TEST.includes(row))).toEqual([]);
    // Those have no case, and a row of a table that says why or names the test.
    for (const row of BY_TEST)
      expect(missing.includes(row) ? row : `${row} has a case`).toBe(row);
  });

  it('says of each row and fact which engine was asked, or that none was', () => {
    const answers = [
      'kube-network-policies',
      'API server',
      'istiod',
      'Envoy',
      'ztunnel derived',
      'hops derived',
    ];
    const cells = [
      '| row | rule | engine |',
      '| fact | read in | engine |',
    ].map(header => {
      const at = DOC.indexOf(header);
      const column = header.split('|').indexOf(' engine ');
      return DOC.slice(at)
        .split('\n\n')[0]
        .trim()
        .split('\n')
        .slice(2)
        .map(line => line.split(' | ')[column - 1].replace(/ \|$/, ''));
    });
    expect(cells.map(({ length }) => length > 15)).toEqual([true, true]);
    const wrong = cells
      .flat()
      .filter(
        cell =>
          cell !== 'not asked' &&
          !cell.split(', ').every(each => answers.includes(each)),
      );
    expect(wrong).toEqual([]);
  });

  it('names tests that there are', () => {
    const header = DOC.indexOf('| row | rule | engine | test | case |');
    const rows = DOC.slice(header, DOC.indexOf('\n\n', header))
      .split('\n')
      .slice(2);
    const tests = new Set(
      rows.flatMap(row =>
        row
          .split('|')[4]
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
