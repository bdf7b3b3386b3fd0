import { stringify } from 'yaml';
import type { CliContext } from '../CliContext';
import type { Format } from './formats';
import {
  renderCsv,
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
      context.stdout(document.tables.map(renderMarkdownTable).join('\n'));
      break;
    case 'csv':
      context.stdout(document.tables.map(renderCsv).join('\n'));
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
