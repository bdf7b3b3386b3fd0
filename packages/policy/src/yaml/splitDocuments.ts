/**
 * The text of one YAML document and where it stands in its file.
 *
 * @public
 */
export interface DocumentText {
  text: string;
  /** 1-based line of the file on which the text begins. */
  firstLine: number;
}

/** A line of three dashes or dots ends a document wherever it stands, even in quotes (YAML 1.2, 9.1.2). */
const MARKER = /(^|\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;

/** Nothing but comments and directives: what follows `---` belongs to it. */
const HEAD = /^(?:[ \t]*(?:#[^\n]*)?\r?\n|%[^\n]*\n)*$/;

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (
    let at = text.indexOf('\n', from);
    at !== -1 && at < to;
    at = text.indexOf('\n', at + 1)
  )
    lines += 1;
  return lines;
}

/** What may stand before a document: its marker, comments, empty lines; and then a mark of byte order (YAML 1.2, 9.1.1). */
const MARK_BEFORE_DOCUMENT =
  /(^|\n)(?:\uFEFF(?=---|\.\.\.)|((?:---|\.\.\.)[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*)\uFEFF)/g;

/**
 * Files that were put one behind the other keep their marks of byte order: each document may begin with one, which is no
 * part of it.
 */
function withoutMarks(text: string): string {
  if (!text.includes('\uFEFF')) return text;
  return text
    .replace(/^((?:[ \t]*(?:#[^\n]*)?\r?\n)*)\uFEFF/, '$1')
    .replace(MARK_BEFORE_DOCUMENT, '$1$2');
}

/**
 * Cuts a file into its documents without parsing them. Every text begins on a
 * line of its own, with the `---` before it where there is one, and a document
 * with directives begins with those. Marks of byte order before a document are left out.
 */
export function splitDocuments(file: string): DocumentText[] {
  const text = withoutMarks(file);
  const documents: DocumentText[] = [];
  let start = 0;
  let firstLine = 1;
  const cut = (end: number, next: number) => {
    if (end > start)
      documents.push({ text: text.slice(start, end), firstLine });
    firstLine += countLines(text, start, next);
    start = next;
  };
  for (const match of text.matchAll(MARKER)) {
    const line = match.index + match[1].length;
    if (match[2] === '---') {
      const before =
        line - start < 10_000 ? text.slice(start, line) : undefined;
      const isHead = before?.includes('%') && HEAD.test(before);
      if (!isHead) cut(line, line);
    } else {
      // The rest of the line belongs to nothing.
      const end = text.indexOf('\n', line);
      cut(line, end === -1 ? text.length : end + 1);
    }
  }
  cut(text.length, text.length);
  return documents;
}
