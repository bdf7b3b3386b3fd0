import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { dayAt, type Escalation } from '@callgate/policy';
import { Staffing, tallyOf, whoCanStill } from '../approval';
import type { Reminder, Reminders } from '../database/Reminders';
import type { StoredApproval, StoredRequest } from '../database/AccessStore';
import type { Snapshot } from '../proposals/types';
import type { ServiceParts } from './ServiceParts';

const HOUR_MS = 3_600_000;
/** More than these are looked at in the next round, when some of them are decided. */
const MOST_REQUESTS = 1_000;

/** A request that waits, with how long it has. */
export interface LongWait extends Reminder {
  kind: 'request-waits';
  about: StoredRequest;
  /** `remind`: to those who can decide. `escalate`: to the group that hears of it in the end. */
  step: 'remind' | 'escalate';
  /** Full days. */
  days: number;
}

/**
 * Tells people of requests that wait for long, as the rules of who approves say: those who can still decide are reminded, and
 * after that a group hears of it, which decides nothing by that. It may run in several processes at once, and after a while in
 * which none did: each person and group hears once of each wait and step, and at most once a day, of all of them together.
 */
export class ApprovalFollowUp {
  constructor(
    private readonly parts: Pick<
      ServiceParts,
      | 'requests'
      | 'ownership'
      | 'notifier'
      | 'platformTeam'
      | 'securityTeam'
      | 'now'
    > & {
      snapshots: { read(): Promise<Snapshot> };
      reminders: Reminders;
      logger: LoggerService;
    },
  ) {}

  /** Looks at what waits now. What fails is logged and tried again with the next round. */
  async runOnce(): Promise<void> {
    const { snapshots, requests, reminders, notifier, now } = this.parts;
    const { escalate } = await snapshots.read();
    const first = escalate && firstStepOf(escalate);
    if (!escalate || first === undefined) return;
    const { items } = await requests.listRequests(
      { states: ['submitted'], sort: 'oldest' },
      { limit: MOST_REQUESTS },
    );
    const old = items.filter(
      ({ createdAt }) => now() - createdAt >= first * HOUR_MS,
    );
    const due = await this.#dueOf(old, escalate);
    const day = dayAt(now());
    for (const [person, waits] of due) {
      try {
        const told = await reminders.claim(person, day, waits);
        if (told.length > 0) await notifier.requestsWait(person, told);
      } catch (error) {
        this.parts.logger.warn(
          `${person} could not be told of requests that wait: ${stringifyError(
            error,
          )}`,
        );
      }
    }
  }

  async #dueOf(
    waiting: readonly StoredRequest[],
    { remindHours, afterHours, to }: Escalation,
  ): Promise<Map<string, LongWait[]>> {
    const { requests, logger, now } = this.parts;
    const due = new Map<string, LongWait[]>();
    const add = (person: string, wait: LongWait) =>
      due.set(person, [...(due.get(person) ?? []), wait]);
    const approvals = new Map<string, StoredApproval[]>();
    for (const each of await requests.approvals(waiting.map(({ id }) => id)))
      approvals.set(each.requestId, [
        ...(approvals.get(each.requestId) ?? []),
        each,
      ]);
    for (const about of waiting) {
      try {
        const since = await this.#waitsSince(about);
        const waited = now() - since;
        const waitAt = (step: LongWait['step']): LongWait => ({
          kind: 'request-waits',
          // Whoever approves it again waits anew.
          subject: [about.id, since, step],
          ...{ about, step },
          days: Math.floor(waited / (24 * HOUR_MS)),
        });
        if (remindHours !== undefined && waited >= remindHours * HOUR_MS)
          for (const person of await this.#deciders(
            about,
            approvals.get(about.id) ?? [],
          ))
            add(person, waitAt('remind'));
        if (
          to !== undefined &&
          afterHours !== undefined &&
          waited >= afterHours * HOUR_MS
        )
          add(to, waitAt('escalate'));
      } catch (error) {
        logger.warn(
          `For whom request ${
            about.number
          } waits could not be told: ${stringifyError(error)}`,
        );
      }
    }
    return due;
  }

  /** Since when it waits: it was sent, or has to be approved again. */
  async #waitsSince({ id, createdAt }: StoredRequest): Promise<number> {
    const steps = await this.parts.requests.transitions(id);
    return steps
      .filter(({ from, to }) => to === 'submitted' && from !== 'submitted')
      .reduce((last, { at }) => Math.max(last, at), createdAt);
  }

  /** Who can still meet a need that is open. */
  async #deciders(
    { needs, requestedBy, shown }: StoredRequest,
    approvals: readonly StoredApproval[],
  ): Promise<string[]> {
    const staffed = await new Staffing(
      this.parts.ownership.within(),
      this.parts,
    ).staff(needs, requestedBy);
    const tally = tallyOf(staffed, approvals, shown.digest);
    return [
      ...new Set(
        tally.needs.flatMap(({ open }, index) =>
          open > 0 ? whoCanStill(tally, index) : [],
        ),
      ),
    ];
  }
}

function firstStepOf({
  remindHours,
  afterHours,
}: Escalation): number | undefined {
  const hours = [remindHours, afterHours].filter(each => each !== undefined);
  return hours.length > 0 ? Math.min(...hours) : undefined;
}
