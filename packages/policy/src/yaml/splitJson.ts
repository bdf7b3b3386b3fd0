import { DocumentText } from './splitDocuments';

/** Between two values of a stream: the end of one object on a line, and a next one at the beginning of a later line. */
const BETWEEN = /\}[ \t]*\r?\n\s*(?=\{)/g;

/**
 * Cuts a stream of JSON objects (one a line, as `jq -c` writes them, or one behind the other, as `kubectl` reads them) into
 * its objects. `undefined` for anything that is not at least two whole objects.
 */
export function splitJson(part: DocumentText): DocumentText[] | undefined {
  const { text } = part;
  if (!/^(?:---)?\s*\{/.test(text)) return undefined;
  const objects: DocumentText[] = [];
  let start = text.indexOf('{');
  let firstLine = part.firstLine + lineBreaks(text.slice(0, start));
  const take = (end: number): boolean => {
    const object = text.slice(start, end);
    if (!isJsonText(object)) return false;
    objects.push({ text: object, firstLine });
    firstLine += lineBreaks(object);
    start = end;
    return true;
  };
  for (const match of text.matchAll(BETWEEN)) {
    const next = match.index + match[0].length;
    // Braces that begin a line inside of an object are no end of it.
    if (text[next - 1] !== '\n') continue;
    take(next);
  }
  return take(text.length) && objects.length > 1 ? objects : undefined;
}

function lineBreaks(text: string): number {
  return text.split('\n').length - 1;
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
