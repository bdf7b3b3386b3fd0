import type {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { formatCallerRef, type Grant, parseCallerRef } from '@callgate/policy';
import type { StoredRequest } from '../database/AccessStore';
import { grantOfDraft } from '../database/grantOfDraft';
import { declarationOf } from '../proposals/editDeclaration';
import type { ProposalPlanner } from '../proposals/ProposalPlanner';
import type { GrantChange, Snapshot } from '../proposals/types';
import { askEnd } from './askEnd';
import { recordedByCallgate } from './recordedByCallgate';
import { CARRIED_STATES, OPEN_STATES } from './requestLifecycle';
import type { ServiceParts } from './ServiceParts';

/**
 * Ends what went on before anybody approved it: when its time is over, and at once when somebody has rejected it. It looks at what is
 * declared, whatever was said of it, so that a merge that nobody heard of is ended as well. It may run in several processes at once:
 * the database keeps one open end for each grant, and one word about how a request came out.
 */
export class GlassFollowUp {
  constructor(
    private readonly parts: Pick<
      ServiceParts,
      'requests' | 'ownership' | 'notifier' | 'now'
    > & {
      snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
      planner: Pick<ProposalPlanner, 'preview'>;
      auditor: AuditorService;
      auth: Pick<AuthService, 'getOwnServiceCredentials'>;
      logger: LoggerService;
    },
  ) {}

  /**
   * Looks at every such request; what fails is logged and tried again with the next round.
   *
   * @param snapshot - what is declared now
   */
  async runOnce(snapshot: Snapshot): Promise<void> {
    for (const request of await this.parts.requests.brokenGlass())
      await this.#attempt(request, async () => {
        await this.#end(snapshot, await this.#close(request));
      });
  }

  /** Asks for the end of what a request opened, if it is rejected or over; what fails here, the next round does. */
  async follow(request: StoredRequest): Promise<void> {
    await this.#attempt(request, async () => {
      const snapshot = await this.parts.snapshots.read({ fresh: true });
      await this.#end(snapshot, request);
    });
  }

  /** A request whose time is over: what is not merged is not proposed any more, and nobody decides about it from now on. */
  async #close(request: StoredRequest): Promise<StoredRequest> {
    const { requests, notifier, now } = this.parts;
    const { id, apiRef, state, breakGlass } = request;
    if (!breakGlass || now() < breakGlass.expiresAt) return request;
    const isOpen = CARRIED_STATES.includes(state);
    const undecided = breakGlass.afterwards === 'undecided';
    if (!isOpen && !(undecided && state === 'merged')) return request;
    const actionType = isOpen ? 'supersede' : 'lapse';
    const meta = { actionType, id, apiRef, breakGlass: true };
    try {
      const closed = await recordedByCallgate(this.parts, meta, () =>
        requests.change({
          id,
          event: actionType,
          version: request.version,
          facts: { code: 'time-over' },
          ...(undecided && { set: { afterwards: 'lapsed' as const } }),
          rebuild: isOpen,
        }),
      );
      await notifier.glassOver(closed);
      return closed;
    } catch (error) {
      // Somebody decided, merged or looked at the same moment: the next round sees what came of it.
      const { code } = error as { code?: string };
      if (code !== 'version-conflict' && code !== 'wrong-state') throw error;
      return (await requests.getRequest(id)) ?? request;
    }
  }

  async #end(snapshot: Snapshot, request: StoredRequest): Promise<void> {
    const { requests, notifier, now } = this.parts;
    const { apiRef: api, callerRef: caller, breakGlass } = request;
    const isRejected = breakGlass?.afterwards === 'rejected';
    if (!breakGlass || (!isRejected && now() < breakGlass.expiresAt)) return;
    const grant = glassGrantAt(snapshot, request);
    // What owners have renewed or approved more of since is a grant like others.
    const isTheirs =
      grant?.breakGlass === undefined &&
      (grant?.until !== request.draft.until || grant?.request !== request.id);
    if (!grant || (!isRejected && isTheirs)) return;
    const why = isRejected ? ('rejected' as const) : ('over' as const);
    const asked = await requests.requestsOfGrant(api, grant.id);
    const stands = asked.some(({ draft: { change }, state }) =>
      change?.kind === 'end' && goesOn(change, state)
        ? true
        : // Whoever said no to that end keeps the grant, until its last day.
          change?.glass?.request === request.id &&
          change.glass.why === why &&
          change.request === grant.request &&
          state !== 'superseded' &&
          state !== 'merged',
    );
    if (stands) return;
    const done = await askEnd(this.parts, snapshot, {
      ...{ api, caller, grant },
      because: {
        // By another last day it is seen that it is overtaken.
        ...(!isRejected &&
          grant.until !== undefined && { expired: grant.until }),
        glass: { request: request.id, why },
      },
      meta: { breakGlass: why },
    });
    if (done) await notifier.withdrawn(done.stored);
  }

  async #attempt(
    { number }: StoredRequest,
    step: () => Promise<void>,
  ): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.parts.logger.warn(
        `What request ${number} opened before anybody approved it could not be ended: ${stringifyError(
          error,
        )}`,
      );
    }
  }
}

/**
 * Whether an end gets into a pull request by itself. Whoever broke the glass may ask for an end as well, one that waits for its notice
 * or for an answer: that stands in nobody's way.
 */
function goesOn(
  { held, glass }: GrantChange,
  state: StoredRequest['state'],
): boolean {
  return glass
    ? OPEN_STATES.includes(state)
    : CARRIED_STATES.includes(state) && !held;
}

/** The grant of a request as it is declared; `undefined`: it is not there, or the declaration cannot be read. */
export function glassGrantAt(
  snapshot: Snapshot,
  request: StoredRequest,
): Grant | undefined {
  const policy = declarationOf(snapshot, request.apiRef)?.policy;
  return policy?.spec.grants.find(grant => {
    const caller = parseCallerRef(grant.caller, policy.metadata.namespace);
    return (
      grant.id === grantOfDraft(request) &&
      caller !== undefined &&
      formatCallerRef(caller) === request.callerRef
    );
  });
}
