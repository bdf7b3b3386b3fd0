import { isGenerated } from '../plan/foreignPolicies';
import { mapPolicies } from '../estate/amendCluster';
import { namespaceOf } from '../estate/buildCluster';
import { groupOf } from '../estate/podTemplates';
import type { Cluster, ManifestObject } from '../estate/types';
import { unmodelledKind } from '../evaluate/unmodelled/kinds';
import type { PolicyOfOthers } from './types';
import { withoutUnjudgedRules } from './unjudgedRules';

/** Callgate's own files are known by their names, whatever somebody adds to them. */
const OWN_FILE = /(^|\/)callgate-[^/]*$/;

/** What the others' part of a manifest leaves when it is set aside; `undefined` where nothing is left. */
type Left = { manifest: ManifestObject | undefined };

const known = new WeakMap<ManifestObject, Left>();

/**
 * A manifest without what others say in it that nobody judges. An object with Callgate's label or in one of its files is never
 * others': what it says counts as ours, so that it keeps blocking.
 */
function leftOf(manifest: ManifestObject): ManifestObject | undefined {
  let left = known.get(manifest);
  if (!left) {
    left = { manifest: readLeft(manifest) };
    known.set(manifest, left);
  }
  return left.manifest;
}

function readLeft(manifest: ManifestObject): ManifestObject | undefined {
  const { object, at } = manifest;
  if (isGenerated(object) || OWN_FILE.test(at.file)) return manifest;
  if (unmodelledKind(object)) return undefined;
  return groupOf(object) === 'security.istio.io' &&
    object.kind === 'AuthorizationPolicy'
    ? withoutUnjudgedRules(manifest)
    : manifest;
}

/** A manifest of others, or with rules of theirs, that nobody judges. */
export interface Unjudged {
  manifest: ManifestObject;
  /** What is left of it without them. */
  left: ManifestObject | undefined;
  isModelled: boolean;
  policy: Omit<PolicyOfOthers, 'cluster' | 'ends'>;
  /** As conditions name it, `Kind namespace/name`. */
  name: string;
}

const found = new WeakMap<Cluster['objects'], readonly Unjudged[]>();

/** All policies of others in a cluster that nobody judges. */
export function unjudgedIn({ objects }: Cluster): readonly Unjudged[] {
  let all = found.get(objects);
  if (!all) {
    all = objects.flatMap(manifest => {
      const left = leftOf(manifest);
      return left === manifest ? [] : [toUnjudged(manifest, left)];
    });
    found.set(objects, all);
  }
  return all;
}

function toUnjudged(
  manifest: ManifestObject,
  left: ManifestObject | undefined,
): Unjudged {
  const { object } = manifest;
  const kind = unmodelledKind(object);
  const namespace = namespaceOf(object);
  const { name } = object.metadata;
  return {
    manifest,
    left,
    isModelled: !kind,
    policy: {
      group: groupOf(object),
      kind: object.kind,
      ...(namespace !== '' && { namespace }),
      name,
      may: kind && !kind.onlyRefuses ? 'open-or-refuse' : 'refuse',
    },
    name: `${object.kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
  };
}

const settled = new WeakMap<Cluster, Cluster>();

/**
 * The cluster as if policies of others that nobody judges changed nothing: what access comes to but for them. Workloads stay
 * exactly as they are; the same cluster where there are no such policies.
 */
export function withoutUnjudged(cluster: Cluster): Cluster {
  if (unjudgedIn(cluster).length === 0) return cluster;
  let left = settled.get(cluster);
  if (!left) {
    left = mapPolicies(cluster, leftOf);
    settled.set(cluster, left);
  }
  return left;
}

const ofModelled = new WeakMap<Cluster, Cluster>();

const withoutKinds = (manifest: ManifestObject) =>
  leftOf(manifest) === undefined && unmodelledKind(manifest.object)
    ? undefined
    : manifest;

/**
 * The cluster with whole rules of kinds that are judged, and as if policies of other kinds changed nothing: what it refuses surely
 * is refused, whatever of a rule is set aside. `undefined` where no such rules are set aside, so that nothing is refused by them.
 */
export function withModelledRules(cluster: Cluster): Cluster | undefined {
  const unjudged = unjudgedIn(cluster);
  if (!unjudged.some(({ isModelled }) => isModelled)) return undefined;
  if (unjudged.every(({ isModelled }) => isModelled)) return cluster;
  let left = ofModelled.get(cluster);
  if (!left) {
    left = mapPolicies(cluster, withoutKinds);
    ofModelled.set(cluster, left);
  }
  return left;
}
