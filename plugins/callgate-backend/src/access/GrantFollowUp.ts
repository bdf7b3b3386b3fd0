import type {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  dayAt,
  daysUntil,
  formatCallerRef,
  type Grant,
  parseCallerRef,
} from '@callgate/policy';
import type { StoredRequest } from '../database/AccessStore';
import { plainNeeds, Staffing } from '../approval';
import type { Reminder, Reminders } from '../database/Reminders';
import { grantOf } from '../proposals/changeGrant';
import { declarationOf } from '../proposals/editDeclaration';
import type { ProposalPlanner } from '../proposals/ProposalPlanner';
import type { Snapshot } from '../proposals/types';
import type { GrantReviews, ReviewedGrant } from '../reviews';
import { CALLGATE_ACTOR } from '../actor';
import { askEnd } from './askEnd';
import { draftOf } from './draftOf';
import { recordedByCallgate } from './recordedByCallgate';
import { OPEN_STATES } from './requestLifecycle';
import type { Ownership } from '../ownership';
import type { ServiceParts } from './ServiceParts';

const ENTITY = /^(component|resource|system|domain|group):[^/]+\/.+$/;

/** People hear again so many days later of what is still to be reviewed. */
const REVIEW_AGAIN_DAYS = 7;

/** A grant that somebody is to be reminded of, because it ends. */
export interface DueGrant extends Reminder {
  kind: 'grant-ends';
  api: string;
  grant: string;
  /** Its last day. */
  until: string;
  /** So many days before it, as configured; `-1`: it is over. */
  step: number;
}

/** A grant that somebody is to look at again. */
export interface ReviewReminder extends Reminder {
  kind: 'review-due';
  api: string;
}

/** A grant that says its last day. */
interface DatedGrant {
  api: string;
  caller: string;
  grant: Grant & { until: string };
  /** Days until its last one; negative: it is over. */
  days: number;
}

/**
 * What goes by itself with grants that are there: their owners are reminded before the last day and of what is to be reviewed, the end is proposed on the day after,
 * and requests about grants that are gone end. It closes nothing: somebody merges what it proposes. It may run in several processes
 * at once, and after a while in which none did: the database keeps one open end for each grant, and one notification for each person
 * and day.
 */
export class GrantFollowUp {
  constructor(
    private readonly parts: Pick<
      ServiceParts,
      | 'requests'
      | 'proposals'
      | 'ownership'
      | 'notifier'
      | 'lifecycle'
      | 'platformTeam'
      | 'securityTeam'
      | 'now'
    > & {
      snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
      planner: Pick<ProposalPlanner, 'preview'>;
      reminders: Reminders;
      reviews: Pick<GrantReviews, 'due'>;
      /** Ends what nobody had approved; at its hour, and not with the day. */
      glass?: { runOnce(snapshot: Snapshot): Promise<void> };
      auditor: AuditorService;
      auth: Pick<AuthService, 'getOwnServiceCredentials'>;
      logger: LoggerService;
    },
  ) {}

  #done: { snapshot: Snapshot; day: string } | undefined;

  /** Looks at what is so now. What fails is logged and tried again with the next round. */
  async runOnce(): Promise<void> {
    const { snapshots, logger, requests, now } = this.parts;
    const snapshot = await snapshots.read({ fresh: true });
    const day = dayAt(now());
    // Declarations are read anew, or there is an error; of a cluster that cannot be read the rest goes on.
    await this.parts.glass?.runOnce(snapshot);
    if (snapshot === this.#done?.snapshot && day === this.#done.day) return;
    let complete = true;
    const attempt = async (what: string, step: () => Promise<void>) => {
      try {
        await step();
      } catch (error) {
        complete = false;
        logger.warn(`${what}: ${stringifyError(error)}`);
      }
    };
    for (const request of await requests.openChanges())
      await attempt(`Request ${request.number} could not be looked at`, () =>
        this.#follow(snapshot, request, day),
      );
    const dated = datedGrants(snapshot, day);
    for (const each of dated.filter(({ days }) => days < 0))
      await attempt(
        `The end of the grant ${each.grant.id} of ${each.api} could not be proposed`,
        () => this.#propose(snapshot, each),
      );
    await attempt('Nobody could be reminded', async () =>
      this.#remind(dated, await this.parts.reviews.due(snapshot), day),
    );
    if (complete) this.#done = { snapshot, day };
  }

  /** A request about a grant that is gone ends, and Callgate's own where the grant holds longer by now. */
  async #follow(
    snapshot: Snapshot,
    request: StoredRequest,
    day: string,
  ): Promise<void> {
    const { requests, proposals, notifier } = this.parts;
    const { id, apiRef, callerRef: caller, state } = request;
    const { held, proposeOn } = request.draft.change ?? {};
    const { change } = request.draft;
    const declaration = declarationOf(snapshot, apiRef);
    // Of a declaration that cannot be read nobody knows.
    if (!change || (declaration && !declaration.policy)) return;
    const grant = declaration && grantOf(declaration, { change, caller });
    const isRenewed =
      change.expired !== undefined &&
      grant !== undefined &&
      (change.glass
        ? grant.until !== change.expired
        : grant.until === undefined || daysUntil(day, grant.until) >= 0);
    if (grant && !isRenewed) {
      if (held && proposeOn !== undefined && daysUntil(day, proposeOn) <= 0)
        await requests.endNotice(id);
      if (!(await this.#isPreparableAgain(snapshot, request))) return;
    }
    // One with notice is in no pull request that could be merged.
    if (state !== 'submitted' && !held) {
      // It may be merged, which building finds out.
      await proposals.enqueue(apiRef);
      return;
    }
    const stays = isRenewed ? 'not-over' : 'preparable-again';
    const code = grant ? stays : 'grant-gone';
    const meta = { actionType: 'supersede', id, apiRef };
    const ended = await recordedByCallgate(this.parts, meta, () =>
      requests.change({
        id,
        event: 'supersede',
        version: request.version,
        facts: { code },
      }),
    );
    await notifier.withdrawn(ended);
  }

  /**
   * Of an end that Callgate asked for while its API had errors: what it means was not known, so that it waits for somebody. Once it
   * can be prepared it is asked for anew, and needs what any other end needs.
   */
  async #isPreparableAgain(
    snapshot: Snapshot,
    request: StoredRequest,
  ): Promise<boolean> {
    if (
      request.state !== 'submitted' ||
      request.requestedBy !== CALLGATE_ACTOR ||
      !request.shown.failed
    )
      return false;
    const { meaning } = await this.parts.planner.preview(
      snapshot,
      draftOf(request),
    );
    return !meaning.failed;
  }

  async #propose(
    snapshot: Snapshot,
    { api, caller, grant }: DatedGrant,
  ): Promise<void> {
    const { requests, notifier } = this.parts;
    const asked = await requests.requestsOfGrant(api, grant.id);
    // Whoever said no to it keeps the grant as it is; another last day is asked about anew.
    const isSettled = asked.some(
      ({ draft: { change }, callerRef, state }) =>
        change?.expired === grant.until &&
        // That its hour was over said nothing of its day.
        change.glass === undefined &&
        change.request === grant.request &&
        callerRef === caller &&
        state !== 'superseded' &&
        state !== 'merged',
    );
    const endsAlready = asked.some(
      ({ draft: { change }, state }) =>
        change?.kind === 'end' && OPEN_STATES.includes(state),
    );
    if (isSettled || endsAlready) return;
    const done = await askEnd(this.parts, snapshot, {
      ...{ api, caller, grant },
      because: { expired: grant.until },
    });
    if (done) await notifier.withdrawn(done.stored);
  }

  /**
   * Each person hears once a day at most, of everything together: of each end once for every time that is configured, and of what they
   * are to review again after a week.
   */
  async #remind(
    dated: readonly DatedGrant[],
    unreviewed: readonly ReviewedGrant[],
    day: string,
  ): Promise<void> {
    const { ownership, reminders, notifier, logger } = this.parts;
    const owners = ownership.within();
    const due = new Map<string, (DueGrant | ReviewReminder)[]>();
    const add = (person: string, reminder: DueGrant | ReviewReminder) => {
      const known = due.get(person);
      if (known) known.push(reminder);
      else due.set(person, [reminder]);
    };
    await this.#addEnds(dated, owners, add);
    await this.#addReviews(unreviewed, owners, add);
    for (const [person, all] of due) {
      try {
        const told = await reminders.claim(person, day, all);
        if (told.length === 0) continue;
        await notifier.grantsDue(person, {
          ends: told.filter(isEnd),
          // Of what is to be reviewed all, once any of it is told: it is one page.
          reviews: told.every(isEnd) ? [] : all.filter(isReview),
        });
      } catch (error) {
        logger.warn(
          `${person} could not be reminded: ${stringifyError(error)}`,
        );
      }
    }
  }

  async #addEnds(
    dated: readonly DatedGrant[],
    owners: Ownership,
    add: (person: string, reminder: DueGrant) => void,
  ): Promise<void> {
    for (const { api, caller, grant, days } of dated) {
      const { id, until } = grant;
      const step = stepOf(days, this.parts.lifecycle.remindDays);
      if (step === undefined) continue;
      const refs = [api, ...(ENTITY.test(caller) ? [caller] : [])];
      const groups = await Promise.all(refs.map(ref => owners.ownersOf(ref)));
      for (const person of await owners.peopleOf([...new Set(groups.flat())]))
        add(person, {
          kind: 'grant-ends',
          subject: [api, id, until, step],
          ...{ api, until, step },
          grant: id,
        });
    }
  }

  async #addReviews(
    unreviewed: readonly ReviewedGrant[],
    owners: Ownership,
    add: (person: string, reminder: ReviewReminder) => void,
  ): Promise<void> {
    const staffing = new Staffing(owners, this.parts);
    const known = new Map<string, Promise<string[]>>();
    const reviewersOf = async (api: string, requester: string) => {
      const staffed = await staffing.staff(plainNeeds(api), requester);
      return [...new Set(staffed.flatMap(({ who }) => who.people))];
    };
    for (const { standing, record } of unreviewed) {
      const { api, grant } = standing;
      const key = JSON.stringify([api, grant.requestedBy]);
      const people =
        known.get(key) ?? reviewersOf(api, grant.requestedBy ?? '');
      known.set(key, people);
      for (const person of await people)
        add(person, {
          kind: 'review-due',
          // What was decided since makes it another one, when it is due again.
          subject: [api, grant.id, record.last?.id ?? ''],
          again: REVIEW_AGAIN_DAYS,
          api,
        });
    }
  }
}

function isEnd(each: DueGrant | ReviewReminder): each is DueGrant {
  return each.kind === 'grant-ends';
}

function isReview(each: DueGrant | ReviewReminder): each is ReviewReminder {
  return each.kind === 'review-due';
}

/** The last of the reminders that are due; `-1` for a grant that is over. What was missed in between is not made up for. */
function stepOf(
  days: number,
  remindDays: readonly number[],
): number | undefined {
  if (days < 0) return -1;
  const due = remindDays.filter(each => days <= each);
  return due.length > 0 ? Math.min(...due) : undefined;
}

/** Grants with a last day, of declarations that can be read. */
function datedGrants({ policies }: Snapshot, today: string): DatedGrant[] {
  return policies.flatMap(({ policy }) =>
    (policy?.spec.grants ?? []).flatMap((grant): DatedGrant[] => {
      const { until } = grant;
      if (!policy || until === undefined) return [];
      const caller = parseCallerRef(grant.caller, policy.metadata.namespace);
      return [
        {
          api: policy.spec.api,
          caller: caller ? formatCallerRef(caller) : grant.caller,
          grant: { ...grant, until },
          days: daysUntil(today, until),
        },
      ];
    }),
  );
}
