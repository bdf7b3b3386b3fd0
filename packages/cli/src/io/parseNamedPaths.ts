import { UsageError } from '../UsageError';

/** Paths of one cluster. `name` is undefined when none was given. */
export interface NamedPaths {
  name?: string;
  paths: string[];
}

const NAMED = /^([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)=(.*)$/;

/**
 * Reads `P…` or `NAME=P…`: a value with a name starts (or continues) that
 * cluster, the values after it without a name belong to it too.
 *
 * @param values - as commander collected them, in order
 * @param option - name of the option, for messages
 */
export function parseNamedPaths(
  values: readonly string[],
  option: string,
): NamedPaths[] {
  const clusters = new Map<string | undefined, string[]>();
  let current: string | undefined;
  for (const value of values) {
    const match = NAMED.exec(value);
    if (match) {
      current = match[1];
      if (match[2] === '') {
        throw new UsageError(
          `${option} ${value} has no path; write ${option} ${current}=PATH`,
        );
      }
    }
    const path = match ? match[2] : value;
    const paths = clusters.get(current) ?? [];
    paths.push(path);
    clusters.set(current, paths);
  }
  if (clusters.has(undefined) && clusters.size > 1) {
    throw new UsageError(
      `${option} mixes paths with and without a cluster name; write ${option} NAME=PATH for each of them`,
    );
  }
  return [...clusters].map(([name, paths]) => ({ name, paths }));
}
