import { amendCluster } from '../estate/amendCluster';
import { loadManifests } from '../estate/loadManifests';
import type { Cluster } from '../estate/types';
import { createWorld, type World } from '../evaluate/World';
import { withoutSharedOthers } from '../others/withoutShared';
import type { Plan } from '../plan/types';
import { diff } from '../reach/diff';
import type { RenderedFile } from '../render/types';
import { DeclaredAccess } from '../verify/DeclaredAccess';
import {
  accessChanges,
  type ComparedAccess,
  workloadAt,
} from './accessChanges';
import { type ApiDraft, placeKey } from './draftTypes';
import { cutLater } from './newcomers';
import type { AccessChange, LeftOut } from './types';
import {
  writeDrafts,
  type WritingInput,
  type WrittenDrafts,
} from './writeDrafts';

/** Drafts of which it is proved what they change. */
export interface ProvedDrafts extends WrittenDrafts, ComparedAccess {
  /** What whoever comes later can call today and could not any more. */
  later: readonly AccessChange[];
  /** The clusters with what is generated in them, beside everything that they have. */
  after: readonly Cluster[];
  /** Why the other drafts are left out, by API. */
  leftOut: ReadonlyMap<string, LeftOut>;
}

/** What proving needs beside the drafts. */
export interface ProvingInput extends WritingInput {
  /** The clusters that are compared: with whoever comes later in them. */
  before: readonly Cluster[];
  accept: ReadonlySet<string>;
  acceptUndeclaredPorts: boolean;
}

interface Attempt extends WrittenDrafts, ComparedAccess {
  later: AccessChange[];
  after: Cluster[];
}

/**
 * Leaves out drafts until what the others generate, beside everything that is there, changes nothing. Of those that were left out
 * together with others, because they share a workload or a caller, each is then tried alone: one must not stop the other.
 */
export function proveDrafts(
  input: ProvingInput,
  drafts: readonly ApiDraft[],
): ProvedDrafts {
  const leftOut = new Map<string, LeftOut>();
  const together: ApiDraft[] = [];
  let current = [...drafts];
  let attempt = attemptAt(input, current);
  for (;;) {
    const out = blamed(input, attempt);
    if (out.size === 0) break;
    for (const [api, { because, alone }] of out) {
      leftOut.set(api, because);
      if (!alone) together.push(...current.filter(each => each.api === api));
    }
    current = current.filter(({ api }) => !out.has(api));
    attempt = attemptAt(input, current);
  }
  for (const draft of together) {
    const trial = attemptAt(input, [...current, draft]);
    const out = blamed(input, trial);
    if (out.size === 0) {
      current = [...current, draft];
      attempt = trial;
      leftOut.delete(draft.api);
    } else {
      const because = out.get(draft.api)?.because;
      leftOut.set(
        draft.api,
        because ?? { reason: 'would-change', changes: trial.changes },
      );
    }
  }
  return { ...attempt, leftOut };
}

function attemptAt(input: ProvingInput, drafts: readonly ApiDraft[]): Attempt {
  const written = writeDrafts(input, drafts);
  const after = withFiles(input.before, written.compilation.files);
  const { changes, refusedTwice } = compareClusters(input.before, after);
  const isLater = (each: AccessChange) =>
    cutLater(each, input.before).length > 0;
  return {
    ...written,
    after,
    changes: changes
      .filter(each => !isLater(each))
      .map(each =>
        isPlumbing(each, written.compilation.plan, after)
          ? { ...each, plumbing: true as const }
          : each,
      ),
    later: changes.filter(isLater),
    refusedTwice: refusedTwice.filter(each => !isLater(each)),
  };
}

/** Whether what is gained is what the platform needs, by the profile. */
function isPlumbing(
  { change, from, to, witness }: AccessChange,
  plan: Plan,
  clusters: readonly Cluster[],
): boolean {
  const [caller, called] = [
    workloadAt(from, clusters),
    workloadAt(to, clusters),
  ];
  const cluster = clusters.find(({ name }) => name === called?.cluster);
  if (change !== 'gained' || !caller || !called || !cluster) return false;
  const { protocol = 'TCP', port } = witness;
  return DeclaredAccess.of(plan, cluster)
    .plumbing(caller.id, called.id)
    .mayContain({ protocol, port });
}

/** Clusters with generated files beside all that they have. */
function withFiles(
  clusters: readonly Cluster[],
  files: readonly RenderedFile[],
): Cluster[] {
  return clusters.map(cluster =>
    amendCluster(cluster, {
      apply: loadManifests(files.filter(each => each.cluster === cluster.name))
        .objects,
    }),
  );
}

/**
 * What changes between clusters. Policies of others that are the same in both decide nothing of it.
 *
 * @param world - of the clusters before, where there is one: what does not change is not compiled and asked again
 */
export function compareClusters(
  before: readonly Cluster[],
  after: readonly Cluster[],
  world?: World,
): ComparedAccess {
  const compared = withoutSharedOthers(before, after);
  const isWorld = compared.before.every(
    (cluster, index) => cluster === world?.clusters[index],
  );
  const was = world && isWorld ? world : createWorld(compared.before);
  return accessChanges(
    diff(
      was,
      was === world ? was.amended(compared.after) : createWorld(compared.after),
    ),
    after,
  );
}

/** Drafts that must not be written, and whether nobody else can be the reason. */
function blamed(
  { before, accept, acceptUndeclaredPorts }: ProvingInput,
  { drafts, failed, changes }: Attempt,
): Map<string, { because: LeftOut; alone: boolean }> {
  const out = new Map<string, { because: LeftOut; alone: boolean }>();
  for (const [api, findings] of failed)
    out.set(api, { because: { reason: 'errors', findings }, alone: true });
  if (out.size > 0) return out;
  const byApi = new Map<string, AccessChange[]>();
  const shared = new Set<string>();
  for (const change of changes) {
    const { undeclaredPorts } = change;
    if (acceptUndeclaredPorts && undeclaredPorts && change.change === 'lost')
      continue;
    const apis = causesOf(change, before, drafts);
    const known = apis.filter(api => !accept.has(api));
    for (const api of known) {
      byApi.set(api, [...(byApi.get(api) ?? []), change]);
      if (apis.length > 1) shared.add(api);
    }
  }
  for (const [api, own] of byApi)
    out.set(api, {
      because: { reason: 'would-change', changes: own },
      alone: !shared.has(api),
    });
  return out;
}

/** APIs that a change may be of: those of the workload that is called, else of its way or its caller, else any. */
function causesOf(
  { from, to }: AccessChange,
  clusters: readonly Cluster[],
  drafts: readonly ApiDraft[],
): string[] {
  const keyOf = (end: AccessChange['from']) => {
    const found = workloadAt(end, clusters);
    return found && placeKey(found.cluster, found.id);
  };
  const [caller, called] = [keyOf(from), keyOf(to)];
  const has = (keys: ReadonlySet<string>, key: string | undefined) =>
    key !== undefined && keys.has(key);
  const tests: ((draft: ApiDraft) => boolean)[] = [
    ({ providers }) => has(providers, called),
    ({ waypoints }) => has(waypoints, called) || has(waypoints, caller),
    ({ callers }) => has(callers, caller),
    ({ providers }) => has(providers, caller),
    () => true,
  ];
  for (const test of tests) {
    const found = drafts.filter(test);
    if (found.length > 0) return found.map(({ api }) => api);
  }
  return [];
}
