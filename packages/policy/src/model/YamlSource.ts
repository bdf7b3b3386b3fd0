import { Document, isMap, isNode, isScalar, isSeq, Pair } from 'yaml';
import { SourceFile, SourcePosition } from '../source';
import { ComposedYaml, composeYaml } from '../yaml/composeYaml';
import { MAX_POLICY_FILE } from './textRules';

/**
 * Path of a field: names and indices.
 *
 * @public
 */
export type FieldPath = readonly (string | number)[];

/** Writes a field path as people do: `spec.grants[0].caller`. */
export function formatFieldPath(path: FieldPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/**
 * A YAML text with its values and the places they came from.
 */
export class YamlSource {
  static parse(file: SourceFile): YamlSource {
    const composed = composeYaml(file.text, {
      most: MAX_POLICY_FILE,
      keepSourceTokens: true,
    });
    return new YamlSource(file, composed);
  }

  private constructor(
    readonly file: SourceFile,
    private readonly composed: ComposedYaml,
  ) {}

  get document(): Document.Parsed {
    return this.composed.document;
  }

  /** The first syntax error, in words, with its place. */
  syntaxError(): { message: string; at: SourcePosition } | undefined {
    const { problem } = this.composed;
    if (!problem) return undefined;
    return {
      message: problem.message,
      at: this.positionAt(problem.offset, []),
    };
  }

  positionAt(offset: number, path: FieldPath): SourcePosition {
    const { line, col } = this.composed.counter.linePos(offset);
    return {
      file: this.file.path,
      line,
      column: col,
      ...(path.length > 0 && { field: formatFieldPath(path) }),
    };
  }

  /**
   * Where a field stands: the key of a map, the item of a list, or, for what is missing, the nearest thing around it.
   */
  locate(path: FieldPath): SourcePosition {
    let node: unknown = this.document.contents;
    let offset = this.document.contents?.range?.[0] ?? 0;
    for (const part of path) {
      if (isMap(node)) {
        const pair: Pair | undefined = node.items.find(
          item => isScalar(item.key) && item.key.value === part,
        );
        if (!pair || !isScalar(pair.key)) break;
        offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node) && typeof part === 'number') {
        const item: unknown = node.items[part];
        if (!isNode(item)) break;
        offset = item.range?.[0] ?? offset;
        node = item;
      } else {
        break;
      }
    }
    return this.positionAt(offset, path);
  }
}
