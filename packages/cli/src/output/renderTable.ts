/** Rows of text under a header; every row has as many cells as the header. */
export interface TextTable {
  title?: string;
  header: readonly string[];
  rows: readonly (readonly string[])[];
  /** Said instead of an empty table. */
  whenEmpty: string;
}

/** A column is never made narrower than this. */
const NARROWEST = 12;

/** Widths that fit the line: what is wide gives way first. */
function fittingWidths(widths: readonly number[], columns: number): number[] {
  const fitting = [...widths];
  const gaps = 2 * (widths.length - 1);
  for (;;) {
    const over = fitting.reduce((sum, width) => sum + width, gaps) - columns;
    const widest = Math.max(...fitting);
    if (over <= 0 || widest <= NARROWEST) return fitting;
    const next = Math.max(
      NARROWEST,
      ...fitting.filter(width => width < widest),
    );
    const equal = fitting.filter(width => width === widest).length;
    const less = Math.max(1, Math.min(widest - next, Math.ceil(over / equal)));
    for (const [index, width] of fitting.entries())
      if (width === widest) fitting[index] = Math.max(NARROWEST, width - less);
  }
}

/** A cell as lines of at most so many characters, broken between words where there are any. */
function wrapped(cell: string, width: number): string[] {
  const lines: string[] = [];
  let rest = cell;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const at = space > 0 ? space : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, rest];
}

/**
 * Columns padded with blanks, for a terminal.
 *
 * @param columns - characters in a line; longer cells are broken. Without it lines are as long as they are.
 */
export function renderTable(table: TextTable, columns?: number): string {
  const lines = table.title ? [table.title] : [];
  if (table.rows.length === 0) {
    return `${[...lines, table.whenEmpty].join('\n')}\n`;
  }
  const all = [table.header, ...table.rows];
  const whole = table.header.map((_, column) =>
    // Not spread: a call takes so many arguments, and a table may have more rows.
    all.reduce((most, row) => Math.max(most, row[column].length), 0),
  );
  const widths = columns === undefined ? whole : fittingWidths(whole, columns);
  for (const row of all) {
    const cells = row.map((cell, column) => wrapped(cell, widths[column]));
    const height = Math.max(...cells.map(({ length }) => length));
    for (let line = 0; line < height; line++)
      lines.push(
        cells
          .map((cell, column) => (cell[line] ?? '').padEnd(widths[column]))
          .join('  ')
          .trimEnd(),
      );
  }
  return `${lines.join('\n')}\n`;
}

/** A GitHub-flavoured table. */
export function renderMarkdownTable(table: TextTable): string {
  const lines = table.title ? [`### ${markdownText(table.title)}`, ''] : [];
  if (table.rows.length === 0) {
    return `${[...lines, markdownText(table.whenEmpty)].join('\n')}\n`;
  }
  lines.push(
    `| ${table.header.map(markdownText).join(' | ')} |`,
    `| ${table.header.map(() => '---').join(' | ')} |`,
  );
  return `${lines.join('\n')}\n${renderMarkdownRows(table.rows)}`;
}

/** Further rows of such a table. */
export function renderMarkdownRows(rows: TextTable['rows']): string {
  return rows.map(row => `| ${row.map(markdownText).join(' | ')} |\n`).join('');
}

/** RFC 4180, one header line. */
export function renderCsv(table: TextTable): string {
  return renderCsvRows([table.header, ...table.rows]);
}

/** Rows alone. */
export function renderCsvRows(rows: TextTable['rows']): string {
  return rows.map(row => `${row.map(csvCell).join(',')}\n`).join('');
}

function markdownText(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\r?\n/g, ' ');
}

function csvCell(text: string): string {
  // A cell that a spreadsheet would read as a formula is made text.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
