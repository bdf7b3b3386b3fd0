import nodePath from 'node:path';
import { isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';

/** Names under which Kustomize looks for its file in a folder (kubectl's reference, "kustomization file"). */
const NAMES = new Set([
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
]);

/** Fields with which a kustomization only lists what it is made of. */
const PLAIN = new Set(['apiVersion', 'kind', 'metadata', 'resources', 'bases']);

/** Why a kustomization stands in the way of a change of a file that it names. */
export interface KustomizationProblem {
  /**
   * `transforms`: it, or one that is built on it, changes what it lists. `unreadable`: it is no YAML. `not-editable`: the entry that
   * names the file cannot be taken out by itself.
   */
  why: 'transforms' | 'unreadable' | 'not-editable';
  file: string;
  line?: number;
}

interface Kustomization {
  path: string;
  text: string;
  /** Absent where it cannot be read. */
  names?: ReadonlySet<string>;
  isPlain: boolean;
}

/** The kustomizations of a repository, and what becomes of them where a file that they list goes. */
export class Kustomizations {
  readonly #all: readonly Kustomization[];

  /** @param repository - every text of the target branch, by path */
  constructor(repository: ReadonlyMap<string, string>) {
    this.#all = [...repository]
      .filter(([path]) => NAMES.has(nodePath.posix.basename(path)))
      .map(([path, text]) => read(path, text));
  }

  /** Why a file must not be changed: what is applied of it is not what stands in it. */
  problemOf(path: string): KustomizationProblem | undefined {
    const base = nodePath.posix.basename(path);
    const unread = this.#all.find(
      each => !each.names && each.text.includes(base),
    );
    if (unread) return { why: 'unreadable', file: unread.path };
    const bent = [...this.#over(path)].find(({ isPlain }) => !isPlain);
    return bent && { why: 'transforms', file: bent.path };
  }

  /**
   * The kustomizations that list a file, without its entries.
   *
   * @param changes - texts that are changed already; those of kustomizations are written into it
   */
  forget(
    path: string,
    changes: Map<string, string | undefined>,
  ): KustomizationProblem | undefined {
    for (const each of this.#all.filter(({ names }) => names?.has(path))) {
      const text = changes.get(each.path) ?? each.text;
      const edited = withoutEntry(each.path, text, path);
      if (typeof edited !== 'string') return edited;
      changes.set(each.path, edited);
    }
    return undefined;
  }

  /** Those that name a file, and those that are built on these. */
  #over(path: string): Set<Kustomization> {
    const found = new Set<Kustomization>();
    const look = (names: readonly string[]) => {
      for (const each of this.#all) {
        if (found.has(each) || !names.some(name => each.names?.has(name)))
          continue;
        found.add(each);
        look([each.path, nodePath.posix.dirname(each.path)]);
      }
    };
    look([path]);
    return found;
  }
}

/** What is nested too deep for the parser cannot be read either. */
function read(path: string, text: string): Kustomization {
  try {
    return parsed(path, text);
  } catch {
    return { path, text, isPlain: false };
  }
}

function parsed(path: string, text: string): Kustomization {
  const document = parseDocument(text, { logLevel: 'silent' });
  if (document.errors.length > 0 || !isMap(document.contents))
    return { path, text, isPlain: false };
  const names = new Set<string>();
  const folder = nodePath.posix.dirname(path);
  const collect = (node: unknown): void => {
    if (isScalar(node) && typeof node.value === 'string')
      names.add(resolved(folder, node.value));
    else if (isSeq(node)) node.items.forEach(collect);
    else if (isMap(node))
      node.items.forEach(({ key, value }) => [key, value].forEach(collect));
  };
  collect(document.contents);
  return {
    path,
    text,
    names,
    isPlain: document.contents.items.every(
      ({ key }) => isScalar(key) && PLAIN.has(String(key.value)),
    ),
  };
}

/** A path that a kustomization names, from the root of the repository. */
function resolved(folder: string, name: string): string {
  const path = nodePath.posix.join(folder, name);
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The text without the one line of `resources` that names a file; every other byte stays. */
function withoutEntry(
  path: string,
  text: string,
  gone: string,
): string | KustomizationProblem {
  const folder = nodePath.posix.dirname(path);
  const document = parseDocument(text, { logLevel: 'silent' });
  const resources = document.get('resources', true);
  const problem = (line?: number): KustomizationProblem => ({
    why: 'not-editable',
    file: path,
    ...(line !== undefined && { line }),
  });
  if (!isSeq(resources)) return problem();
  const entries = resources.items.filter(
    (item): item is Scalar<string> =>
      isScalar(item) &&
      typeof item.value === 'string' &&
      resolved(folder, item.value) === gone,
  );
  const [entry] = entries;
  const at = entry?.range?.[0];
  if (entries.length !== 1 || at === undefined) return problem();
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const end = lineEnd === -1 ? text.length : lineEnd + 1;
  const line = text.slice(0, start).split('\n').length;
  // Of a list without entries nobody knows what was meant; a list in brackets is on one line with others.
  if (resources.items.length < 2 || resources.flow) return problem(line);
  const edited = text.slice(0, start) + text.slice(end);
  const [was, is] = [fieldsOf(text), fieldsOf(edited)];
  const isSame =
    was !== undefined &&
    is !== undefined &&
    JSON.stringify(is.others) === JSON.stringify(was.others) &&
    JSON.stringify(is.listed) ===
      JSON.stringify(was.listed.filter(each => each !== entry.value));
  return isSame ? edited : problem(line);
}

function fieldsOf(
  text: string,
): { listed: readonly unknown[]; others: object } | undefined {
  try {
    const document = parseDocument(text, { logLevel: 'silent' });
    if (document.errors.length > 0) return undefined;
    const { resources, ...others } = document.toJS() as {
      resources?: readonly unknown[];
    };
    return { listed: resources ?? [], others };
  } catch {
    // An alias whose anchor went with the entry, or more of them than anybody writes.
    return undefined;
  }
}
