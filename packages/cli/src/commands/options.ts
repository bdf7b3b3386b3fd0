import { Option } from 'commander';
import { MESH_OPTIONS } from '../io/readClusters';

/** `--profile`, the same for every command. */
export function profileOption(): Option {
  return new Option(
    '--profile <file...>',
    'platform profile; NAME=FILE for each of several clusters',
  ).default([], 'defaults, listed as guesses');
}

/** `--mesh`, the same for every command. */
export function meshOption(): Option {
  return new Option(
    '--mesh <mode>',
    'what runs beside the pods where manifests do not say',
  )
    .choices([...MESH_OPTIONS])
    .default('detect');
}

/** `--namespace`, the same for every command. */
export function namespaceOption(): Option {
  return new Option(
    '--namespace <name>',
    'to which manifests are applied that name none (default: what the profile says, else default)',
  );
}

/** `--exclude`, the same for every command. */
export function excludeOption(): Option {
  return new Option(
    '--exclude <glob...>',
    'manifests to leave out, by their path below the folder: charts/**, *.json',
  ).default([], 'none');
}

/** `-o`, with the formats that make sense for a command. */
export function outputOption(formats: readonly string[]): Option {
  return new Option(
    '-o, --output <format>',
    `${formats.join(', ')} (default: table on a terminal, else json)`,
  );
}
