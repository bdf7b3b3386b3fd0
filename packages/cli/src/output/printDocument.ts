import { stringify } from 'yaml';
import type { CliContext } from '../CliContext';
import type { Format } from './formats';
import {
  renderCsv,
  renderCsvRows,
  renderMarkdownRows,
  renderMarkdownTable,
  renderTable,
  type TextTable,
} from './renderTable';

/** A result in all forms in which it can be printed. */
export interface PrintableDocument {
  /** The JSON document; `-o json` and `-o yaml` print it whole. */
  json: unknown;
  /** The same for people. */
  tables: readonly TextTable[];
  /** The same as a Graphviz graph, where that makes sense. */
  dot?: string;
}

/** Rows that are written at once: one text of all of them would be as large as the result. */
const ROWS = 1000;

/** Prints tables in a format that writes row by row. */
function printRows(
  context: CliContext,
  tables: readonly TextTable[],
  write: (table: TextTable) => string,
  writeRows: (rows: TextTable['rows']) => string,
): void {
  tables.forEach((table, index) => {
    if (index > 0) context.stdout('\n');
    const rows = (from: number) => table.rows.slice(from, from + ROWS);
    context.stdout(write({ ...table, rows: rows(0) }));
    for (let from = ROWS; from < table.rows.length; from += ROWS) {
      context.stdout(writeRows(rows(from)));
    }
  });
}

/** Prints a result to stdout in the chosen format. */
export function printDocument(
  context: CliContext,
  format: Format,
  document: PrintableDocument,
): void {
  switch (format) {
    case 'json':
      context.stdout(`${JSON.stringify(document.json, undefined, 2)}\n`);
      break;
    case 'yaml':
      context.stdout(
        stringify(JSON.parse(JSON.stringify(document.json)), {
          aliasDuplicateObjects: false,
          lineWidth: 0,
        }),
      );
      break;
    case 'table':
      context.stdout(
        document.tables
          .map(table => renderTable(table, context.columns))
          .join('\n'),
      );
      break;
    case 'markdown':
      printRows(
        context,
        document.tables,
        renderMarkdownTable,
        renderMarkdownRows,
      );
      break;
    case 'csv':
      printRows(context, document.tables, renderCsv, renderCsvRows);
      break;
    case 'dot':
      context.stdout(document.dot ?? 'digraph access {}\n');
      break;
    default: {
      const never: never = format;
      throw new Error(`unknown format ${never}`);
    }
  }
}
