import type { Evidence } from './types';

/**
 * Evidence as JSON, row by row, as `schema/evidence.schema.json` of `@callgate/plugin-callgate-common` has it. What broke off is
 * no JSON: the closing brace comes last.
 */
export async function* writeJson({
  head,
  rows,
  end,
}: Evidence): AsyncGenerator<string> {
  const open = JSON.stringify({ schemaVersion: 1, ...head }).slice(0, -1);
  yield `${open},"items":[`;
  let separator = '\n';
  for await (const row of rows) {
    yield `${separator}${JSON.stringify(row)}`;
    separator = ',\n';
  }
  yield `\n],${JSON.stringify(end()).slice(1)}\n`;
}
