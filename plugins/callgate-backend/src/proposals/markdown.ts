/**
 * Writing text of other people into Markdown that a forge and the portal render. Their text must stay text: no markup,
 * no HTML, no link, no mention that notifies somebody, no reference that closes an issue, no further line of a table.
 */

const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
/** Stops what follows from being taken together with what precedes; seen by no reader. */
const BREAK = '&ZeroWidthSpace;';

/** Removes what cannot be seen, puts everything on one line, and shortens. */
export function plain(text: string, limit = 500): string {
  const line = text.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
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
