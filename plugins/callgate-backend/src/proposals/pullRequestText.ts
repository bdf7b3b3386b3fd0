import { plain } from './markdown';

/** Forges accept about 65,000 characters; beyond that a pull request could not be opened at all. */
const BODY_LIMIT = 60_000;
const TITLE_LIMIT = 180;

/** How a check ended. */
export const MARKS = { passed: '✅', warning: '⚠️', failed: '❌' } as const;
/** How grave a finding is. */
export const SEVERITIES = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;

/** A title: one line that mentions nobody and refers to no issue. */
export function titleText(text: string): string {
  return plain(text, TITLE_LIMIT)
    .replace(/@/g, '@\u200b')
    .replace(/#/g, '#\u200b');
}

/** Whole sections only: a table that is cut in the middle would say something else. */
export function fit(sections: readonly string[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const text of sections) {
    if (length + text.length > BODY_LIMIT) {
      const [heading] = text.split('\n', 1);
      kept.push(
        `${heading}\n\nToo long for a pull request; the proposal in the portal shows it.`,
      );
      length += heading.length + 80;
    } else {
      kept.push(text);
      length += text.length + 2;
    }
  }
  return `${kept.join('\n\n')}\n`;
}
