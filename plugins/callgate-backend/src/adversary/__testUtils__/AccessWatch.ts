import type { RequestSet } from '@callgate/policy';
import { idOf } from './Company';
import { type Effective, effectiveOf, gainedOf } from './effective';
import { type Ledger, toldLoss } from './Ledger';
import { type Cause, type Stage, Violation } from './Stage';

/** Looks at effective access each time that files or estate have changed. */
export class AccessWatch {
  #effective: Effective | undefined;
  #seen = '';

  constructor(private readonly stage: Stage, private readonly ledger: Ledger) {}

  /** Effective access of the target branch, by the evaluator alone: nothing is gained that nobody approved. */
  async observe(cause: Cause): Promise<void> {
    const snapshot = await this.stage.bench.snapshots.read({ fresh: true });
    const seen = `${snapshot.source.commit} ${this.stage.company.estate()}`;
    if (seen === this.#seen) return;
    this.#seen = seen;
    const [cluster] = snapshot.effectiveClusters;
    const before = this.#effective;
    const after = effectiveOf(cluster);
    this.#effective = after;
    if (!before) return;
    this.#requireTold(cause, before, after);
    for (const { from, to, gained } of gainedOf(before, after)) {
      const extra = this.#extra(cause, before, { from, to, gained });
      if (!extra.isEmpty) {
        throw new Violation(
          `${from} may call ${to} (${cause.by}), which nobody approved: ${extra.key}`,
        );
      }
    }
  }

  /** What a merge takes away where it ends or changes grants is what was said. */
  #requireTold(cause: Cause, before: Effective, after: Effective): void {
    if (cause.by !== 'merge' || !cause.told) return;
    for (const { from, to, gained: lost } of gainedOf(after, before)) {
      // Addresses are told in classes, not one by one.
      if (!this.stage.company.workload(from)) continue;
      const untold = lost.subtract(toldLoss(cause.told, from, to));
      if (!untold.isEmpty) {
        throw new Violation(
          `${from} may no longer call ${to}, which nobody was told: ${untold.key}`,
        );
      }
    }
    this.stage.count('told losses');
  }

  #extra(
    cause: Cause,
    before: Effective,
    { from, to, gained }: { from: string; to: string; gained: RequestSet },
  ): RequestSet {
    const { company } = this.stage;
    const approved = gained.subtract(this.ledger.allowed(from, to));
    if (cause.by === 'hand') return gained.subtract(gained);
    if (cause.by !== 'estate') return approved;
    const provider = company.workload(to)!;
    if (company.holder(provider) === cause.team) return gained.subtract(gained);
    // Whoever holds a namespace runs what they like under its accounts.
    const caller = company.workload(from);
    if (!caller || company.holder(caller) !== cause.team) return approved;
    return company.workloads
      .filter(({ namespace }) => namespace === caller.namespace)
      .reduce(
        (rest, each) =>
          rest
            .subtract(
              before.get(`${idOf(each)} ${to}`) ?? gained.subtract(gained),
            )
            .subtract(this.ledger.allowed(idOf(each), to)),
        approved,
      );
  }
}
