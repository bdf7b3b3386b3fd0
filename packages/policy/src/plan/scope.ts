import { Cluster } from '../estate/types';
import { Report } from './Report';
import { detail, entity, said } from '../words';

/** True when a name of `in:` means a cluster: by its name, or by an environment of its profile. */
export function means(name: string, cluster: Cluster): boolean {
  return cluster.name === name || cluster.profile.environments.includes(name);
}

/**
 * The clusters in which a grant holds: those where the pair runs, narrowed by `in`. A grant that leaves the choice open, or
 * that names a place where the pair does not run, is an error.
 */
export function clustersInScope(
  names: readonly string[] | undefined,
  pair: readonly Cluster[],
  caller: string,
  report: Report,
): Cluster[] {
  if (names === undefined) {
    if (pair.length <= 1) return [...pair];
    const where = pair.map(({ name }) => name);
    report.add(
      'scope-required',
      said`${entity(caller)} and the provider both run in ${where.join(
        ' and ',
      )}: the grant has to say in which it holds`,
      [caller],
      {
        fix: said`${detail(
          'Add in: with',
          'Choose',
        )} one or more of ${where.join(', ')}.`,
        data: where,
      },
    );
    return [];
  }
  const lost = names.filter(
    name => !pair.some(cluster => means(name, cluster)),
  );
  for (const name of lost)
    report.add(
      'scope-unknown',
      said`${entity(
        caller,
      )} and the provider do not both run in ${name}; they do in ${
        pair.map(cluster => cluster.name).join(', ') || 'no cluster'
      }`,
      [caller],
    );
  return lost.length > 0
    ? []
    : pair.filter(cluster => names.some(name => means(name, cluster)));
}
