import {
  buildCluster,
  idOf,
  isMeshEvidence,
  namespaceOf,
} from './buildCluster';
import { isNotRead } from './notRead';
import { PairRecall } from '../Recall';
import { groupOf } from './podTemplates';
import { withoutItems } from '../withoutItems';
import { Cluster, ManifestObject } from './types';

/**
 * What is applied to a cluster and deleted from it.
 *
 * @public
 */
export interface ObjectChanges {
  /** Objects to apply: each replaces the one of its kind and name, if there is one. */
  apply?: readonly ManifestObject[];
  /** Objects of the cluster's `objects` to delete; others are passed over. */
  remove?: readonly ManifestObject[];
}

/** Policies in which two clusters differ that are alike in everything else. */
export interface PolicyDelta {
  removed: readonly ManifestObject[];
  added: readonly ManifestObject[];
}

/**
 * Of a cluster that was made by {@link amendCluster}: what it was made of in
 * the first place, so that a chain of changes keeps nothing in between alive.
 */
const origins = new WeakMap<Cluster, PolicyDelta & { base: Cluster }>();

const POLICIES = new Set([
  'networking.k8s.io/NetworkPolicy',
  'security.istio.io/AuthorizationPolicy',
  'security.istio.io/PeerAuthentication',
]);

/** Kinds that say nothing about what runs where: with another one of them, workloads stay as they are. */
function isPolicy(
  { object }: ManifestObject,
  { namespaces }: Cluster,
): boolean {
  return (
    POLICIES.has(`${groupOf(object)}/${object.kind}`) &&
    object.metadata.name !== '' &&
    namespaces.has(namespaceOf(object))
  );
}

/** Would a pod of which nobody says what runs beside it be read otherwise? */
function changesMesh(
  before: Cluster,
  after: readonly ManifestObject[],
  delta: PolicyDelta,
): boolean {
  const isStated =
    before.meshOption !== 'detect' || before.profile.mesh.mode !== undefined;
  const isEvidence = ({ object }: ManifestObject) => isMeshEvidence(object);
  return (
    !isStated &&
    [...delta.added, ...delta.removed].some(isEvidence) &&
    before.objects.some(isEvidence) !== after.some(isEvidence)
  );
}

/** Objects by their ids, made once for each list of objects. */
const byId = new WeakMap<
  readonly ManifestObject[],
  ReadonlyMap<string, ManifestObject>
>();

function find(
  objects: readonly ManifestObject[],
  id: string,
): ManifestObject | undefined {
  let known = byId.get(objects);
  if (!known) {
    known = new Map(objects.map(each => [idOf(each.object), each]));
    byId.set(objects, known);
  }
  return known.get(id);
}

/** The object of a cluster that has the id of another, looked up in what the cluster was made of. */
function objectOf(
  cluster: Cluster,
  { object }: ManifestObject,
): ManifestObject | undefined {
  const id = idOf(object);
  const origin = origins.get(cluster);
  if (!origin) return find(cluster.objects, id);
  const earlier = find(origin.base.objects, id);
  return (
    find(origin.added, id) ??
    (earlier && !origin.removed.includes(earlier) ? earlier : undefined)
  );
}

/**
 * The cluster after changes. The same as building it anew of the objects that
 * it then has; where only policies change, in time that does not depend on how
 * many workloads there are.
 *
 * @public
 */
export function amendCluster(
  cluster: Cluster,
  { apply = [], remove = [] }: ObjectChanges,
): Cluster {
  const applied = new Set(apply.map(({ object }) => idOf(object)));
  const removed = [
    ...new Set([
      ...remove.filter(manifest => objectOf(cluster, manifest) === manifest),
      // What a reader left out is not taken away by a note that somebody writes.
      ...apply.flatMap(manifest =>
        isNotRead(manifest) ? [] : objectOf(cluster, manifest) ?? [],
      ),
    ]),
  ];
  const objects = withoutItems(cluster.objects, removed);
  for (const manifest of apply) objects.push(manifest);
  const delta = { removed, added: apply };
  const isSmall =
    applied.size === apply.length &&
    [...removed, ...apply].every(manifest => isPolicy(manifest, cluster)) &&
    !changesMesh(cluster, objects, delta);
  if (!isSmall) {
    const { name, profileOption, meshOption } = cluster;
    return buildCluster({
      name,
      objects,
      profile: profileOption,
      mesh: meshOption,
    }).cluster;
  }
  const amended = { ...cluster, objects };
  origins.set(amended, composed(cluster, delta));
  return amended;
}

/**
 * The cluster with more policies, and workloads exactly as they are: what runs
 * beside a pod must not change because policies were left out from which it
 * was guessed.
 *
 * @param cluster - without any policy that `policies` has too
 */
export function withPolicies(
  cluster: Cluster,
  policies: readonly ManifestObject[],
): Cluster {
  const amended = { ...cluster, objects: [...cluster.objects, ...policies] };
  if (policies.every(manifest => isPolicy(manifest, cluster)))
    origins.set(amended, composed(cluster, { removed: [], added: policies }));
  return amended;
}

/** By the mapping, then by what clusters were made of in the first place. */
const mappedBases = new WeakMap<object, WeakMap<Cluster, Cluster>>();

/**
 * The same cluster with some of its policies left out or read otherwise, and workloads exactly as they are. What was amended of one
 * cluster stays so: what does not differ is not compiled again.
 *
 * @param map - the same manifest always gives the same one; `undefined` leaves it out
 */
export function mapPolicies(
  cluster: Cluster,
  map: (manifest: ManifestObject) => ManifestObject | undefined,
): Cluster {
  const mapAll = (manifests: readonly ManifestObject[]) =>
    manifests.flatMap(manifest => map(manifest) ?? []);
  const origin = origins.get(cluster);
  const mapped = { ...cluster, objects: mapAll(cluster.objects) };
  if (!origin) return mapped;
  const { base, removed, added } = origin;
  const delta = { removed: mapAll(removed), added: mapAll(added) };
  const bases = mappedBases.get(map) ?? new WeakMap<Cluster, Cluster>();
  mappedBases.set(map, bases);
  const mappedBase = bases.get(base) ?? {
    ...base,
    objects: mapAll(base.objects),
  };
  bases.set(base, mappedBase);
  origins.set(mapped, { base: mappedBase, ...delta });
  return mapped;
}

/** What a cluster was amended from in the first place; itself, where it was not. */
export function originOf(cluster: Cluster): Cluster {
  return origins.get(cluster)?.base ?? cluster;
}

function composed(
  cluster: Cluster,
  { removed, added }: PolicyDelta,
): PolicyDelta & { base: Cluster } {
  const origin = origins.get(cluster);
  if (!origin) return { base: cluster, removed, added };
  const earlier = new Set(origin.added);
  return {
    base: origin.base,
    removed: [
      ...origin.removed,
      ...removed.filter(manifest => !earlier.has(manifest)),
    ],
    added: [...withoutItems(origin.added, removed), ...added],
  };
}

const NO_DELTA: PolicyDelta = { removed: [], added: [] };

const deltas = new PairRecall<Cluster, Cluster, PolicyDelta | undefined>();

/**
 * The policies in which two clusters differ; `undefined` where it is not known
 * that they have the same workloads, Services, namespaces and profile.
 */
export function policyDelta(
  before: Cluster,
  after: Cluster,
): PolicyDelta | undefined {
  return before === after
    ? NO_DELTA
    : deltas.get(before, after, () => difference(before, after));
}

function difference(before: Cluster, after: Cluster): PolicyDelta | undefined {
  const from = origins.get(before) ?? { ...NO_DELTA, base: before };
  const to = origins.get(after) ?? { ...NO_DELTA, base: after };
  if (from.base !== to.base) return undefined;
  return {
    removed: [
      ...withoutItems(from.added, to.added),
      ...withoutItems(to.removed, from.removed),
    ],
    added: [
      ...withoutItems(to.added, from.added),
      ...withoutItems(from.removed, to.removed),
    ],
  };
}
