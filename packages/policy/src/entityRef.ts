/**
 * A reference to a catalog entity, in the three parts that Backstage gives it.
 *
 * @public
 */
export interface EntityRefParts {
  /** Lower case, as Backstage compares kinds without case. */
  kind: string;
  namespace: string;
  name: string;
}

const KIND = /^[a-zA-Z][a-zA-Z0-9]*$/;
const NAMESPACE = /^[a-zA-Z0-9]+([-][a-zA-Z0-9]+)*$/;
const NAME = /^[a-zA-Z0-9]+([-_.]+[a-zA-Z0-9]+)*$/;

/**
 * Reads `[kind:][namespace/]name`. Returns `undefined` for text that is no
 * reference, or that lacks a kind where no default is given.
 *
 * @public
 */
export function parseEntityRefText(
  text: string,
  defaults: { kind?: string; namespace?: string } = {},
): EntityRefParts | undefined {
  const match = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/.exec(text.trim());
  if (!match) return undefined;
  const kind = match[1] ?? defaults.kind;
  const namespace = match[2] ?? defaults.namespace ?? 'default';
  const name = match[3];
  if (kind === undefined || !KIND.test(kind)) return undefined;
  if (!NAMESPACE.test(namespace) || !NAME.test(name)) return undefined;
  return { kind: kind.toLowerCase(), namespace, name };
}

/**
 * Writes a full reference in lower case, which is how Backstage compares them.
 *
 * @public
 */
export function formatEntityRef(ref: EntityRefParts): string {
  // The same as Backstage's `toLocaleLowerCase('en-US')`, which is many times slower: English has no rules of its own.
  return `${ref.kind}:${ref.namespace}/${ref.name}`.toLowerCase();
}
