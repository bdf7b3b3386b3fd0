import {
  type Cluster,
  createWorld,
  effectiveAccess,
  type RequestSet,
} from '@callgate/policy';

/** Addresses that nobody may ever open by a claim of more than they have. */
export const ADDRESSES = ['192.0.2.5', '192.0.2.6', '198.51.100.7', '8.8.8.8'];

/** Effective access by `from to`, each a workload id or one of the addresses. */
export type Effective = ReadonlyMap<string, RequestSet>;

/** Effective access of the manifests of a cluster, by the evaluator alone; what depends on something is possible. */
export function effectiveOf(cluster: Cluster): Effective {
  const world = createWorld([cluster]);
  const found = new Map<string, RequestSet>();
  const ids = cluster.workloads.map(({ id }) => id);
  for (const to of ids) {
    for (const from of [...ids, ...ADDRESSES]) {
      // A pod's way to itself passes no policy.
      if (from !== to) {
        found.set(`${from} ${to}`, effectiveAccess(world, from, to).possible);
      }
    }
  }
  return found;
}

/** What there is more of, pair by pair. */
export function gainedOf(
  before: Effective,
  after: Effective,
): { from: string; to: string; gained: RequestSet }[] {
  return [...after].flatMap(([key, set]) => {
    const earlier = before.get(key);
    const gained = earlier ? set.subtract(earlier) : set;
    const [from, to] = key.split(' ');
    return gained.isEmpty ? [] : [{ from, to, gained }];
  });
}
