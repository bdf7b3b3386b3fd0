import { FINDINGS, type Finding } from '@callgate/policy';
import type { Finding as FindingView } from '@callgate/plugin-callgate-common';

/** A finding as clients read it. */
export function toFinding(finding: Finding): FindingView {
  const { code, severity, message, fix, objects, at } = finding;
  return {
    code,
    severity,
    title: FINDINGS[code].title,
    message,
    fix: fix ?? FINDINGS[code].fix,
    objects: [...objects],
    ...(at && {
      at: { file: at.file, line: at.line, column: at.column, field: at.field },
    }),
  };
}

/** Findings about an API, most serious first, each once. */
export function findingsOfApi(
  findings: readonly Finding[],
  apiRef: string,
): FindingView[] {
  const order = { error: 0, warning: 1, info: 2 };
  const seen = new Set<string>();
  return findings
    .filter(finding => finding.api === apiRef)
    .sort((a, b) => order[a.severity] - order[b.severity])
    .map(toFinding)
    .filter(view => {
      const key = JSON.stringify(view);
      return !seen.has(key) && seen.add(key);
    });
}
