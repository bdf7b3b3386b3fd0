import {
  apisOfGenerated,
  buildCluster,
  type Cluster,
  type CompileInput,
  defaultPlatformProfile,
  emptyEstate,
  type Finding,
  finding,
  isGenerated,
  loadManifests,
  MANAGED_BY,
  type ManifestObject,
  ORDER_KEY,
  type PlatformProfile,
  type RenderedFile,
  type SourceFile,
  withGenerated,
} from '@callgate/policy';
import type { EstateFile } from '@callgate/plugin-callgate-node';
import type { EstateSnapshot } from '../estate/EstateReader';
import type { PolicyRepositoryConfig } from '../git/policyRepositoryConfig';
import type { NoText } from '../git/followLinks';
import { missingIn } from './missingIn';
import { objectId } from './objectId';
import { keepsFromKnowing } from './keepsFromKnowing';
import { noTextFinding } from './notText';
import { type ParsedPolicy, readPolicies } from './readPolicies';
import type { BrokenProfile, RepositoryProfiles } from './readProfiles';
import type { UnreadCluster } from './types';

/** In any case of its letters. */
const MANIFEST = /\.(ya?ml|json)$/i;

/** A commit of the policy repository and the estate, read and sorted out, not yet compiled. */
export interface RepositoryContents {
  policies: readonly ParsedPolicy[];
  profiles: readonly PlatformProfile[];
  /** Estate and hand-written files, without generated objects. */
  clusters: readonly Cluster[];
  /** Generated files as the repository has them. */
  generated: readonly RenderedFile[];
  /** The clusters with those. */
  effectiveClusters: readonly Cluster[];
  /** Clusters of which something cannot be read; of these, `clusters` has what was read last. */
  unread: readonly UnreadCluster[];
  findings: readonly Finding[];
  /** Paths of generated files of which a cluster that is read live lacks something. */
  missingInClusters: ReadonlySet<string>;
}

/** A cluster that could be read completely, and when. */
export interface KnownCluster {
  cluster: Cluster;
  /** ISO 8601. */
  readAt: string;
}

/** Sorts the files of a commit into declarations, profiles, hand-written and generated manifests. */
export function readRepository(options: {
  files: ReadonlyMap<string, string>;
  /** Files of the commit that are no text. */
  notText: readonly NoText[];
  /** Links that lead to nothing that could be read. */
  broken: readonly NoText[];
  estate: EstateSnapshot;
  config: PolicyRepositoryConfig;
  profiles: RepositoryProfiles;
  /** Clusters as they were read completely last. */
  known: ReadonlyMap<string, KnownCluster>;
}): RepositoryContents {
  const { files, notText, estate, config, known } = options;
  const { profiles, broken } = options.profiles;
  const findings: Finding[] = broken.flatMap(each => each.findings);
  const manifests = new Map<string, SourceFile[]>();
  const generated: RenderedFile[] = [];
  for (const file of filesBelow(files, config.manifestsFolder)) {
    const [cluster, inside] = file.path
      .slice(config.manifestsFolder.length + 1)
      .split('/', 2);
    if (inside === undefined) continue;
    if (apisOfGenerated(file) === undefined) {
      manifests.set(cluster, [...(manifests.get(cluster) ?? []), file]);
    } else {
      generated.push({ ...file, cluster, order: orderOf(file) });
    }
  }
  const clusterOf = ({ path }: NoText) =>
    path.slice(config.manifestsFolder.length + 1).split('/', 1)[0];
  const noManifests = noTextBelow(notText, config.manifestsFolder);
  const noLinks = noTextBelow(options.broken, config.manifestsFolder);
  const names = new Set([
    ...estate.clusters.map(({ name }) => name),
    ...manifests.keys(),
    ...estate.unread.map(({ cluster }) => cluster),
    ...noManifests.map(clusterOf),
  ]);
  const unread: UnreadCluster[] = [];
  const clusters = [...names].sort().map(name => {
    const running =
      estate.clusters.find(cluster => cluster.name === name)?.files ?? [];
    const readable = running.filter(({ leadsTo }) => leadsTo === undefined);
    const loaded = loadCluster(
      readable,
      manifests.get(name) ?? [],
      generated.filter(({ cluster }) => cluster === name),
    );
    const ofProfile = brokenOf(name, options.profiles, names);
    const built = buildCluster({
      name,
      objects: loaded.objects,
      profile:
        ofProfile.find(({ before }) => before?.profile.name === name)?.before
          ?.profile ??
        profiles.get(name) ??
        defaultPlatformProfile(name),
    });
    const own = [
      ...missingOf(name, estate),
      ...noManifests
        .filter(noText => clusterOf(noText) === name)
        .map(noText => noTextFinding('estate-not-readable', noText)),
      ...noLinks
        .filter(noText => clusterOf(noText) === name)
        .map(noText => noTextFinding('link-broken', noText)),
      ...brokenLinks(running),
      ...loaded.findings,
      ...emptyEstate(name, readable, loaded),
      ...built.findings,
    ];
    findings.push(...own);
    const wrong = own.filter(keepsFromKnowing);
    if (wrong.length === 0 && ofProfile.length === 0) return built.cluster;
    // Only of a cluster whose objects are all there it can be said what a profile that cannot be read left as it was.
    const profileOfBefore =
      wrong.length === 0 && ofProfile.some(({ before }) => before);
    const last = profileOfBefore ? undefined : known.get(name);
    unread.push({
      cluster: name,
      findings: [...ofProfile.flatMap(each => each.findings), ...wrong].map(
        found => ({
          ...found,
          message: `The cluster ${name} cannot be read completely: ${found.message}`,
          fix: `The platform team corrects it at the place named. Until then nothing is proposed for what runs in ${name}; what is asked for other clusters goes on.`,
        }),
      ),
      ...(last && { shownOf: last.readAt }),
      ...(profileOfBefore && { profileOfBefore: true as const }),
    });
    return last?.cluster ?? built.cluster;
  });
  return {
    // A declaration that a link promises is not known; that no manifest is there is.
    policies: readPolicies(files, config.policiesFolder, [
      ...notText,
      ...options.broken,
    ]),
    profiles: [...profiles.values()],
    clusters,
    generated,
    effectiveClusters: withGeneratedOf(clusters, generated),
    unread,
    findings,
    missingInClusters: new Set(
      estate.clusters.flatMap(({ name, files: running }) =>
        missingIn(
          running,
          generated.filter(({ cluster }) => cluster === name),
        ),
      ),
    ),
  };
}

/**
 * The objects of a cluster: what runs, and what is written by hand in the repository. A policy that was applied from there is
 * in a live cluster too, with fields that its API server filled in: that is no second one, and the repository's counts, as
 * it does for objects that Callgate generated.
 */
function loadCluster(
  running: readonly EstateFile[],
  written: readonly SourceFile[],
  generated: readonly SourceFile[],
): ReturnType<typeof loadManifests> {
  const observed = running.filter(file => file.observed);
  const others = running.filter(file => !file.observed);
  const stated = loadManifests([...others, ...written]);
  if (observed.length === 0) return stated;
  const seen = loadManifests(observed);
  const known = new Set(
    [...stated.objects, ...loadManifests(generated).objects].map(({ object }) =>
      objectId(object),
    ),
  );
  return {
    objects: [
      ...seen.objects
        .filter(({ object }) => !known.has(objectId(object)))
        .map(each => (isGenerated(each.object) ? asOfOthers(each) : each)),
      ...stated.objects,
    ],
    findings: [...seen.findings, ...stated.findings],
  };
}

/**
 * What a cluster has under our label and the repository has not: somebody's who wrote the label, or what we removed and is still
 * in force. Either way it admits whom it admits, and nobody approved it: it is judged as others' are.
 */
function asOfOthers({ object, ...rest }: ManifestObject): ManifestObject {
  const { [MANAGED_BY.key]: _, ...labels } = object.metadata.labels ?? {};
  return {
    ...rest,
    object: { ...object, metadata: { ...object.metadata, labels } },
  };
}

/** Links of the estate that lead nowhere: nothing is there that could say something. */
function brokenLinks(files: readonly EstateFile[]): Finding[] {
  return files.flatMap(({ path, leadsTo }) =>
    leadsTo === undefined
      ? []
      : noTextFinding('link-broken', {
          path,
          why: `is a link to ${leadsTo}, where nothing is`,
        }),
  );
}

/** Manifests that are not there, or not all of them. */
function missingOf(name: string, { unread }: EstateSnapshot): Finding[] {
  return unread
    .filter(({ cluster }) => cluster === name)
    .map(({ problem }) =>
      finding('estate-not-readable', problem, { objects: [name] }),
    );
}

/** Profiles that cannot be read and that are, or may be, a cluster's. */
function brokenOf(
  name: string,
  { profiles, broken }: RepositoryProfiles,
  names: ReadonlySet<string>,
): BrokenProfile[] {
  return broken.filter(({ clusters, before }) => {
    // What a text that cannot be read seems to name is sure by its history alone.
    const isSure =
      before !== undefined && clusters.some(each => names.has(each));
    return clusters.includes(name) || (!isSure && !profiles.has(name));
  });
}

/** Clusters with the objects of generated files. */
export function withGeneratedOf(
  clusters: readonly Cluster[],
  generated: readonly RenderedFile[],
): Cluster[] {
  return clusters.map(cluster =>
    withGenerated(
      cluster,
      loadManifests(generated.filter(file => file.cluster === cluster.name))
        .objects,
    ),
  );
}

/** Declarations as `compile` wants them. */
export function toCompileInput(
  all: readonly ParsedPolicy[],
): Pick<CompileInput, 'policies' | 'unreadable'> {
  const policies = all.filter(({ removed }) => !removed);
  return {
    policies: policies.flatMap(({ policy, file, locate }) =>
      policy ? [{ policy, file, ...(locate && { locate }) }] : [],
    ),
    unreadable: policies
      .filter(({ policy }) => !policy)
      .map(({ file, api, findings }) => ({
        file,
        findings,
        ...(api !== undefined && { api }),
      })),
  };
}

/** Manifests of a folder. */
export function filesBelow(
  files: ReadonlyMap<string, string>,
  folder: string,
): SourceFile[] {
  return [...files]
    .filter(([path]) => path.startsWith(`${folder}/`) && MANIFEST.test(path))
    .map(([path, text]) => ({ path, text }));
}

/** What is named in a folder as manifests are. */
export function noTextBelow(all: readonly NoText[], folder: string): NoText[] {
  return all.filter(
    ({ path }) => path.startsWith(`${folder}/`) && MANIFEST.test(path),
  );
}

function orderOf(file: SourceFile): number {
  const orders = loadManifests([file]).objects.map(({ object }) => {
    const order: unknown = object.metadata.annotations?.[ORDER_KEY];
    return typeof order === 'string' ? Number(order) : 0;
  });
  return Math.max(0, ...orders.filter(Number.isFinite));
}
