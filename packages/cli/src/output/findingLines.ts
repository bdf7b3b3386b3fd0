import { styleText } from 'node:util';
import { formatPosition, type Finding } from '@callgate/policy';
import type { CliContext } from '../CliContext';
import type { TextTable } from './renderTable';
import { SourceLines } from './sourceLine';

const COLORS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/** `file:line:column: message [code]`, on one line. */
export function oneLineFinding(finding: Finding): string {
  const { at } = finding;
  // Without a line the field is what leads to the place.
  const field = at?.line === undefined && at?.field ? ` ${at.field}` : '';
  const place = at ? `${formatPosition(at)}${field}: ` : '';
  // Where nobody shows the place, a message has to begin with the file: here it would be there twice.
  const again = `${at?.file}: `;
  const message = finding.message.startsWith(again)
    ? finding.message.slice(again.length)
    : finding.message;
  return `${place}${message} [${finding.code}]`.replace(/\s+/g, ' ');
}

/** Prints findings as diagnostics, errors first. */
export function printFindings(
  context: CliContext,
  findings: readonly Finding[],
): void {
  const lines = new SourceLines(context.cwd);
  for (const finding of sortBySeverity(findings)) {
    const { severity } = finding;
    const word = context.colors
      ? styleText(COLORS[severity], severity, { validateStream: false })
      : severity;
    const source = severity === 'error' ? lines.of(finding) : '';
    const fix = finding.fix ? `\n  fix: ${finding.fix}` : '';
    context.stderr(`${word}: ${oneLineFinding(finding)}${source}${fix}\n`);
  }
}

/** Findings as data, for `lint`. */
export function findingsTable(findings: readonly Finding[]): TextTable {
  return {
    header: ['severity', 'code', 'where', 'message', 'fix'],
    rows: sortBySeverity(findings).map(finding => [
      finding.severity,
      finding.code,
      finding.at ? formatPosition(finding.at) : finding.objects.join(', '),
      finding.message.replace(/\s+/g, ' '),
      (finding.fix ?? '').replace(/\s+/g, ' '),
    ]),
    whenEmpty: 'No findings.',
  };
}

/** True when one of the findings is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(finding => finding.severity === 'error');
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

function sortBySeverity(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}
