import {
  Document,
  LineCounter,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
} from 'yaml';
import { SourcePosition } from '../source';
import { Path, formatField } from './fieldPath';

/** How manifests are read, the same every time. */
export const YAML_OPTIONS = {
  merge: true,
  logLevel: 'silent',
  strict: true,
} as const;

/** A place in a file from an offset in a part of it that begins on a line. */
export function positionOf(
  file: string,
  counter: LineCounter,
  offset: number,
  firstLine: number,
): SourcePosition {
  const { line, col } = counter.linePos(offset);
  return { file, line: line + firstLine - 1, column: col };
}

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

/**
 * Positions of fields are rarely asked for, so the document is parsed again,
 * once, when the first is, instead of keeping all nodes of all files alive.
 */
export function lazyLocator(
  file: string,
  text: string,
  firstLine: number,
  prefix: Path,
): (path: Path, lineOfText?: number) => SourcePosition {
  let parsed: { document: Document.Parsed; counter: LineCounter } | undefined;
  return (path, lineOfText) => {
    if (!parsed) {
      const counter = new LineCounter();
      parsed = {
        document: parseDocument(text, {
          ...YAML_OPTIONS,
          lineCounter: counter,
        }),
        counter,
      };
    }
    const { offset, node } = nodeAt(parsed.document, [...prefix, ...path]);
    const at = positionOf(file, parsed.counter, offset, firstLine);
    if (lineOfText !== undefined && isBlock(node)) {
      return {
        file,
        line: (at.line ?? firstLine) + lineOfText,
        field: formatField(path),
      };
    }
    return path.length > 0 ? { ...at, field: formatField(path) } : at;
  };
}
