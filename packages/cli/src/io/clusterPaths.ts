import { UsageError } from '../UsageError';
import { parseNamedPaths } from './parseNamedPaths';

/**
 * Paths for a command about one cluster: those without a name are its own; of several clusters it has to be among them.
 *
 * @returns the values with a name before them
 */
export function clusterPaths(
  values: readonly string[],
  cluster: string,
): string[] {
  const [first, ...rest] = values;
  const isNamed = parseNamedPaths(values, '--estate').some(
    ({ name }) => name !== undefined,
  );
  const named = isNamed ? values : [`${cluster}=${first}`, ...rest];
  const names = parseNamedPaths(named, '--estate').map(({ name }) => name);
  if (!names.includes(cluster)) {
    throw new UsageError(
      isNamed
        ? `--estate has no path of the cluster ${cluster}; write --estate ${cluster}=PATH`
        : `${cluster} is no name of a cluster: lower case letters, digits, dashes and dots`,
    );
  }
  return [...named];
}
