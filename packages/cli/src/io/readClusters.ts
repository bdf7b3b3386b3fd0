import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  buildCluster,
  emptyEstate,
  excludes,
  finding,
  loadManifests,
  type Cluster,
  type Finding,
  type MeshMode,
  type SourceFile,
} from '@callgate/policy';
import { UsageError } from '../UsageError';
import { parseNamedPaths } from './parseNamedPaths';
import { readProfiles, UNNAMED_CLUSTER } from './readProfiles';
import { readSourceFiles } from './readSourceFiles';

/** What `--mesh` takes. */
export const MESH_OPTIONS = ['detect', 'sidecar', 'ambient', 'none'] as const;

/** Options of {@link readClusters}. */
export interface ReadClustersOptions {
  cwd: string;
  /** The option that the paths are from, for messages. */
  option: string;
  /** Values of that option. */
  values: readonly string[];
  /** Values of `--profile`. */
  profiles: readonly string[];
  /** Value of `--mesh`. */
  mesh: 'detect' | MeshMode;
  /** Value of `--namespace`. */
  namespace?: string;
  /** Values of `--exclude`. */
  exclude?: readonly string[];
  /**
   * Further paths with manifests of the same clusters (`--manifests`). Without
   * a name they are for the only cluster.
   */
  more?: { option: string; values: readonly string[] };
  /** The one cluster that is read of those that are named; default all. */
  only?: string;
}

/** Clusters with what reading them found. */
export interface ReadClusters {
  clusters: Cluster[];
  findings: Finding[];
}

/** Reads the manifests of one or several clusters. */
export function readClusters(options: ReadClustersOptions): ReadClusters {
  const named = parseNamedPaths(options.values, options.option);
  const names = named.map(({ name }) => name);
  const profiles = readProfiles({
    cwd: options.cwd,
    values: options.profiles,
    clusters: names,
  });
  const findings: Finding[] = [];
  const read: ReadManifests = (paths, option) =>
    readSourceFiles(paths, {
      cwd: options.cwd,
      option,
      isExcluded: excludes(options.exclude ?? []),
      onBrokenLink: (path, target) => findings.push(brokenLink(path, target)),
    });
  const more = moreFiles(options, names, read);

  const clusters: Cluster[] = [];
  for (const { name, paths } of named) {
    if (options.only !== undefined && name !== options.only) continue;
    const profile = profiles.get(name)!;
    const files = [...read(paths, options.option), ...(more.get(name) ?? [])];
    const manifests = loadManifests(files);
    const cluster = name ?? profile.name ?? UNNAMED_CLUSTER;
    const built = buildCluster({
      name: cluster,
      objects: manifests.objects,
      profile,
      mesh: options.mesh,
      ...(options.namespace !== undefined && { namespace: options.namespace }),
    });
    clusters.push(built.cluster);
    findings.push(
      ...manifests.findings,
      ...emptyEstate(cluster, files, manifests),
      ...built.findings,
    );
  }
  return { clusters, findings };
}

type ReadManifests = (paths: readonly string[], option: string) => SourceFile[];

function brokenLink(path: string, target: string): Finding {
  return finding(
    'link-broken',
    `${path} is a link to ${target}, where nothing is.`,
    { objects: [path], at: { file: path } },
  );
}

function moreFiles(
  options: ReadClustersOptions,
  names: readonly (string | undefined)[],
  readManifests: ReadManifests,
): Map<string | undefined, SourceFile[]> {
  if (!options.more) {
    return new Map();
  }
  const { option, values } = options.more;
  const read = (paths: readonly string[]) => readManifests(paths, option);
  const named = parseNamedPaths(values, option);
  const [{ name: onlyName, paths }] = named;
  if (onlyName === undefined) {
    return names.length === 1
      ? new Map([[names[0], read(paths)]])
      : new Map(
          namedFolders(paths, names, options).map(([name, folders]) => [
            name,
            read(folders),
          ]),
        );
  }
  const stranger = named.find(({ name }) => !names.includes(name));
  if (stranger) {
    throw new UsageError(
      `${option} names the cluster ${stranger.name}, which ${options.option} does not; write ${options.option} ${stranger.name}=PATH too`,
    );
  }
  return new Map(named.map(({ name, paths: own }) => [name, read(own)]));
}

/** The folders `clusters/<name>` or `<name>` below the paths, for each cluster. */
function namedFolders(
  paths: readonly string[],
  names: readonly (string | undefined)[],
  { cwd, more }: ReadClustersOptions,
): [string | undefined, string[]][] {
  const found = names.map((name): [string | undefined, string[]] => [
    name,
    paths
      .flatMap(path => [
        join(path, 'clusters', `${name}`),
        join(path, `${name}`),
      ])
      .filter(folder => existsSync(resolve(cwd, folder))),
  ]);
  if (found.every(([, folders]) => folders.length === 0)) {
    throw new UsageError(
      `${more?.option} has no folder ${names.join(' or ')}; write ${
        more?.option
      } NAME=PATH for each cluster`,
    );
  }
  return found;
}
