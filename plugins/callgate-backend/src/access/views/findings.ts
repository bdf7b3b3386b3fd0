import {
  FINDINGS,
  type Finding,
  type FindingDefinition,
  findingTexts,
  oncePerApi,
} from '@callgate/policy';
import type { Finding as FindingView } from '@callgate/plugin-callgate-common';
import type { Discretion } from './Discretion';
import { withFullStop } from './withFullStop';

/** A finding as a reader may read it: what kind it is, and its words unless they may name what the reader may not see. */
export function toFinding(
  finding: Finding,
  discretion: Discretion,
): FindingView {
  const { code, severity, objects, at } = finding;
  const { title } = FINDINGS[code];
  if (!discretion.tells(finding)) {
    return {
      code,
      severity,
      title,
      message: title,
      fix: adviceOf(code),
      objects: [],
    };
  }
  const { message, fix } = findingTexts(finding, discretion.names);
  return {
    code,
    severity,
    title,
    message,
    ...(finding.message !== message &&
      finding.words?.message && { detail: finding.message }),
    fix,
    objects: [...objects],
    ...(at && {
      at: { file: at.file, line: at.line, column: at.column, field: at.field },
    }),
  };
}

/** Findings for people: most serious first, each once; notes that say the same of several objects are one note. */
export function toFindings(
  findings: readonly Finding[],
  discretion: Discretion,
): FindingView[] {
  const order = { error: 0, warning: 1, info: 2 };
  const views = new Map<string, FindingView & { times: number }>();
  const told = (finding: Finding) => discretion.tells(finding);
  // Only what a reader may read is put into words for several grants.
  const sorted = [
    ...oncePerApi(findings.filter(told)),
    ...findings.filter(finding => !told(finding)),
  ].sort((a, b) => order[a.severity] - order[b.severity]);
  for (const finding of sorted) {
    const view = toFinding(finding, discretion);
    const key =
      finding.severity === 'info' ? finding.code : JSON.stringify(view);
    const known = views.get(key);
    if (!known) {
      views.set(key, { ...view, times: 1 });
    } else if (known.message !== view.message) {
      known.times += 1;
      known.objects = [...new Set([...known.objects, ...view.objects])];
    }
  }
  return [...views.values()].map(({ times, ...view }) =>
    times === 1
      ? view
      : {
          ...view,
          message: `${withFullStop(view.message)} The same holds for ${
            times - 1
          } more.`,
        },
  );
}

/** What a kind of finding says, whatever it is about, and what to do about it. */
export function sayKind(code: Finding['code']): string {
  return `${withFullStop(FINDINGS[code].title)} ${adviceOf(code)}`;
}

/** What to do about a kind of finding, for whoever asks or decides. */
function adviceOf(code: Finding['code']): string {
  const { advice, fix }: FindingDefinition = FINDINGS[code];
  return advice ?? fix;
}
