/**
 * Writing text of other people into Markdown that a forge and the portal render. Their text must stay text: no markup,
 * no HTML, no link, no mention that notifies somebody, no reference that closes an issue, no further line of a table.
 */

/** Controls, characters that have no form or change the direction, and halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
/** Stops what follows from being taken together with what precedes; seen by no reader. */
const BREAK = '&ZeroWidthSpace;';

/** Removes what cannot be seen, puts everything on one line, and shortens. */
export function plain(text: string, limit = 500): string {
  const line = text.replace(/\s+/g, ' ').replace(INVISIBLE, '').trim();
  const characters = [...line];
  return characters.length > limit
    ? `${characters.slice(0, limit - 1).join('')}…`
    : line;
}

/** Text of others inside a line or a cell of a table. */
export function md(text: string, limit?: number): string {
  return plain(text, limit)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()~|!^$-]/g, '\\$&')
    .replace(/@/g, `@${BREAK}`)
    .replace(/#/g, `\\#${BREAK}`)
    .replace(/:\/\//g, `:${BREAK}//`)
    .replace(/\b(www)\./gi, `$1${BREAK}.`)
    .replace(/\b(GH)\\-(?=\d)/gi, `$1${BREAK}\\-`)
    .replace(/:(?=[\w+]+:)/g, `:${BREAK}`);
}

/** Names and paths in a code span, where a forge makes no links or mentions; also inside a cell of a table. */
export function code(text: string, limit?: number): string {
  const line = plain(text, limit);
  if (line === '') return '';
  const longest = Math.max(
    0,
    ...(line.match(/`+/g) ?? []).map(run => run.length),
  );
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line.replace(/\|/g, '\\|')}${pad}${fence}`;
}

/** A table; rows beyond the limit are counted, not written. Cells are Markdown already. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  limit = 50,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, limit);
  return [
    line(head),
    line(head.map(() => '---')),
    ...shown.map(line),
    ...(rows.length > limit ? ['', `… and ${rows.length - limit} more.`] : []),
  ].join('\n');
}

/** A heading with lines of Markdown below it. */
export function section(title: string, lines: readonly string[]): string {
  return `### ${title}\n\n${lines.join('\n')}`;
}
