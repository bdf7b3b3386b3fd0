import {
  Bindings,
  type Cluster,
  countedProvidersOf,
  type Grant,
} from '@callgate/policy';
import type { ParsedPolicy } from './readPolicies';
import { toCompileInput } from './readRepository';
import type { ProposalDraft, Snapshot, UnreadCluster } from './types';

/** Whether `in` of a grant means a cluster: by its name, or by an environment of it. */
export function meansCluster(
  name: string,
  { name: own, profile }: Cluster,
): boolean {
  return name === own || profile.environments.includes(name);
}

/**
 * Clusters that a draft waits for: it holds in them, or may, and what they are like cannot be read now. What is not known
 * of such a cluster opens nothing there later either: a grant holds for the ends that were approved.
 */
export function waitsForClusters(
  snapshot: Snapshot,
  draft: ProposalDraft,
): UnreadCluster[] {
  return snapshot.unread.filter(({ cluster }) =>
    draft.confirm
      ? concernsApi(snapshot, draft, cluster)
      : concerns(snapshot, draft, draft.in, cluster),
  );
}

/** What is written where an API is confirmed is of all its grants, and of all the ends that they have. */
function concernsApi(
  snapshot: Snapshot,
  draft: ProposalDraft,
  name: string,
): boolean {
  const grants = snapshot.policies.flatMap(({ policy }) =>
    policy?.spec.api === draft.api ? policy.spec.grants : [],
  );
  return (
    concerns(snapshot, draft, draft.in, name) ||
    grants.some(
      grant =>
        pinsIn(grant, name) ||
        concerns(snapshot, { ...draft, ...grant }, grant.in ?? [], name),
    )
  );
}

/** Whether a grant was approved for an end in a cluster, such as `prod:shop/sa/cart`. */
function pinsIn({ ends }: Pick<Grant, 'ends'>, name: string): boolean {
  return [...(ends?.caller ?? []), ...(ends?.provider ?? [])].some(end =>
    end.startsWith(`${name}:`),
  );
}

function concerns(
  snapshot: Snapshot,
  { api, caller }: Pick<ProposalDraft, 'api' | 'caller'>,
  scope: readonly string[],
  name: string,
): boolean {
  const { catalog, clusters } = snapshot;
  const cluster = clusters.find(each => each.name === name);
  if (!cluster) return true;
  if (scope.length > 0)
    return scope.some(
      place =>
        meansCluster(place, cluster) ||
        !clusters.some(each => meansCluster(place, each)),
    );
  const { policies } = toCompileInput(snapshot.policies);
  const input = { catalog, clusters, policies };
  const bindings = Bindings.of(input);
  const runs = (ref: string) => {
    const bound = bindings.of(ref);
    return (
      bound.kind === 'workloads' &&
      bound.workloads.some(workload => workload.cluster === name)
    );
  };
  // Of sets and gateways nobody knows here where they run.
  const calls = !/^(component|resource):/.test(caller) || runs(caller);
  return calls && countedProvidersOf(input, api).some(runs);
}

/**
 * Declarations as they hold without some clusters: what they say of these is left out of what is planned, and stays in
 * their text.
 */
export function withoutClusters(
  policies: readonly ParsedPolicy[],
  leftOut: readonly Cluster[],
  clusters: readonly Cluster[],
): readonly ParsedPolicy[] {
  if (leftOut.length === 0) return policies;
  const isLeft = (place: string) =>
    !leftOut.some(each => meansCluster(place, each)) ||
    clusters.some(each => meansCluster(place, each));
  return policies.map(parsed => {
    const { policy } = parsed;
    if (!policy) return parsed;
    const grants = policy.spec.grants.flatMap(grant => {
      const places = grant.in?.filter(isLeft);
      if (!places) return grant;
      return places.length > 0 ? { ...grant, in: places } : [];
    });
    return {
      ...parsed,
      policy: { ...policy, spec: { ...policy.spec, grants } },
    };
  });
}

/** What is planned on where no cluster that cannot be read is concerned. */
export function soundOf(snapshot: Snapshot): Snapshot {
  return snapshot.unread.length > 0 ? snapshot.sound : snapshot;
}
