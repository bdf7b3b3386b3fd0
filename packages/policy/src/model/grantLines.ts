import { isMap, isNode, isScalar, isSeq, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { YamlSource } from './YamlSource';

/** A list of grants whose text can be spliced, with where its items stand. */
export interface GrantLines {
  items: { id: string; start: number; end: number }[];
  /** column of the dashes, 0-based */
  indent: number;
}

/** Where the last value inside a node ends: block collections themselves reach over the comments behind them. */
export function deepEnd(node: unknown): number {
  if (isMap(node)) {
    const last = node.items[node.items.length - 1];
    if (last && node.flow !== true)
      return Math.max(deepEnd(last.key), deepEnd(last.value));
  }
  if (isSeq(node) && node.flow !== true && node.items.length > 0)
    return deepEnd(node.items[node.items.length - 1]);
  return isNode(node) ? node.range?.[1] ?? 0 : 0;
}

/** The start of the line after an offset. */
export function endOfLine(text: string, offset: number): number {
  // The value of a block scalar already ends with its line end.
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const next = text.indexOf('\n', offset);
  return next === -1 ? text.length : next + 1;
}

/** The list of grants with what is around it; undefined where there is no `spec`. */
export function grantsNode(
  source: YamlSource,
): { spec: YAMLMap; key?: Scalar; grants?: unknown } | undefined {
  const spec = source.document.get('spec', true);
  if (!isMap(spec)) return undefined;
  const pair = spec.items.find(
    item => isScalar(item.key) && item.key.value === 'grants',
  );
  if (!pair) return { spec };
  return { spec, key: pair.key as Scalar, grants: pair.value };
}

/** Where the items of a list in block style stand; undefined for other styles. */
export function readLines(
  text: string,
  grants: YAMLSeq,
): GrantLines | undefined {
  if (grants.flow || grants.items.length === 0) return undefined;
  const token = grants.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  const dashes = token.items.flatMap(item =>
    item.start
      .filter(part => part.type === 'seq-item-ind')
      .map(part => part.offset),
  );
  if (dashes.length !== grants.items.length) return undefined;
  const lineStart = (offset: number) => text.lastIndexOf('\n', offset - 1) + 1;
  const indent = dashes[0] - lineStart(dashes[0]);
  const items = grants.items.map((item, index) => ({
    id: isMap(item) ? String(item.get('id')) : '',
    start: lineStart(dashes[index]),
    end: endOfLine(text, deepEnd(item)),
  }));
  return { items, indent };
}
