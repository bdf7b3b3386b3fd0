import { LineCounter, isMap, isScalar, parseDocument } from 'yaml';
import { Json, asJson, isJson } from '../../estate/json';
import { Path } from '../../estate/fieldPath';
import { ManifestObject } from '../../estate/types';
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
    if (typeof text !== 'string' || text.length > MAX_TEXT) {
      evidence.notReadable(manifest, path, 'is no text of at most 1 MiB.');
      return undefined;
    }
    const counter = new LineCounter();
    const lines = new Map<string, number>();
    let value: unknown;
    try {
      const document = parseDocument(text, {
        lineCounter: counter,
        logLevel: 'silent',
      });
      const problem = document.errors[0];
      if (problem) {
        const { line } = counter.linePos(problem.pos[0]);
        const why = problem.message.split('\n')[0];
        evidence.notReadable(manifest, path, `is no YAML: ${why}`, line);
        return undefined;
      }
      value = document.toJS({ maxAliasCount: 100 });
      collectLines(document.contents, '', counter, lines);
    } catch {
      // Too many aliases, or nested too deeply for any parser.
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
