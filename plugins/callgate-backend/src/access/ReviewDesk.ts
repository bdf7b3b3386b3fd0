import type {
  Capability,
  DueReview,
  ReviewPage,
  ReviewResult,
} from '@callgate/plugin-callgate-common';
import { InputError } from '@backstage/errors';
import { addDays, gapTitle } from '@callgate/policy';
import {
  needKey,
  plainNeeds,
  type StaffedNeed,
  Staffing,
  tallyOf,
  tallyWith,
} from '../approval';
import type { Ownership, Person } from '../ownership';
import type { ReviewedGrant } from '../reviews';
import type { AccessAsks } from './AccessAsks';
import type {
  ReadOptions,
  ReviewOf,
  ReviewQuery,
  WriteOptions,
} from './AccessService';
import type { AccessViews } from './AccessViews';
import { checkText } from './checkText';
import type { Decisions } from './Decisions';
import { domainError } from './domainError';
import { parseRef } from './parseRef';
import { replayHash } from './Replays';
import type { ServiceParts } from './ServiceParts';
import { systemOf } from './systemOf';
import type { AccessFacts } from './views/AccessFacts';
import { withGateways } from './views/gatewayLabels';
import { toGrantReview } from './views/grantReviews';
import type { LabelOf } from './views/Labels';
import { nameOf } from './views/Labels';
import { operationText } from './views/operations';

const ONLY_OWNERS_END =
  'Only owners of the API ask for the end of a grant here.';

/** A due grant, with what the reader may do about it. */
interface Row {
  reviewed: ReviewedGrant;
  keep: Capability;
  end: Capability;
}

/** What somebody decides about one grant, checked so far as keeping and ending are alike. */
interface Step {
  reviewed: ReviewedGrant;
  staffed: StaffedNeed[];
  note: string;
}

/** Looking at grants again: which are due, keeping them, and asking for their end. */
export class ReviewDesk {
  constructor(
    private readonly parts: ServiceParts,
    private readonly access: AccessViews,
    private readonly decisions: Decisions,
    private readonly asks: AccessAsks,
  ) {}

  async page(query: ReviewQuery, options: ReadOptions): Promise<ReviewPage> {
    const { credentials, sight } = options;
    const { ownership, labels, reviews, lifecycle } = this.parts;
    const person = await ownership.person(credentials);
    const facts = await this.access.facts();
    const { snapshot } = facts;
    const asked =
      lifecycle.reviewEvery !== undefined ||
      snapshot.approvalRules.some(({ rule }) => rule.reviewEvery !== undefined);
    if (sight?.reviews === false)
      return { items: [], total: 0, waiting: 0, hidden: 0, asked };
    // Most who ask what waits for them own nothing that is reviewed.
    const apis = reviews.apisOf(snapshot);
    const mine =
      ownership.fallback !== undefined && person.claims.has(ownership.fallback)
        ? apis
        : await ownership.owned(person, apis);
    const rows = await this.#rowsOf(
      await reviews.due(snapshot, mine),
      person,
      sight,
    );
    const hidden = new Set(
      await this.access.hiddenOf(
        [
          ...new Set(
            rows.flatMap(({ reviewed: { standing } }) => [
              standing.api,
              ...standing.callers,
            ]),
          ),
        ],
        credentials,
      ),
    );
    const ofSeenApis = rows.filter(
      ({ reviewed: { standing } }) => !hidden.has(standing.api),
    );
    const seen = ofSeenApis.filter(
      ({ reviewed: { standing } }) =>
        !standing.callers.some(ref => hidden.has(ref)),
    );
    const found = await labels.label(credentials, labelOf =>
      seen.filter(row => fits(row.reviewed, query, facts, labelOf)),
    );
    const start = query.cursor === undefined ? 0 : afterOf(found, query.cursor);
    const shown = found.slice(start, start + query.limit);
    const next = start + shown.length < found.length && shown[shown.length - 1];
    return labels.label(credentials, labelOf => ({
      items: shown.map(row => toDueReview(row, withGateways(facts, labelOf))),
      total: found.length,
      waiting: seen.filter(({ keep }) => keep.allowed).length,
      hidden: ofSeenApis.length - seen.length,
      asked,
      ...(next && { nextCursor: cursorOf(next) }),
    }));
  }

  /** Keeps a grant as it is. It is recorded, and changes nothing in Git. */
  async keep(review: ReviewOf, options: WriteOptions): Promise<ReviewResult> {
    const { reviews, notifier } = this.parts;
    const { ownership, labels } = this.parts;
    const person = await ownership.person(options.credentials);
    const { idempotencyKey: key } = options;
    const idempotency = key
      ? {
          key,
          bodyHash: replayHash({ action: 'keep', body: review }),
        }
      : undefined;
    const before =
      idempotency && (await reviews.answered(person.ref, idempotency));
    const told = (kept: Parameters<typeof toGrantReview>[0]) =>
      labels.label(options.credentials, labelOf => ({
        api: kept.api,
        grant: kept.grant,
        review: toGrantReview(kept, labelOf),
      }));
    if (before) return told(before);
    const step = await this.#step(
      review,
      { person, decision: 'keep' },
      options,
    );
    const tally = tallyOf(step.staffed, [], review.digest);
    const { places } = tallyWith(tally, person.ref);
    const kept = await reviews.keep(
      step.reviewed,
      {
        by: person.ref,
        role: places.get(person.ref) ?? needKey(step.staffed[0].need),
        ...(step.note && { note: step.note }),
      },
      idempotency,
    );
    if (!kept) {
      const mine =
        idempotency && (await reviews.answered(person.ref, idempotency));
      if (mine) return told(mine);
      throw notDue();
    }
    await notifier.changed({
      subject: 'review',
      id: kept.id,
      api: kept.api,
      grant: kept.grant,
    });
    return told(kept);
  }

  /** Asks for the end of a grant, for the API's side. What was shown is the grant: that it goes says what is lost. */
  async end(review: ReviewOf, options: WriteOptions): Promise<ReviewResult> {
    const { api, grant, digest, note = '', whenLast } = review;
    const { id, number, state } = await this.asks.create(
      {
        kind: 'end',
        ...{ api, grant, digest },
        // Those of the grant.
        caller: '',
        operations: [],
        reason: note,
        ...(whenLast && { whenLast }),
      },
      options,
      async () => {
        const person = await this.parts.ownership.person(options.credentials);
        const { reviewed, note: why } = await this.#step(
          review,
          { person, decision: 'end' },
          options,
        );
        if (why === '') {
          throw domainError(
            'reason-missing',
            'note is missing: say why it ends, so that the caller’s team knows.',
          );
        }
        if (reviewed.isLast && !whenLast) {
          throw domainError(
            'when-last-missing',
            'It is the only grant of this API: say whether the API stays closed or is open to everybody then.',
          );
        }
      },
    );
    return { api, grant, request: { id, number, state } };
  }

  /** What is alike in keeping and ending: who may, that it is due, and that it stands for what was shown. */
  async #step(
    review: ReviewOf,
    { person, decision }: { person: Person; decision: 'keep' | 'end' },
    { credentials }: WriteOptions,
  ): Promise<Step> {
    const { desk, reviews, ownership } = this.parts;
    const api = parseRef(review.api, 'api', ['api']);
    const note = checkText(review.note, 'note');
    const snapshot = await desk.snapshot({ fresh: true });
    const reviewed = await reviews.of(snapshot, api, review.grant);
    const hidden =
      reviewed &&
      (await this.access.hiddenOf(
        [api, ...reviewed.standing.callers],
        credentials,
      ));
    if (
      !reviewed ||
      hidden?.includes(api) ||
      hidden?.includes(reviewed.standing.caller)
    ) {
      throw domainError('no-such-grant', 'There is no such grant.');
    }
    const now = ownership.within();
    const staffed = await this.#staff(reviewed, now);
    const refusal =
      decision === 'keep'
        ? this.#refusalOf(reviewed, person, staffed)
        : await this.#mayNotEnd(api, person, now);
    if (refusal) throw refusal;
    if (hidden && hidden.length > 0) {
      throw domainError(
        'caller-hidden',
        'You may not see every caller that this is about, so you cannot decide about it.',
      );
    }
    if (!reviewed.term?.due) throw notDue();
    if (reviewed.standing.digest !== review.digest) {
      throw domainError(
        'meaning-changed',
        'What this grant stands for has changed since it was shown to you. Look at it again and decide then.',
      );
    }
    return { reviewed, staffed, note };
  }

  async #mayNotEnd(
    api: string,
    person: Person,
    ownership: Ownership,
  ): Promise<Error | undefined> {
    return (await ownership.owns(person, api))
      ? undefined
      : domainError('not-api-owner', ONLY_OWNERS_END);
  }

  /** Who may keep it: those who would decide a new request of whoever asked for it. */
  async #staff(
    { standing: { api, grant } }: ReviewedGrant,
    ownership: Ownership,
  ): Promise<StaffedNeed[]> {
    return new Staffing(ownership, this.parts).staff(
      plainNeeds(api),
      grant.requestedBy ?? '',
    );
  }

  #refusalOf(
    { standing: { grant, digest } }: ReviewedGrant,
    person: Person,
    staffed: readonly StaffedNeed[],
  ): Error | undefined {
    if (grant.requestedBy === person.ref) {
      return domainError(
        'self-approval',
        'You asked for this grant: another owner of the API reviews it.',
      );
    }
    return this.decisions.mayDecide(
      { requestedBy: grant.requestedBy ?? '' },
      person,
      tallyOf(staffed, [], digest),
    );
  }

  /** Those of some grants that a person may keep or end, with what of both. The catalog is asked a few times for all of them. */
  async #rowsOf(
    all: readonly ReviewedGrant[],
    person: Person,
    sight: ReadOptions['sight'],
  ): Promise<Row[]> {
    const ownership = this.parts.ownership.within();
    const apis = [...new Set(all.map(({ standing }) => standing.api))];
    const owned = new Set(await ownership.owned(person, apis));
    const staffed = new Map<string, Promise<StaffedNeed[]>>();
    const rows = await Promise.all(
      all.map(async (reviewed): Promise<Row[]> => {
        const { api, grant } = reviewed.standing;
        const key = JSON.stringify([api, grant.requestedBy]);
        const who = staffed.get(key) ?? this.#staff(reviewed, ownership);
        staffed.set(key, who);
        const refusal = this.#refusalOf(reviewed, person, await who);
        if (refusal && !owned.has(api)) return [];
        const keep: Capability = refusal
          ? { allowed: false, reason: refusal.message }
          : { allowed: true };
        return [{ reviewed, keep, end: mayEnd(owned.has(api), sight) }];
      }),
    );
    return rows.flat();
  }
}

function mayEnd(owns: boolean, sight: ReadOptions['sight']): Capability {
  if (sight?.asks === false)
    return {
      allowed: false,
      reason: 'The permission policy of this portal does not let you ask.',
    };
  return owns ? { allowed: true } : { allowed: false, reason: ONLY_OWNERS_END };
}

function notDue(): Error {
  return domainError(
    'not-due',
    'This grant is not due for a review any more: somebody reviewed or changed it meanwhile.',
  );
}

function fits(
  { standing }: ReviewedGrant,
  { api, system, text }: ReviewQuery,
  facts: AccessFacts,
  labelOf: LabelOf,
): boolean {
  if (api !== undefined && standing.api !== api) return false;
  if (
    system !== undefined &&
    systemOf(facts.entity(standing.caller)) !== system
  ) {
    return false;
  }
  const words = (text ?? '').toLocaleLowerCase('en-US').split(/\s+/);
  const labels = [labelOf(standing.api), labelOf(standing.caller)];
  const said = [
    ...labels.flatMap(label => [nameOf(label), label.name]),
    ...standing.operations.flatMap(each => [
      each.id ?? '',
      operationText({ ...each }),
    ]),
    standing.grant.reason ?? '',
    standing.grant.id,
  ]
    .join(' ')
    .toLocaleLowerCase('en-US');
  return words.every(word => said.includes(word));
}

function toDueReview(
  { reviewed: { standing, record, term, isLast }, keep, end }: Row,
  labelOf: LabelOf,
): DueReview {
  const { api, caller, grant, operations, writes, clusters, digest } = standing;
  const last = record.reviews[record.reviews.length - 1];
  return {
    api: labelOf(api),
    caller: labelOf(caller),
    grant: grant.id,
    operations: operations.map(each => ({ ...each })),
    writes,
    clusters: [...clusters],
    acceptedGaps: (grant.acknowledges ?? []).map(gapTitle),
    ...(grant.until !== undefined && { until: grant.until }),
    ...(grant.reason && { reason: grant.reason }),
    ...(grant.requestedBy && { requestedBy: labelOf(grant.requestedBy) }),
    ...(record.since !== undefined && {
      since: new Date(record.since).toISOString(),
    }),
    // On the day after the last one on which it stood.
    ...(term?.until !== undefined && { dueSince: addDays(term.until, 1) }),
    days: standing.review?.days ?? 0,
    ...(standing.review?.rule !== undefined && { rule: standing.review.rule }),
    ...(last && { lastReview: toGrantReview(last, labelOf) }),
    digest,
    last: isLast,
    keep,
    end,
  };
}

/** Where a page ended: its last grant. Pages go by API, caller and id, whatever was decided meanwhile. */
function cursorOf({ reviewed: { standing } }: Row): string {
  return Buffer.from(
    JSON.stringify([standing.api, standing.caller, standing.grant.id]),
  ).toString('base64url');
}

/** @throws InputError for anything that {@link cursorOf} did not write */
function afterOf(rows: readonly Row[], cursor: string): number {
  let last: unknown;
  try {
    last = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Answered below, like every other text that is no cursor.
  }
  if (
    !Array.isArray(last) ||
    last.length !== 3 ||
    last.some(part => typeof part !== 'string')
  ) {
    throw new InputError(
      'The cursor is not one that this list gave out. Start again without it.',
    );
  }
  const next = rows.findIndex(({ reviewed: { standing } }) => {
    const own = [standing.api, standing.caller, standing.grant.id];
    const at = own.findIndex((part, index) => part !== last[index]);
    return at >= 0 && own[at] > last[at];
  });
  return next < 0 ? rows.length : next;
}
