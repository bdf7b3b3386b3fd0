import { contentOffset, FieldLocator } from './FieldLocator';

const ITEMS = /(?:^|\n)items:[ \t]*(?:#[^\n]*)?\r?\n/;

/**
 * The items of a list as documents of their own, found by their dashes: so that
 * a position in one of ten thousand objects needs only that one to be parsed.
 * `undefined` unless the list is the whole document, in block style, with as
 * many items as were read.
 */
export function listItems(
  document: FieldLocator,
  count: number,
): FieldLocator[] | undefined {
  const { text } = document;
  const head = ITEMS.exec(text);
  if (!head) return undefined;
  const begin = head.index + head[0].length;
  const first = contentOffset(text, begin);
  const indent = text.slice(text.lastIndexOf('\n', first) + 1, first);
  if (!/^ *$/.test(indent) || !/^-\s/.test(text.slice(first, first + 2)))
    return undefined;
  // What is inside of an item is indented deeper than its dash; what follows the list begins a line.
  const rest = text.slice(begin - 1);
  const end = rest.search(indent === '' ? /\n[^\s#-]/ : /\n[^\s#]/);
  const body = end === -1 ? rest : rest.slice(0, end + 1);
  const dashes = [
    ...body.matchAll(new RegExp(`\\n${indent}-(?=[ \\r\\n])`, 'g')),
  ].map(({ index }) => index + 1);
  if (dashes.length !== count) return undefined;
  let line =
    document.firstLine + text.slice(0, begin - 1).split('\n').length - 1;
  let seen = 0;
  return dashes.map((dash, index) => {
    line += body.slice(seen, dash).split('\n').length - 1;
    seen = dash;
    // Columns stay what they are in the file.
    const item = `${indent} ${body.slice(
      dash + indent.length + 1,
      dashes[index + 1] ?? body.length,
    )}`;
    return new FieldLocator(document.file, item, line);
  });
}
