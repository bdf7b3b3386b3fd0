import { LineCounter, isMap, isScalar } from 'yaml';
import { Json, asJson, isJson } from '../../estate/json';
import { Path } from '../../estate/fieldPath';
import { ManifestObject } from '../../estate/types';
import { composeYaml } from '../../yaml/composeYaml';
import { Evidence } from './Evidence';

/** An API server takes no larger ConfigMap. */
const MAX_TEXT = 1024 * 1024;

/** YAML that stands as text in a field of an object, as in ConfigMaps. */
export class EmbeddedYaml {
  readonly value: Json;
  readonly #lines: ReadonlyMap<string, number>;

  private constructor(
    readonly manifest: ManifestObject,
    readonly path: Path,
    value: Json,
    lines: ReadonlyMap<string, number>,
  ) {
    this.value = value;
    this.#lines = lines;
  }

  /** Reads it; what cannot be read is a finding with its line. */
  static read(
    manifest: ManifestObject,
    path: readonly [string, string],
    evidence: Evidence,
  ): EmbeddedYaml | undefined {
    const text = asJson(manifest.object[path[0]])[path[1]];
    if (text === undefined) return undefined;
    if (typeof text !== 'string') {
      evidence.notReadable(manifest, path, 'is no text.');
      return undefined;
    }
    const { document, counter, problem } = composeYaml(text, {
      most: MAX_TEXT,
    });
    if (problem) {
      const { line } = counter.linePos(problem.offset);
      const why = problem.message;
      evidence.notReadable(manifest, path, `is no YAML: ${why}`, line);
      return undefined;
    }
    const lines = new Map<string, number>();
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
      collectLines(document.contents, '', counter, lines);
    } catch {
      // Too many aliases, or one to nothing.
      evidence.notReadable(manifest, path, 'is no YAML that can be read.');
      return undefined;
    }
    if (!isJson(value)) {
      evidence.notReadable(manifest, path, 'holds no fields.');
      return undefined;
    }
    return new EmbeddedYaml(manifest, path, value, lines);
  }

  /** The 1-based line of a dotted path in the text. */
  lineOf(path: string): number | undefined {
    return this.#lines.get(path);
  }
}

function collectLines(
  node: unknown,
  prefix: string,
  counter: LineCounter,
  lines: Map<string, number>,
): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key) || !key.range) continue;
    const path = `${prefix}${String(key.value)}`;
    lines.set(path, counter.linePos(key.range[0]).line);
    collectLines(value, `${path}.`, counter, lines);
  }
}
