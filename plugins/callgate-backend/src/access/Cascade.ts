import {
  cascadeOf,
  type CascadeFlag,
  readInForce,
  type RememberedEntity,
} from '@callgate/policy';
import { createHash } from 'node:crypto';
import type { CascadeStore } from '../database/CascadeStore';
import type { Snapshot } from '../proposals/types';

/** What has become of the things that grants name, by a snapshot and what is remembered of before. */
export class Cascade {
  #last:
    | { snapshot: Snapshot; remembered: string; flags: readonly CascadeFlag[] }
    | undefined;

  constructor(private readonly store: Pick<CascadeStore, 'remembered'>) {}

  async flagsOf(snapshot: Snapshot): Promise<readonly CascadeFlag[]> {
    const remembered = await this.store.remembered();
    const text = JSON.stringify(remembered);
    if (this.#last?.snapshot !== snapshot || this.#last.remembered !== text)
      this.#last = {
        snapshot,
        remembered: text,
        flags: flagsOf(snapshot, remembered),
      };
    return this.#last.flags;
  }
}

function flagsOf(
  snapshot: Snapshot,
  remembered: readonly RememberedEntity[],
): CascadeFlag[] {
  const { catalog, clusters, compilation, policies, state } = snapshot;
  return cascadeOf({
    catalog,
    policies: policies.flatMap(({ policy }) => (policy ? [{ policy }] : [])),
    clusters,
    compilation,
    inForce: readInForce(state.files ?? []),
    remembered,
  });
}

/** The same for a flag as long as it says the same. */
export function flagKey(flag: CascadeFlag): string {
  // What a caller seems to be now may come and go, and says nothing of whether it is gone.
  const { renamedTo: _, ...same } = { renamedTo: undefined, ...flag };
  return createHash('sha256').update(JSON.stringify(same)).digest('hex');
}

/** Whether a caller that is gone has access under its new name already, as far as a declaration says: then nothing is lost. */
export function isCovered(snapshot: Snapshot, flag: CascadeFlag): boolean {
  if (flag.kind !== 'caller-gone' || flag.renamedTo === undefined) return false;
  const { api, grantId, renamedTo } = flag;
  const grants =
    snapshot.policies.find(({ policy }) => policy?.spec.api === api)?.policy
      ?.spec.grants ?? [];
  const old = grants.find(({ id }) => id === grantId);
  const others = grants.filter(({ caller }) => caller === renamedTo);
  const isIn = (clusters: readonly string[] | undefined) =>
    clusters === undefined ||
    (old?.in?.every(each => clusters.includes(each)) ?? false);
  return (old?.operations ?? []).every(operation =>
    others.some(
      ({ operations, in: clusters }) =>
        isIn(clusters) &&
        operations.some(
          each => JSON.stringify(each) === JSON.stringify(operation),
        ),
    ),
  );
}
