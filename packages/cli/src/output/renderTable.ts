/** Rows of text under a header; every row has as many cells as the header. */
export interface TextTable {
  title?: string;
  header: readonly string[];
  rows: readonly (readonly string[])[];
  /** Said instead of an empty table. */
  whenEmpty: string;
}

/** Columns padded with blanks, for a terminal. */
export function renderTable(table: TextTable): string {
  const lines = table.title ? [table.title] : [];
  if (table.rows.length === 0) {
    return `${[...lines, table.whenEmpty].join('\n')}\n`;
  }
  const all = [table.header, ...table.rows];
  const widths = table.header.map((_, column) =>
    Math.max(...all.map(row => row[column].length)),
  );
  for (const row of all) {
    lines.push(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
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
  for (const row of table.rows) {
    lines.push(`| ${row.map(markdownText).join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

/** RFC 4180, one header line. */
export function renderCsv(table: TextTable): string {
  return [table.header, ...table.rows]
    .map(row => row.map(csvCell).join(','))
    .join('\n')
    .concat('\n');
}

function markdownText(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\r?\n/g, ' ');
}

function csvCell(text: string): string {
  // A cell that a spreadsheet would read as a formula is made text.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
