import { mapPolicies } from '../estate/amendCluster';
import type { Cluster } from '../estate/types';
import { finding, type Finding } from '../findings';
import { canonicalJson } from '../meaning/digest';
import { nameOfPolicy, whatItMay } from './describe';
import { type Unjudged, unjudgedIn } from './setAside';
import { detail, said } from '../words';

/**
 * Two states of clusters, to be compared, without what is the same in both and nobody judges.
 *
 * @public
 */
export interface WithoutShared {
  before: Cluster[];
  after: Cluster[];
  /** The policies that are left out, one finding for each. */
  findings: Finding[];
}

/**
 * Clusters before and after a change without the policies of kinds that nobody judges which are in both: under each of them nothing
 * is sure before or after, so that it would hide what the change does. One that comes, goes or changes stays, and is a difference.
 *
 * @public
 */
export function withoutSharedOthers(
  before: readonly Cluster[],
  after: readonly Cluster[],
): WithoutShared {
  const shared = new Set<Unjudged['manifest']>();
  const findings: Finding[] = [];
  after.forEach((cluster, index) => {
    const was =
      before.find(({ name }) => name === cluster.name) ??
      (after.length === 1 && before.length === 1 ? before[index] : undefined);
    const known = new Map(
      (was ? ofKinds(was) : []).map(each => [contentOf(each), each]),
    );
    const tell = (each: Unjudged, text: string) =>
      findings.push(
        finding(
          'policy-of-others',
          said`${detail(nameOfPolicy(each.policy), 'a policy of others')} in ${
            cluster.name
          } ${text}`,
          { at: each.manifest.at, objects: [nameOfPolicy(each.policy)] },
        ),
      );
    for (const each of ofKinds(cluster)) {
      const same = known.get(contentOf(each));
      if (!same) continue;
      known.delete(contentOf(each));
      shared.add(same.manifest).add(each.manifest);
      tell(
        each,
        `is there before and after, and Callgate does not judge what it says: it ${whatItMay(
          each.policy,
        )}. What is compared is as if it changed nothing.`,
      );
    }
    for (const each of known.values())
      tell(
        each,
        'is not there any more as it was: what it touched was conditional.',
      );
  });
  if (shared.size === 0)
    return { before: [...before], after: [...after], findings };
  const kept = (manifest: Unjudged['manifest']) =>
    shared.has(manifest) ? undefined : manifest;
  const leftIn = (clusters: readonly Cluster[]) =>
    clusters.map(cluster =>
      ofKinds(cluster).some(({ manifest }) => shared.has(manifest))
        ? mapPolicies(cluster, kept)
        : cluster,
    );
  return { before: leftIn(before), after: leftIn(after), findings };
}

/** Rules of kinds that are judged may refuse surely as well: they stay. */
function ofKinds(cluster: Cluster): readonly Unjudged[] {
  return unjudgedIn(cluster).filter(({ isModelled }) => !isModelled);
}

function contentOf({ manifest }: Unjudged): string {
  const { apiVersion, kind, metadata, ...content } = manifest.object;
  const { name, namespace, labels, annotations } = metadata;
  return canonicalJson([
    apiVersion,
    kind,
    { name, namespace, labels, annotations },
    content,
  ]);
}
