import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  CALLGATE_EVENT_TOPIC,
  CALLGATE_SIGNAL_CHANNEL,
  type CallgateChange,
} from '@callgate/plugin-callgate-common';
import { CALLGATE_ACTOR } from '../actor';
import type { StoredRequest } from '../database/AccessStore';
import type { DueGrant } from '../database/GrantReminders';
import type { DecidersOf } from '../ownership';

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
 * A message goes to groups, whose members may not all see the same, and stays in their inboxes. So it says which API and
 * which request it is about, which its recipients own or asked for, and never who calls: the page behind the link tells
 * each of them what they may know.
 */
export class ChangeNotifier {
  static create(options: {
    notifications: NotificationService;
    signals: SignalsService;
    events: EventsService;
    logger: LoggerService;
  }): ChangeNotifier {
    return new ChangeNotifier(options);
  }

  private constructor(
    private readonly options: {
      notifications: NotificationService;
      signals: SignalsService;
      events: EventsService;
      logger: LoggerService;
    },
  ) {}

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
    const deciders = [...new Set(needs.flatMap(({ who }) => who.owners))];
    await this.#notify(
      deciders,
      request,
      request.draft.confirm
        ? {
            title: `Something of ${nameOf(request.apiRef)} is to be confirmed`,
            description: `Request ${request.number}. It says what was approved, what is new, and what it opens.`,
          }
        : {
            title: `Somebody asks for access to ${nameOf(request.apiRef)}`,
            description: `Request ${request.number}. It says who calls, what it opens and whom it cuts.`,
          },
      // Who asks for an API of their own group waits for the others.
      request.requestedBy,
    );
    await this.#notify(
      concerned.filter(ref => !deciders.includes(ref)),
      request,
      {
        title: `Your access to ${nameOf(request.apiRef)} has to be confirmed`,
        description: `Request ${request.number}. What was approved stays open; what is new is not, until an owner of the API has confirmed it.`,
      },
    );
    await this.changed({
      subject: 'request',
      id: request.id,
      state: request.state,
    });
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
    const api = nameOf(request.apiRef);
    const deciders = [...new Set(needs.flatMap(({ who }) => who.owners))];
    const goesOn = request.state === 'approved';
    const what = `Request ${request.number}. It says who loses and who gains what.`;
    await this.#notify(
      deciders,
      request,
      {
        title: `Somebody asks to ${kind} a grant of ${api}`,
        description: what,
      },
      request.requestedBy,
    );
    const others = (refs: readonly string[]) =>
      refs.filter(ref => !deciders.includes(ref));
    await this.#notify(
      others(told.owners),
      request,
      {
        title: `A grant of ${api} ${goesOn ? IS[kind] : MAY[kind]}`,
        description: what,
      },
      request.requestedBy,
    );
    await this.#notify(
      others(told.callers).filter(ref => !told.owners.includes(ref)),
      request,
      {
        title: `Your access to ${api} ${goesOn ? IS[kind] : MAY[kind]}`,
        description: what,
      },
      request.requestedBy,
    );
    await this.changed({
      subject: 'request',
      id: request.id,
      state: request.state,
    });
  }

  async decided(
    request: StoredRequest,
    decision: 'approved' | 'rejected',
    by: string,
    note?: string,
  ): Promise<void> {
    await this.#notify([request.requestedBy], request, {
      title: `${nameOf(by)} ${decision} your request for ${nameOf(
        request.apiRef,
      )}`,
      ...(note && { description: note }),
    });
    await this.changed({
      subject: 'request',
      id: request.id,
      state: request.state,
    });
  }

  /** Tells a requester that somebody approved and others have to. */
  async approvedInPart(
    request: StoredRequest,
    by: string,
    note?: string,
  ): Promise<void> {
    await this.#notify([request.requestedBy], request, {
      title: `${nameOf(by)} approved your request for ${nameOf(
        request.apiRef,
      )}; it needs more approvals`,
      ...(note && { description: note }),
    });
    await this.changed({
      subject: 'request',
      id: request.id,
      state: request.state,
    });
  }

  async withdrawn(request: StoredRequest): Promise<void> {
    await this.changed({
      subject: 'request',
      id: request.id,
      state: request.state,
    });
  }

  /** Tells a requester what happened to their request in the policy repository. */
  async progressed(request: StoredRequest, title: string): Promise<void> {
    await this.#notify([request.requestedBy], request, {
      title,
      description: `Request ${request.number}, for ${nameOf(request.apiRef)}.`,
    });
  }

  /** Tells a person of all grants of theirs that end soon or are over, in one message. */
  async grantsEnd(person: string, grants: readonly DueGrant[]): Promise<void> {
    const soon = grants.filter(({ step }) => step >= 0).length;
    const over = grants.length - soon;
    const count = (number: number) =>
      `${number} grant${number === 1 ? '' : 's'}`;
    const title = [
      ...(soon > 0
        ? [`${count(soon)} of yours end${soon === 1 ? 's' : ''} soon`]
        : []),
      ...(over > 0
        ? [`${count(over)} of yours ${over === 1 ? 'is' : 'are'} over`]
        : []),
    ].join(', ');
    const lines = grants.map(
      ({ api, until, step }) =>
        `${nameOf(api)}: ${
          step < 0
            ? `was until ${until}, its end is proposed`
            : `until ${until}`
        }`,
    );
    const more = lines.length - MOST_LINES;
    await this.#try(() =>
      this.options.notifications.send({
        recipients: { type: 'entity', entityRef: [person] },
        payload: {
          title,
          description: [
            ...[...new Set(lines)].slice(0, MOST_LINES),
            ...(more > 0 ? [`and ${more} more`] : []),
          ].join('\n'),
          link: '/access',
          topic: 'grants-end',
          scope: 'grants-end',
        },
      }),
    );
  }

  /**
   * Tells both sides what became of a grant.
   *
   * @param parties - who asked, and the owners of both sides as of when it was asked
   * @param what - the end of a sentence: `has ended`
   */
  async grantChanged(
    request: StoredRequest,
    parties: readonly string[],
    what: string,
  ): Promise<void> {
    await this.#notify([...new Set(parties)], request, {
      title: `A grant of ${nameOf(request.apiRef)} ${what}`,
      description: `Request ${request.number} is merged.`,
    });
  }

  /** Events for other plugins, signals for open pages. */
  async changed(change: CallgateChange): Promise<void> {
    const message = { ...change };
    await this.#try(() =>
      this.options.events.publish({
        topic: CALLGATE_EVENT_TOPIC,
        eventPayload: message,
      }),
    );
    await this.#try(() =>
      this.options.signals.publish({
        recipients: { type: 'broadcast' },
        channel: CALLGATE_SIGNAL_CHANNEL,
        message,
      }),
    );
  }

  async #notify(
    recipients: string[],
    request: StoredRequest,
    payload: { title: string; description?: string },
    excluded?: string,
  ): Promise<void> {
    // Callgate asks as well, and reads nothing.
    const entityRef = recipients.filter(ref => ref !== CALLGATE_ACTOR);
    const except = excluded === CALLGATE_ACTOR ? undefined : excluded;
    if (entityRef.length > 0) {
      await this.#try(() =>
        this.options.notifications.send({
          recipients: {
            type: 'entity',
            entityRef,
            ...(except && { excludeEntityRef: except }),
          },
          payload: {
            // Without one, that of the notification which it replaces would stand on, such as another approver's note.
            description: `Request ${request.number}.`,
            ...payload,
            link: `/access/requests/${request.id}`,
            topic: 'access-request',
            scope: request.id,
          },
        }),
      );
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

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
