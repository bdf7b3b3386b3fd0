import { Finding, finding } from '../findings';
import { PlatformObjects } from '../profile/discover/PlatformObjects';
import { showText } from './identityProblem';
import { asArray, asJson } from './json';
import { groupOf } from './podTemplates';
import type { Cluster, ManifestObject } from './types';

/**
 * What a reader of clusters writes in the place of objects that it leaves out of a file: `apiVersion` and `kind`. No cluster has
 * an object of it. Its namespace is the one of the file; its name the kind's, in the plural and with its group;
 * `spec.leftOut` has one entry for each reason: `reason` (`too-deep`, `too-large` or `refused`), `count`, and `names` of some.
 *
 * @public
 */
export const NOT_READ = {
  apiVersion: 'callgate.dev/v1alpha1',
  kind: 'NotRead',
} as const;

/** Objects of one kind and place that are in a cluster, and of which nothing is known. */
export interface NotRead {
  /** Such as `networkpolicies.networking.k8s.io`. */
  kinds: string;
  /** Namespaces that they may say something about; `undefined` where that may be all. */
  namespaces: ReadonlySet<string> | undefined;
  /** As conditions and findings name it. */
  name: string;
  /** Why, and which, as the rest of a sentence. */
  why: string;
  manifest: ManifestObject;
}

const SYSTEM = 'kube-system';

/** Kinds from which a platform profile is found. */
const SETTING = /^(configmaps|daemonsets|deployments)(\.|$)/;

/** So many names are told, the others counted. */
const MOST_NAMED = 5;

const REASONS: Readonly<Record<string, string>> = {
  'too-deep': 'nested deeper than the reader follows',
  'too-large':
    'left out of what is more, with the others of its kind and place or of the whole cluster, than the reader keeps',
  refused: 'not what the reader of this version writes',
};

const known = new WeakMap<Cluster['objects'], readonly NotRead[]>();

/** Everything that was left out while a cluster was read. */
export function notReadIn({
  objects,
  profile,
}: Pick<Cluster, 'objects' | 'profile'>): readonly NotRead[] {
  let all = known.get(objects);
  if (!all) {
    const notes = objects.filter(isNotRead);
    const { rootNamespace } = profile.mesh;
    const platform = new Set(
      notes.length > 0
        ? [SYSTEM, ...new PlatformObjects(objects, profile).meshNamespaces]
        : [],
    );
    all = notes.map(note => toNotRead(note, { rootNamespace, platform }));
    known.set(objects, all);
  }
  return all;
}

/** One finding for each place: whatever else the cluster has is known, and is judged. */
export function notReadFindings(
  cluster: Pick<Cluster, 'name' | 'objects' | 'profile'>,
): Finding[] {
  return notReadIn(cluster).map(({ name, why, namespaces, manifest }) =>
    finding(
      'part-not-read',
      `The cluster ${
        cluster.name
      } has objects that were not read (${name}): ${why}. What they would say about ${
        namespaces
          ? [...namespaces].map(each => showText(each).slice(1, -1)).join(', ')
          : 'any namespace'
      } is not known: access there is conditional, and nothing is generated for it.`,
      { at: manifest.at, objects: [name] },
    ),
  );
}

/** Does it stand for objects that were left out? */
export function isNotRead({ object }: ManifestObject): boolean {
  return object.kind === NOT_READ.kind && groupOf(object) === 'callgate.dev';
}

/** Where what is left out may be about everybody. */
interface Everybodys {
  rootNamespace: string;
  /** Where what runs says which mesh and network plugin a cluster has, and how they are set. */
  platform: ReadonlySet<string>;
}

function toNotRead(manifest: ManifestObject, everybodys: Everybodys): NotRead {
  const { metadata, spec } = manifest.object;
  const namespace =
    typeof metadata.namespace === 'string' ? metadata.namespace : '';
  const kinds = metadata.name;
  const leftOut = asArray(asJson(spec).leftOut).map(asJson);
  return {
    kinds,
    namespaces: namespacesOf(kinds, namespace, leftOut, everybodys),
    name: `${kinds}${namespace === '' ? '' : ` of ${namespace}`}`,
    why: leftOut.map(sayLeftOut).join('; ') || 'nobody says why',
    manifest,
  };
}

/** Outside of namespaces only a Namespace is about one alone, if it is known which it is. The mesh's root, and what sets up mesh and network, is about all of them. */
function namespacesOf(
  kinds: string,
  namespace: string,
  leftOut: readonly Record<string, unknown>[],
  { rootNamespace, platform }: Everybodys,
): ReadonlySet<string> | undefined {
  if (namespace !== '') {
    const isOfPlatform = platform.has(namespace) && SETTING.test(kinds);
    return namespace === rootNamespace || isOfPlatform
      ? undefined
      : new Set([namespace]);
  }
  if (kinds !== 'namespaces') return undefined;
  const names = leftOut.map(({ names: given }) =>
    asArray(given).filter(name => typeof name === 'string'),
  );
  const isAll =
    names.length > 0 &&
    leftOut.every(({ count }, index) => count === names[index].length);
  const all = new Set(names.flat() as string[]);
  return isAll && !all.has(rootNamespace) ? all : undefined;
}

function sayLeftOut({ reason, count, names }: Record<string, unknown>): string {
  const told = asArray(names)
    .filter(name => typeof name === 'string')
    .slice(0, MOST_NAMED)
    .map(name => showText(name).slice(1, -1));
  const more = typeof count === 'number' ? count - told.length : 0;
  const isCounted = told.length > 0 && more > 0;
  const which = [...told, ...(isCounted ? [`${more} more`] : [])].join(', ');
  const why =
    typeof reason === 'string' && Object.hasOwn(REASONS, reason)
      ? REASONS[reason]
      : 'left out for a reason that is not known';
  return which === '' ? why : `${which}: ${why}`;
}
