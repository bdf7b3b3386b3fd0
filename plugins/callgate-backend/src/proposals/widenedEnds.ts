import {
  type Cluster,
  endsToPin,
  type Grant,
  type GrantEnds,
  plan,
  replaceGrant,
} from '@callgate/policy';
import { grantOf } from './changeGrant';
import { type ParsedPolicy, readPolicy } from './readPolicies';
import { toCompileInput } from './readRepository';
import type { ChangeEdit, Snapshot } from './types';
import { meansCluster, withoutClusters } from './unreadClusters';

/**
 * The text of a declaration in which grants that come to hold in further clusters say which ends they have there: those are what is
 * approved with the change. What was approved before stays, and nothing is added to it where the grant held already.
 */
export function withWidenedEnds(options: {
  snapshot: Snapshot;
  api: string;
  start: ParsedPolicy;
  text: string;
  changes: readonly ChangeEdit[];
}): string {
  const { snapshot, api, start, changes } = options;
  return changes.reduce((text, edit) => {
    const before = grantOf(start, edit);
    const edited = readPolicy(start.file, text);
    const { policy } = edited;
    const grant = policy?.spec.grants.find(
      ({ id }) => id === edit.change.grant,
    );
    if (!policy || !grant?.ends || !before) return text;
    const added = addedClusters(snapshot.clusters, before, grant);
    if (added.length === 0) return text;
    const { ends: pinned, ...loose } = grant;
    const found = endsOf(
      snapshot,
      api,
      {
        ...edited,
        policy: {
          ...policy,
          spec: {
            ...policy.spec,
            grants: policy.spec.grants.map(each =>
              each === grant ? loose : each,
            ),
          },
        },
      },
      loose,
    );
    return found
      ? replaceGrant(text, grant.id, {
          ...grant,
          ends: joined(pinned, found, added),
        })
      : text;
  }, options.text);
}

function addedClusters(
  clusters: readonly Cluster[],
  before: Grant,
  after: Grant,
): string[] {
  const holds = (grant: Grant, cluster: Cluster) =>
    !grant.in || grant.in.some(place => meansCluster(place, cluster));
  return clusters
    .filter(cluster => holds(after, cluster) && !holds(before, cluster))
    .map(({ name }) => name);
}

function endsOf(
  { policies, leftOut, clusters, catalog }: Snapshot,
  api: string,
  edited: ParsedPolicy,
  { id, members }: Grant,
): GrantEnds | undefined {
  const others = policies.filter(({ file }) => file !== edited.file);
  const planned = plan({
    policies: toCompileInput(
      withoutClusters([...others, edited], leftOut, clusters),
    ).policies,
    catalog,
    clusters,
  });
  return endsToPin(planned, clusters, { api, id, ...(members && { members }) });
}

function joined(
  known: GrantEnds,
  found: GrantEnds,
  clusters: readonly string[],
): GrantEnds {
  const isAdded = (end: string) =>
    clusters.some(cluster => end.startsWith(`${cluster}:`));
  const all = (side: keyof GrantEnds) =>
    [...new Set([...known[side], ...found[side].filter(isAdded)])].sort();
  return { caller: all('caller'), provider: all('provider') };
}
