import {
  type Cluster,
  createWorld,
  describeRequests,
  diff,
  effectiveAccess,
  loadManifests,
  type PolicyState,
  withGenerated,
  withoutSharedOthers,
  type World,
} from '@callgate/policy';
import type { Snapshot } from './types';

/** What one pair of workloads may do before and after; absent: nothing. */
export interface AccessRow {
  cluster: string;
  from: string;
  to: string;
  before?: string;
  after?: string;
}

/** Effective access by manifests in Git, before and after a proposal: every pair for which it differs. */
export function accessTable(
  snapshot: Snapshot,
  after: PolicyState,
): AccessRow[] {
  return snapshot.effectiveClusters.flatMap(before => {
    const files = (after.files ?? after.compilation.files).filter(
      file => file.cluster === before.name,
    );
    const plain = snapshot.clusters.find(({ name }) => name === before.name);
    if (!plain) return [];
    return rowsOf(before, withGenerated(plain, loadManifests(files).objects));
  });
}

function rowsOf(before: Cluster, after: Cluster): AccessRow[] {
  const compared = withoutSharedOthers([before], [after]);
  const worlds = {
    before: createWorld(compared.before),
    after: createWorld(compared.after),
  };
  const changes = diff(worlds.before, worlds.after);
  return [...changes.gained, ...changes.lost, ...changes.changed].map(
    ({ from, to }) => {
      const ends = { from: nameOf(from), to: nameOf(to) };
      const row: AccessRow = { cluster: before.name, ...ends };
      const had = accessIn(worlds.before, ends.from, ends.to);
      const has = accessIn(worlds.after, ends.from, ends.to);
      return {
        ...row,
        ...(had && { before: had }),
        ...(has && { after: has }),
      };
    },
  );
}

type End = ReturnType<typeof diff>['changed'][number]['from'];

/** Of addresses that are treated alike, one stands for all. */
function nameOf(end: End): string {
  return typeof end === 'string' ? end : end.cidrs[0];
}

function accessIn(world: World, from: string, to: string): string | undefined {
  let access;
  try {
    access = effectiveAccess(world, from, to);
  } catch {
    // The workload is in only one of the two worlds.
    return undefined;
  }
  const { sure, possible } = access;
  if (possible.isEmpty) return undefined;
  const text = describeRequests(possible);
  return sure.equals(possible) ? text : `${text} (under conditions)`;
}
