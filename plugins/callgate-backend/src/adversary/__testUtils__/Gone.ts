import { GONE_HOURS } from './AdversaryBench';
import { Company } from './Company';
import type { Requests } from './Requests';
import { type Stage, Violation } from './Stage';
import type { Step } from './Step';

const HOUR = 3_600_000;
const OPEN = ['submitted', 'returned', 'approved', 'proposed'];

/** Theirs are the claims that say whose workloads without a stated owner are; a system has its members. */
const STEADY: ReadonlySet<string> = new Set([...Company.STEADY, 'shopfront']);

/** What leaves the catalog, comes back, has another name or another owner. */
export function editEntities(
  company: Company,
  step: Extract<Step, { do: 'unregister' | 'register' | 'hand-over' }>,
): void {
  const { components, unregistered, apis } = company;
  if (step.do === 'hand-over') {
    const [kind, name] = step.ref.split(':default/');
    const entity = kind === 'api' ? apis[name] : components[name];
    if (entity && !STEADY.has(name)) entity.owner = step.team;
    return;
  }
  const { component } = step;
  if (step.do === 'register') {
    const before = unregistered[component];
    if (!before) return;
    delete components[`${component}-new`];
    components[component] = before;
    delete unregistered[component];
    return;
  }
  const there = components[component];
  if (!there || STEADY.has(component)) return;
  unregistered[component] = there;
  delete components[component];
  if (step.as === 'renamed')
    components[`${component}-new`] = structuredClone(there);
}

/** The task that looks at what grants name, and the suite's own count of how long something was seen to be gone. */
export class Gone {
  /** Hours in which a caller was seen to be gone, since it was there last. */
  readonly #hours = new Map<string, number>();
  #last: number | undefined;

  constructor(
    private readonly stage: Stage,
    private readonly requests: Requests,
  ) {}

  /** So many rounds, so many hours apart, in two processes at once where `twice`. */
  async follow({
    hours,
    gap,
    twice,
  }: Extract<Step, { do: 'follow-catalog' }>): Promise<undefined> {
    const { bench } = this.stage;
    for (let round = 0; round < hours; round++) {
      bench.now += gap * HOUR;
      this.#count();
      const look = () => bench.followCatalog().runOnce();
      await (twice ? Promise.all([look(), look()]) : look());
      const found = await this.requests.findOthers();
      for (const { draft, callerRef } of found) {
        if (draft.change?.gone === undefined) continue;
        this.stage.count('gone: asked to end');
        const seen = this.#hours.get(callerRef) ?? 0;
        // By a minute less, as steps take time as well.
        if (seen < GONE_HOURS - 0.1)
          throw new Violation(
            `${callerRef} was seen to be gone for ${seen} hours, and its end is asked.`,
          );
      }
      await this.#requireOnce();
    }
    return undefined;
  }

  #count(): void {
    const { company, bench } = this.stage;
    const passed =
      this.#last === undefined ? 0 : (bench.now - this.#last) / HOUR;
    this.#last = bench.now;
    for (const name of Object.keys(company.unregistered)) {
      const ref = `component:default/${name}`;
      const before = this.#hours.get(ref);
      // Seen for the first time, it lasts from here.
      this.#hours.set(
        ref,
        before === undefined ? 0 : before + Math.min(passed, 1),
      );
    }
    for (const ref of this.#hours.keys())
      if (!company.unregistered[ref.slice('component:default/'.length)])
        this.#hours.delete(ref);
  }

  /** Of a caller that is there nothing of it is open any more, and of one that is gone one end. */
  async #requireOnce(): Promise<void> {
    const { company } = this.stage;
    const all = await Promise.all(
      this.requests.ids.map(id => this.requests.stored(id)),
    );
    const open = all.filter(
      ({ draft: { change }, state }) =>
        change?.gone !== undefined && OPEN.includes(state),
    );
    const seen = new Set<string>();
    for (const { apiRef, callerRef, draft } of open) {
      const key = `${apiRef} ${draft.change!.grant}`;
      if (seen.has(key))
        throw new Violation(`The end of ${key} is asked twice.`);
      seen.add(key);
      if (company.ownerOfEntity(callerRef) !== undefined)
        throw new Violation(`${callerRef} is there, and ${key} is to end.`);
    }
  }
}
