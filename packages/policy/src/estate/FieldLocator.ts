import { Document, isMap, isScalar, isSeq } from 'yaml';
import { SourcePosition } from '../source';
import { ComposedYaml, composeYaml } from '../yaml/composeYaml';
import { MAX_LOCATED } from '../yaml/limits';
import { MANIFEST_YAML } from '../yaml/readYaml';
import { Path } from './fieldPath';

/** Where a path leads: the offset of its place, and the node there unless the path leads nowhere. */
function nodeAt(
  document: Document.Parsed,
  path: Path,
): { offset: number; node?: unknown } {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        item => isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (!pair) return { offset };
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      const range = (node as { range?: readonly number[] } | undefined)?.range;
      if (range) offset = range[0];
    } else {
      return { offset };
    }
  }
  return { offset, node };
}

/** True for text as it stands in the file, line by line. */
function isBlock(node: unknown): boolean {
  return isScalar(node) && node.type === 'BLOCK_LITERAL';
}

/** A piece of what may stand before content: a marker, a directive, a comment, space. */
const BEFORE_CONTENT = /---(?=[ \t\r\n])|%[^\n]*\n|#[^\n]*(?:\n|$)|[ \t\r\n]+/y;

/** Where content begins: markers, comments and empty lines are passed over. */
export function contentOffset(text: string, from = 0): number {
  let offset = from;
  for (;;) {
    BEFORE_CONTENT.lastIndex = offset;
    if (!BEFORE_CONTENT.test(text)) return offset;
    offset = BEFORE_CONTENT.lastIndex;
  }
}

/**
 * Where the fields of a document stand. Values are read without positions;
 * whoever asks for one has the document parsed again, once, so that what nobody
 * asks about costs nothing.
 */
export class FieldLocator {
  #parsed: ComposedYaml | undefined;
  #start: SourcePosition | undefined;

  constructor(
    readonly file: string,
    /** Complete lines. */
    readonly text: string,
    /** 1-based line of the file on which the text begins. */
    readonly firstLine: number,
  ) {}

  /** Where the content begins. */
  get start(): SourcePosition {
    if (this.#start) return this.#start;
    const before = this.text.slice(0, contentOffset(this.text)).split('\n');
    this.#start = {
      file: this.file,
      line: this.firstLine + before.length - 1,
      column: before[before.length - 1].length + 1,
    };
    return this.#start;
  }

  /**
   * Where a field stands, or what is around it; the start for documents too large to be read with positions.
   *
   * @param lineOfText - 1-based line inside the text of the field, which counts where the text stands line by line
   */
  at(path: Path, lineOfText?: number): SourcePosition {
    if (path.length === 0 || this.text.length > MAX_LOCATED) return this.start;
    if (!this.#parsed) {
      this.#parsed = composeYaml(this.text, {
        ...MANIFEST_YAML,
        most: MAX_LOCATED,
      });
    }
    const { document, counter } = this.#parsed;
    const { offset, node } = nodeAt(document, path);
    const { line, col } = counter.linePos(offset);
    const at = { file: this.file, line: line + this.firstLine - 1 };
    return lineOfText !== undefined && isBlock(node)
      ? { ...at, line: at.line + lineOfText }
      : { ...at, column: col };
  }
}
