import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  CALLGATE_EVENT_TOPIC,
  CALLGATE_SIGNAL_CHANNEL,
  type CallgateChange,
  type CallgateEvent,
} from '@callgate/plugin-callgate-common';
import { CALLGATE_ACTOR, programName } from '../actor';
import { Staffing } from '../approval/Staffing';
import type { StoredRequest } from '../database/AccessStore';
import type { DecidersOf, Ownership } from '../ownership';
import type { LongWait } from './ApprovalFollowUp';
import type { DueGrant, ReviewReminder } from './GrantFollowUp';
import { sayDay } from './views/sayDay';
import type { CascadeNotice } from './CascadeFollowUp';
import { cascadeMessage } from './cascadeMessage';
import { NoticeWords, type NoticeNames } from './NoticeWords';
import { UNDECIDED_STATES } from './requestLifecycle';
import { requestEvent } from './requestEvent';

/** How a request goes on in the policy repository. */
export type Progress =
  | 'proposed'
  | 'merged'
  | 'closed'
  | 'meaning-changed'
  | 'failed';

const PROGRESS: Record<Progress, (what: string) => string> = {
  proposed: what => `The pull request is open: ${what}`,
  merged: what => `Merged: ${what}`,
  closed: what => `The pull request was closed unmerged: ${what}`,
  'meaning-changed': what => `Has to be approved again: ${what}`,
  failed: what => `The pull request cannot be built: ${what}`,
};

type Payload = { title: string; description?: string; severity?: 'low' };

interface Options {
  notifications: NotificationService;
  signals: SignalsService;
  events: EventsService;
  logger: LoggerService;
  ownership: Ownership;
  /** Names of APIs, operations and people. */
  words: NoticeWords;
  /** Full ref of a group. */
  platformTeam?: string;
  securityTeam?: string;
}

/** Full ref of a person. */
const USER_REF = /^user:[^/\s]+\/[^/\s]+$/;

/** A notification names no more grants than these. */
const MOST_LINES = 20;

/** What becomes of a grant where nobody has to approve it. */
const IS = { change: 'is cut back', renew: 'is renewed', end: 'ends' } as const;

/** What becomes of it if somebody approves. */
const MAY = {
  change: 'is to be changed',
  renew: 'is to be renewed',
  end: 'is to end',
} as const;

/**
 * Tells people and other plugins what happened, after it was stored. A message that cannot be sent is logged and never
 * fails what was done.
 *
 * A message goes to groups, whose members may not all see the same, and stays in their inboxes. So it says which API,
 * operations and request it is about, which its recipients own or asked for, and never who calls: the page behind the link
 * tells each of them what they may know.
 *
 * What waits for deciders has a scope of its own, and is replaced when anybody has decided. How it goes on is for the
 * requester and the owners of the caller. Nobody is told what they did themselves.
 */
export class ChangeNotifier {
  static create(options: Options): ChangeNotifier {
    return new ChangeNotifier(options);
  }

  private constructor(private readonly options: Options) {}

  /**
   * Tells the deciders of every open need.
   *
   * @param concerned - who else hears of what is to be confirmed: the owners of the caller
   */
  async submitted(
    request: StoredRequest,
    needs: readonly { who: DecidersOf }[],
    concerned: readonly string[] = [],
  ): Promise<void> {
    const { number, draft, requestedBy } = request;
    const names = await this.options.words.of(request);
    const deciders = ownersIn(needs);
    await this.#waits(
      deciders,
      request,
      draft.confirm
        ? {
            title: confirmTitle(request, names),
            description: `Request ${number}. It says what was approved, what is new, and what it opens.`,
          }
        : {
            title: `Somebody asks for ${names.what}`,
            description: `Request ${number}. It says who calls, what it opens and whom it cuts.`,
          },
      // Who asks for an API of their own group waits for the others.
      requestedBy,
    );
    await this.#goesOn(
      concerned.filter(ref => !deciders.includes(ref)),
      request,
      {
        title: `Your access has to be confirmed: ${names.what}`,
        description: `Request ${number}. What was approved stays open; what is new is not, until an owner of the API has confirmed it.`,
      },
    );
    await this.#requestChanged(request);
  }

  /**
   * Tells whoever decides on a change of a grant, and the side that did not ask.
   *
   * @param told - who hears of it whoever decides: owners of the caller, and of the API
   */
  async changeAsked(
    request: StoredRequest,
    needs: readonly { who: DecidersOf }[],
    told: { callers: readonly string[]; owners: readonly string[] },
  ): Promise<void> {
    const { kind } = request.draft.change ?? { kind: 'change' as const };
    const { what } = await this.options.words.of(request);
    const deciders = ownersIn(needs);
    const goesOn = request.state === 'approved';
    const { held, proposeOn = '' } = request.draft.change ?? {};
    const description = `Request ${
      request.number
    }. It says who loses and who gains what.${
      held ? ` It will be proposed on ${sayDay(proposeOn)}.` : ''
    }`;
    const by = request.requestedBy;
    await this.#waits(
      deciders,
      request,
      { title: `Somebody asks to ${kind} a grant: ${what}`, description },
      by,
    );
    const others = (refs: readonly string[]) =>
      refs.filter(ref => !deciders.includes(ref));
    await this.#goesOn(
      others(told.owners).filter(ref => ref !== by),
      request,
      {
        title: `A grant ${goesOn ? IS[kind] : MAY[kind]}: ${what}`,
        description,
      },
    );
    await this.#goesOn(
      others(told.callers).filter(
        ref => ref !== by && !told.owners.includes(ref),
      ),
      request,
      {
        title: `Your access ${goesOn ? IS[kind] : MAY[kind]}: ${what}`,
        description,
      },
    );
    await this.#requestChanged(request);
  }

  /**
   * It could not wait: tells those who decide afterwards, and the security team, at once.
   *
   * @param needs - whose approval it would have needed
   */
  async glassBroken(
    request: StoredRequest,
    needs: readonly { who: DecidersOf }[],
  ): Promise<void> {
    const { number, requestedBy } = request;
    const { what } = await this.options.words.of(request);
    const deciders = ownersIn(needs);
    await this.#waits(
      deciders,
      request,
      {
        title: `Could not wait, decide afterwards: ${what}`,
        description: `Request ${number}. It goes on before anybody approves it. It says who calls, what it opens and when it ends; if you reject it, its end is asked for at once.`,
      },
      requestedBy,
    );
    const { securityTeam } = this.options;
    await this.#goesOn(
      securityTeam && !deciders.includes(securityTeam) ? [securityTeam] : [],
      request,
      {
        title: `Could not wait (break-glass): ${what}`,
        description: `Request ${number}. It goes on before anybody approves it; those who decide have been told.`,
      },
    );
    await this.#requestChanged(request);
  }

  /** Tells whoever asked, the security team, and those who decide that they are waited for no more. */
  async decidedAfterwards(
    request: StoredRequest,
    decision: 'confirmed' | 'in part' | 'rejected',
    by: string,
    note?: string,
  ): Promise<void> {
    const names = await this.options.words.of(request);
    const who = names.who(by);
    const title = {
      confirmed: `${who} confirmed afterwards: ${names.what}`,
      'in part': `${who} confirmed afterwards: ${names.what}; it needs more approvals`,
      rejected: `${who} rejected afterwards, so that it is to end at once: ${names.what}`,
    }[decision];
    await this.#goesOn(
      await this.#askersAndSecurity(request),
      request,
      { title, ...(note && { description: note }) },
      by,
    );
    if (decision !== 'in part') await this.#endsWait(request, title, by);
    else
      await this.#waits([by], request, {
        title,
        description: nothingWaits(request),
        severity: 'low',
      });
    await this.#requestChanged(request);
  }

  /** Its time is over: tells whoever asked and the security team, and those who decide that they are waited for no more. */
  async glassOver(request: StoredRequest): Promise<void> {
    const { what } = await this.options.words.of(request);
    const nobody = request.breakGlass?.afterwards === 'lapsed';
    const title = `${
      nobody ? 'Over, and nobody has decided' : 'Over'
    }: ${what}`;
    await this.#goesOn(await this.#askersAndSecurity(request), request, {
      title,
      description: `Request ${request.number}. What it opened is proposed to end.`,
    });
    if (nobody) await this.#endsWait(request, title, undefined);
    await this.#requestChanged(request);
  }

  async #askersAndSecurity(request: StoredRequest): Promise<string[]> {
    const { securityTeam } = this.options;
    return [
      ...new Set([
        ...(await this.#askers(request)),
        ...(securityTeam ? [securityTeam] : []),
      ]),
    ];
  }

  async decided(
    request: StoredRequest,
    decision: 'approved' | 'rejected',
    by: string,
    note?: string,
  ): Promise<void> {
    const names = await this.options.words.of(request);
    const title = `${names.who(by)} ${decision} ${names.what}`;
    await this.#goesOn(
      await this.#askers(request),
      request,
      { title, ...(note && { description: note }) },
      by,
    );
    await this.#endsWait(request, title, by);
    await this.#requestChanged(request);
  }

  /** It is the requester's turn: they hear what to change, and deciders that nothing waits for them. */
  async changeWanted(
    request: StoredRequest,
    by: string,
    note: string,
  ): Promise<void> {
    const names = await this.options.words.of(request);
    const title = `${names.who(by)} asks for a change: ${names.what}`;
    await this.#goesOn(
      await this.#askers(request),
      request,
      { title, description: note },
      by,
    );
    await this.#endsWait(request, title, by);
    await this.#requestChanged(request);
  }

  /** The requester changed it, and it waits for its deciders again. */
  async revised(
    request: StoredRequest,
    needs: readonly { who: DecidersOf }[],
  ): Promise<void> {
    const { what } = await this.options.words.of(request);
    await this.#waits(
      ownersIn(needs),
      request,
      {
        title: `Changed and sent again: ${what}`,
        description: `Request ${request.number}. It says what is different.`,
      },
      request.requestedBy,
    );
    await this.#requestChanged(request);
  }

  /**
   * Tells whoever asked and whoever decides that somebody said something, and those who are named in it. What was said is
   * for those who may read the request.
   */
  async commented(
    request: StoredRequest,
    by: string,
    mentions: readonly string[],
  ): Promise<void> {
    const names = await this.options.words.of(request);
    const open = UNDECIDED_STATES.includes(request.state);
    const involved = [
      ...(await this.#askers(request)),
      ...(open ? await this.#deciders(request) : []),
    ].filter(ref => !mentions.includes(ref));
    const description = `Request ${request.number}. Open it to read what was said.`;
    const scope = `${request.id}:talk`;
    await this.#notify(
      [...new Set(involved)],
      request,
      scope,
      { title: `${names.who(by)} commented on ${names.what}`, description },
      [by],
    );
    // Who is named may have nothing to do with the API, and not see it.
    await this.#notify(
      [...mentions],
      request,
      scope,
      {
        title: `${names.who(by)} mentions you in a request`,
        description,
      },
      [by],
    );
    await this.#requestChanged(request);
  }

  /**
   * Tells whoever asked for what a pull request carries, and the owners of those callers, that something was said on it: in one message,
   * however much it was. Who said it is no entity on most forges, so they may hear of their own words.
   *
   * @param requests - that it carries
   * @param by - who said it, as the forge says it
   */
  async saidOnForge(
    proposal: { id: string; api: string; number: number },
    requests: readonly StoredRequest[],
    by: readonly string[],
  ): Promise<void> {
    const askers = new Set<string>();
    for (const request of requests)
      for (const ref of await this.#askers(request))
        if (!programName(ref)) askers.add(ref);
    const [author, ...others] = new Set(by);
    // Whoever alone said something knows.
    const except = others.length === 0 && USER_REF.test(author) ? [author] : [];
    const entityRef = [...askers].filter(ref => !except.includes(ref));
    if (entityRef.length > 0) {
      const titleOf = await this.options.words.titles();
      const link =
        requests.length === 1
          ? `/access/requests/${requests[0].id}`
          : `/access/proposals/${proposal.id}`;
      await this.#try(() =>
        this.options.notifications.send({
          recipients: {
            type: 'entity',
            entityRef,
            ...(except.length > 0 && { excludeEntityRef: except }),
          },
          payload: {
            title: `Somebody said something on a pull request: access to ${titleOf(
              proposal.api,
            )}`,
            description: `Pull request ${proposal.number}. Open it to read what was said.`,
            ...{ link, topic: 'access-request' },
            scope: `proposal:${proposal.id}:talk`,
          },
        }),
      );
    }
    for (const request of requests) await this.#requestChanged(request);
  }

  /**
   * Tells whoever asked, and the owners of the API, that nobody had to approve.
   *
   * @param owners - of the API
   */
  async approvedByRule(
    request: StoredRequest,
    rule: string,
    owners: readonly string[],
  ): Promise<void> {
    const { what } = await this.options.words.of(request);
    const askers = await this.#askers(request);
    await this.#goesOn([...new Set([...askers, ...owners])], request, {
      title: `Approved by the rule ${rule}: ${what}`,
      description: `Request ${request.number}. Nobody had to approve it; it says what it opens.`,
    });
    await this.#requestChanged(request);
  }

  /** Tells whoever asked that somebody approved and others have to. */
  async approvedInPart(
    request: StoredRequest,
    by: string,
    note?: string,
  ): Promise<void> {
    const names = await this.options.words.of(request);
    const title = `${names.who(by)} approved ${
      names.what
    }; it needs more approvals`;
    await this.#goesOn(
      await this.#askers(request),
      request,
      { title, ...(note && { description: note }) },
      by,
    );
    await this.#requestChanged(request);
  }

  /**
   * It is withdrawn, or nothing is left to decide: nobody is waited for.
   *
   * @param by - who withdrew it
   */
  async withdrawn(request: StoredRequest, by?: string): Promise<void> {
    const { what } = await this.options.words.of(request);
    await this.#endsWait(
      request,
      request.state === 'superseded'
        ? `Nothing is left to decide: ${what}`
        : `Withdrawn: ${what}`,
      by,
    );
    await this.#requestChanged(request);
  }

  /**
   * Tells whoever asked what happened in the policy repository, and deciders when it is their turn again.
   *
   * @param by - who merged or closed the pull request, as the forge says it
   */
  async progressed(
    request: StoredRequest,
    how: Progress,
    by?: string,
  ): Promise<void> {
    const { what } = await this.options.words.of(request);
    await this.#goesOn(
      await this.#askers(request),
      request,
      { title: PROGRESS[how](what) },
      by,
    );
    if (how === 'meaning-changed') {
      await this.#waits(
        await this.#deciders(request),
        request,
        {
          title: `To be approved again: ${what}`,
          description: `Request ${request.number}. What it means has changed since it was approved.`,
        },
        request.requestedBy,
      );
    }
  }

  /** Whoever asked, and the owners of the caller. */
  async #askers({ requestedBy, callerRef }: StoredRequest): Promise<string[]> {
    const owners = await this.#asked(
      () => this.options.ownership.ownersOf(callerRef),
      [],
    );
    return [...new Set([requestedBy, ...owners])];
  }

  async #deciders({ needs, requestedBy }: StoredRequest): Promise<string[]> {
    const { ownership } = this.options;
    const staffed = await this.#asked(
      () =>
        new Staffing(ownership.within(), this.options).staff(
          needs,
          requestedBy,
        ),
      [],
    );
    return ownersIn(staffed);
  }

  async #endsWait(
    request: StoredRequest,
    title: string,
    by: string | undefined,
  ): Promise<void> {
    await this.#waits(
      await this.#deciders(request),
      request,
      { title, description: nothingWaits(request), severity: 'low' },
      by,
      request.requestedBy,
    );
  }

  async #requestChanged(request: StoredRequest): Promise<void> {
    await this.changed(requestEvent(request));
  }

  /** Tells a person of all grants of theirs that end soon, are over, or are to be reviewed, in one message. */
  async grantsDue(
    person: string,
    due: {
      ends: readonly DueGrant[];
      reviews: readonly ReviewReminder[];
    },
  ): Promise<void> {
    const { ends, reviews } = due;
    const soon = ends.filter(({ step }) => step >= 0).length;
    const over = ends.length - soon;
    const count = (number: number) =>
      `${number} grant${number === 1 ? '' : 's'}`;
    const title = [
      ...(soon > 0
        ? [`${count(soon)} of yours end${soon === 1 ? 's' : ''} soon`]
        : []),
      ...(over > 0
        ? [`${count(over)} of yours ${over === 1 ? 'is' : 'are'} over`]
        : []),
      ...(reviews.length > 0
        ? [
            `${count(reviews.length)} ${
              reviews.length === 1 ? 'waits' : 'wait'
            } for your review`,
          ]
        : []),
    ].join(', ');
    const titleOf = await this.options.words.titles();
    const apis = [...new Set(reviews.map(({ api }) => api))];
    const lines = [
      ...new Set(
        ends.map(
          ({ api, until, step }) =>
            `${titleOf(api)}: ${
              step < 0
                ? `was until ${until}, its end is proposed`
                : `until ${until}`
            }`,
        ),
      ),
      ...apis.map(api => {
        const number = reviews.filter(each => each.api === api).length;
        return `${titleOf(api)}: ${count(number)} to review`;
      }),
    ];
    const more = lines.length - MOST_LINES;
    const topic = ends.length > 0 ? 'grants-end' : 'grants-review';
    await this.#try(() =>
      this.options.notifications.send({
        recipients: { type: 'entity', entityRef: [person] },
        payload: {
          title,
          description: [
            ...lines.slice(0, MOST_LINES),
            ...(more > 0 ? [`and ${more} more`] : []),
          ].join('\n'),
          link: ends.length > 0 ? '/access' : '/access/reviews',
          topic,
          scope: topic,
        },
      }),
    );
  }

  /** Tells a person of everything that went or changed and that grants of theirs name, in one message. */
  async cascaded(
    person: string,
    notices: readonly CascadeNotice[],
  ): Promise<void> {
    const titleOf = await this.options.words.titles();
    await this.#try(() =>
      this.options.notifications.send({
        recipients: { type: 'entity', entityRef: [person] },
        payload: {
          ...cascadeMessage(notices, titleOf),
          topic: 'grants-cascade',
          scope: 'grants-cascade',
        },
      }),
    );
  }

  /** Tells a person, or the group that hears of it in the end, of all requests that have waited for long, in one message. */
  async requestsWait(
    recipient: string,
    waits: readonly LongWait[],
  ): Promise<void> {
    const reminded = waits.filter(({ step }) => step === 'remind').length;
    const others = waits.length - reminded;
    const count = (number: number) =>
      number === 1 ? '1 request' : `${number} requests`;
    const title = [
      ...(reminded > 0
        ? [`${count(reminded)} still wait${reminded === 1 ? 's' : ''} for you`]
        : []),
      ...(others > 0
        ? [
            `${count(others)} that nobody decides wait${
              others === 1 ? 's' : ''
            }`,
          ]
        : []),
    ].join(', ');
    const titleOf = await this.options.words.titles();
    const lines = [
      ...new Set(
        waits.map(
          ({ about, days }) =>
            `${titleOf(about.apiRef)}: request ${about.number}, for ${
              days === 1 ? '1 day' : `${days} days`
            }`,
        ),
      ),
    ];
    const more = lines.length - MOST_LINES;
    await this.#try(() =>
      this.options.notifications.send({
        recipients: { type: 'entity', entityRef: [recipient] },
        payload: {
          title,
          description: [
            ...lines.slice(0, MOST_LINES),
            ...(more > 0 ? [`and ${more} more`] : []),
          ].join('\n'),
          link:
            lines.length === 1
              ? `/access/requests/${waits[0].about.id}`
              : '/access/requests',
          topic: 'requests-wait',
          scope: 'requests-wait',
        },
      }),
    );
  }

  /**
   * Tells both sides what became of a grant.
   *
   * @param parties - who asked, and the owners of both sides as of when it was asked
   * @param what - the end of a sentence: `has ended`
   * @param by - who merged it, as the forge says it
   */
  async grantChanged(
    request: StoredRequest,
    parties: readonly string[],
    what: string,
    by?: string,
  ): Promise<void> {
    const names = await this.options.words.of(request);
    await this.#goesOn(
      [...new Set(parties)],
      request,
      {
        title: `A grant ${what}: ${names.what}`,
        description:
          by === CALLGATE_ACTOR
            ? `Request ${request.number} is merged. It only ended what was over, so Callgate did that by itself.`
            : `Request ${request.number} is merged.`,
      },
      by,
    );
  }

  /** Events for other plugins; signals for open pages, which everybody hears: so they name nothing. */
  async changed(event: CallgateEvent): Promise<void> {
    const { subject, id } = event;
    const message: CallgateChange = {
      ...{ subject, id },
      ...('state' in event && { state: event.state }),
    };
    await this.#try(() =>
      this.options.events.publish({
        topic: CALLGATE_EVENT_TOPIC,
        eventPayload: event,
      }),
    );
    await this.#signal(message);
  }

  /** Open pages hear that something else runs now, by its digest. It is nothing that other plugins are told. */
  async estateChanged(digest: string): Promise<void> {
    await this.#signal({ subject: 'estate', id: digest });
  }

  async #signal(message: CallgateChange): Promise<void> {
    await this.#try(() =>
      this.options.signals.publish({
        recipients: { type: 'broadcast' },
        channel: CALLGATE_SIGNAL_CHANNEL,
        message: { ...message },
      }),
    );
  }

  #goesOn(
    recipients: string[],
    request: StoredRequest,
    payload: Payload,
    ...excluded: (string | undefined)[]
  ) {
    return this.#notify(recipients, request, request.id, payload, excluded);
  }

  #waits(
    recipients: string[],
    request: StoredRequest,
    payload: Payload,
    ...excluded: (string | undefined)[]
  ) {
    const scope = `${request.id}:decide`;
    return this.#notify(recipients, request, scope, payload, excluded);
  }

  async #notify(
    recipients: string[],
    request: StoredRequest,
    scope: string,
    payload: Payload,
    excluded: readonly (string | undefined)[],
  ): Promise<void> {
    // Whoever merges on a forge may be known by their name there alone.
    const except = [...new Set(excluded)].filter(
      ref => ref !== undefined && USER_REF.test(ref),
    ) as string[];
    // Callgate and services ask as well, and read nothing.
    const entityRef = recipients.filter(
      ref => !programName(ref) && !except.includes(ref),
    );
    if (entityRef.length > 0) {
      await this.#try(() =>
        this.options.notifications.send({
          recipients: {
            type: 'entity',
            entityRef,
            ...(except.length > 0 && { excludeEntityRef: except }),
          },
          payload: {
            // Without one, that of the notification which it replaces would stand on, such as another approver's note.
            description: `Request ${request.number}.`,
            ...payload,
            link: `/access/requests/${request.id}`,
            topic: 'access-request',
            scope,
          },
        }),
      );
    }
  }

  /** The catalog's answer, or another where it gives none: whoever can be told is told. */
  async #asked<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.options.logger.warn(
        `Whom to tell of a change could not be asked of the catalog: ${stringifyError(
          error,
        )}`,
      );
      return otherwise;
    }
  }

  async #try(send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      this.options.logger.warn(
        `A message about a change could not be sent: ${stringifyError(error)}`,
      );
    }
  }
}

function ownersIn(needs: readonly { who: DecidersOf }[]): string[] {
  return [...new Set(needs.flatMap(({ who }) => who.owners))];
}

function confirmTitle(
  { draft: { confirm } }: StoredRequest,
  { api, what }: NoticeNames,
): string {
  return confirm && 'provider' in confirm
    ? `Somebody says that they provide ${api}: is it so?`
    : `Somebody with access runs as something else now, does it stand? ${what}`;
}

function nothingWaits({ number }: StoredRequest): string {
  return `Request ${number}. Nothing waits for you here any more.`;
}
