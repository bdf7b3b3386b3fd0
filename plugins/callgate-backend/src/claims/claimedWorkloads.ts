import { canSettle, type Claim, claimsOf } from '@callgate/policy';
import { toCompileInput } from '../proposals/readRepository';
import type { Snapshot } from '../proposals/types';
import type { ClaimTarget } from './ClaimTarget';

/** A workload with everybody who claims it. */
export interface ClaimedWorkload extends ClaimTarget {
  claims: readonly Claim[];
  /** `settled`: all claims hold, or somebody states whose it is and some are refused. */
  state: 'contested' | 'refused' | 'settled';
  /** Whether a line of `owners` is what settles it. */
  canSettle: boolean;
}

const known = new WeakMap<Snapshot, readonly ClaimedWorkload[]>();

/** What the core needs to know of a snapshot to say who claims what. */
export const claimsInput = ({ catalog, clusters, policies }: Snapshot) => ({
  catalog,
  clusters,
  policies: toCompileInput(policies).policies,
});

/** Every workload that somebody claims, sorted by cluster and name. */
export function claimedWorkloads(
  snapshot: Snapshot,
): readonly ClaimedWorkload[] {
  let workloads = known.get(snapshot);
  if (!workloads) {
    const byWorkload = new Map<string, Claim[]>();
    for (const claim of claimsOf(claimsInput(snapshot))) {
      const key = JSON.stringify([claim.cluster, claim.workload]);
      byWorkload.set(key, [...(byWorkload.get(key) ?? []), claim]);
    }
    workloads = [...byWorkload.values()].map(claims => ({
      cluster: claims[0].cluster,
      workload: claims[0].workload,
      claims,
      state: stateOf(claims),
      canSettle: canSettle(claims),
    }));
    known.set(snapshot, workloads);
  }
  return workloads;
}

function stateOf(claims: readonly Claim[]): ClaimedWorkload['state'] {
  const has = (state: Claim['state']) =>
    claims.some(claim => claim.state === state);
  if (has('contested')) return 'contested';
  return has('refused') ? 'refused' : 'settled';
}

/** One of them. */
export function claimedWorkload(
  snapshot: Snapshot,
  { cluster, workload }: ClaimTarget,
): ClaimedWorkload | undefined {
  return claimedWorkloads(snapshot).find(
    each => each.cluster === cluster && each.workload === workload,
  );
}

/** Whether what cannot be read is of clusters that are known by name: of the others all is known then. */
export function isEstateKnown({ source, unread }: Snapshot): boolean {
  return !source.estateMissing && !(source.stale && unread.length === 0);
}
