import type { CatalogEntity, Workload } from '@callgate/policy';

/** What the names of hidden things are looked for among. */
export interface NamedThings {
  entities: readonly CatalogEntity[];
  workloads: readonly Workload[];
}

const ID = 'backstage.io/kubernetes-id';

/**
 * Matches names that only hidden things have: those of entities and workloads, service accounts, labels and namespaces. A
 * name that something seen has as well is no secret. It is for identifiers, paths and manifests, of which the whole is
 * left out; it is no way to clean a sentence.
 */
export function secretWords(
  hidden: NamedThings,
  seen: NamedThings,
): (text: string) => boolean {
  const known = wordsOf(seen);
  const secret = [...wordsOf(hidden)].filter(word => !known.has(word));
  if (secret.length === 0) {
    return () => false;
  }
  const any = secret
    .sort((a, b) => b.length - a.length)
    .map(word => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('|');
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(${any})(?![\\p{L}\\p{N}])`,
    'iu',
  );
  return text => pattern.test(text);
}

function wordsOf({ entities, workloads }: NamedThings): Set<string> {
  return new Set(
    [
      ...entities.flatMap(({ metadata }) => [
        metadata.name,
        metadata.title,
        metadata.annotations?.[ID],
      ]),
      ...workloads.flatMap(workload => [
        workload.name,
        workload.namespace,
        workload.serviceAccount,
        ...distinctive(workload.podLabels),
        ...distinctive(workload.labels),
      ]),
    ].flatMap(word => (word ? [word.toLowerCase()] : [])),
  );
}

/** Values of labels by which somebody could be known: neither versions nor switches. */
function distinctive(labels: Readonly<Record<string, string>>): string[] {
  return Object.values(labels).filter(
    value =>
      /[a-z]{3}/i.test(value) && !/^(true|false|enabled|disabled)$/.test(value),
  );
}
