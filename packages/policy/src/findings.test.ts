import { readFileSync } from 'fs';
import { resolve } from 'path';
import { FINDINGS, FindingDefinition } from './findings';

const PAGE = resolve(__dirname, '../../../docs/findings.md');

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/</g, '&lt;');
}

/** The row that the page has to have for a code, ready to be pasted. */
function row([code, { severity, title, fix }]: [
  string,
  FindingDefinition,
]): string {
  return `| \`${code}\` | ${severity} | ${cell(title)} | ${cell(fix)} |`;
}

describe('docs/findings.md', () => {
  const lines = readFileSync(PAGE, 'utf8').split('\n');
  const written = lines.filter(line => line.startsWith('| `'));

  it('has the row of every code as the catalogue says it', () => {
    const missing = Object.entries(FINDINGS)
      .map(row)
      .filter(line => !written.includes(line));
    expect(missing).toEqual([]);
  });

  it('has no code that the catalogue does not have, and none twice', () => {
    const codes = written.map(line => /`([^`]+)`/.exec(line)?.[1]);
    expect(codes.filter(code => !Object.hasOwn(FINDINGS, code!))).toEqual([]);
    expect(codes).toHaveLength(new Set(codes).size);
  });
});

describe('what to do about a finding', () => {
  it('is a sentence of its own, also where nothing has to be done', () => {
    const fixes = Object.values<FindingDefinition>(FINDINGS).flatMap(
      ({ fix, advice = fix }) => [fix, advice],
    );
    expect(fixes.filter(text => /^Nothing[,:]/.test(text))).toEqual([]);
    expect(fixes.filter(text => text.includes('the approver reads'))).toEqual(
      [],
    );
    // Objections are taken back; a pull request is undone, a file is restored.
    expect(fixes.filter(text => /\btak\w+ .*\bback\b/i.test(text))).toEqual([]);
  });
});
