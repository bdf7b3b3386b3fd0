import type {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  entityRefOf,
  type Finding,
  heldKey,
  unconfirmedProvidersOf,
} from '@callgate/policy';
import { CALLGATE_ACTOR } from '../actor';
import { Staffing } from '../approval';
import type { StoredRequest } from '../database/AccessStore';
import type { ProposalPlanner } from '../proposals/ProposalPlanner';
import { toCompileInput } from '../proposals/readRepository';
import type { AskedEnd, Snapshot } from '../proposals/types';
import { grantDraft, unconfirmedEnds } from './confirmDraft';
import { newRequest } from './newRequest';
import { recordedByCallgate } from './recordedByCallgate';
import { OPEN_STATES, type RequestState } from './requestLifecycle';
import type { ServiceParts } from './ServiceParts';
import { contractOf } from './views/operations';

/** Somebody said no, or that it is not wanted: the same is not asked again. Callgate's own end of a request says nothing. */
const REFUSED: readonly RequestState[] = ['rejected', 'withdrawn', 'declined'];

const isOpen = (state: RequestState) => OPEN_STATES.includes(state);

const isError = (findings: readonly Finding[]) =>
  findings.some(({ severity }) => severity === 'error');

/**
 * Asks owners to confirm what their grants stand for and nobody approved, and takes back what is no question any more. It
 * may run in several processes at once: the database keeps one open request for each grant.
 */
export class EndConfirmations {
  #done: Snapshot | undefined;

  constructor(
    private readonly parts: Pick<
      ServiceParts,
      | 'requests'
      | 'proposals'
      | 'ownership'
      | 'notifier'
      | 'platformTeam'
      | 'securityTeam'
    > & {
      snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
      planner: Pick<ProposalPlanner, 'preview'>;
      auditor: AuditorService;
      auth: Pick<AuthService, 'getOwnServiceCredentials'>;
      logger: LoggerService;
    },
  ) {}

  /** Looks at what is so now. What fails is logged and tried again with the next round. */
  async runOnce(): Promise<void> {
    const { snapshots, logger } = this.parts;
    const snapshot = await snapshots.read({ fresh: true });
    // Of what could not be read nobody knows whether it is so.
    if (snapshot === this.#done || snapshot.source.stale) return;
    let complete = true;
    const attempt = async (what: string, step: () => Promise<void>) => {
      try {
        await step();
      } catch (error) {
        complete = false;
        logger.warn(`${what}: ${stringifyError(error)}`);
      }
    };
    for (const request of await this.parts.requests.openConfirms())
      await attempt(`Request ${request.number} could not be looked at`, () =>
        this.#follow(snapshot, request),
      );
    for (const [api, grantId] of grantsToConfirm(snapshot))
      await attempt(
        `The grant ${grantId} of ${api} could not be asked about`,
        () => this.#ask(snapshot, api, grantId),
      );
    if (complete) this.#done = snapshot;
  }

  /** What an open request asks about is kept to what is so, and ends with it. */
  async #follow(snapshot: Snapshot, request: StoredRequest): Promise<void> {
    const { requests, proposals, notifier } = this.parts;
    const { id, apiRef, state, draft } = request;
    const { confirm } = draft;
    if (!confirm || !isPlanned(snapshot, request)) return;
    if ('grant' in confirm) {
      const ends = unconfirmedEnds(snapshot, apiRef, confirm.grant);
      if (ends.length > 0) {
        const { approved } =
          this.#draft(snapshot, apiRef, confirm.grant)?.confirm ?? confirm;
        if (!sameEnds(ends, confirm.ends))
          await requests.setConfirm(id, { ...confirm, ends, approved });
        return;
      }
    } else if (isUnconfirmed(snapshot, apiRef, confirm.provider)) {
      return;
    }
    if (state !== 'submitted') {
      // It may be merged, which building finds out.
      await proposals.enqueue(apiRef);
      return;
    }
    const meta = { actionType: 'supersede', id, apiRef };
    const ended = await recordedByCallgate(this.parts, meta, () =>
      requests.change({
        id,
        event: 'supersede',
        version: request.version,
        facts: { code: 'nothing-to-confirm' },
      }),
    );
    await notifier.withdrawn(ended);
  }

  async #ask(snapshot: Snapshot, api: string, grantId: string): Promise<void> {
    const { requests, planner, ownership, notifier } = this.parts;
    const draft = this.#draft(snapshot, api, grantId);
    if (!draft) return;
    const asked = await requests.confirmsOf(api);
    const { ends } = draft.confirm;
    const isSettled = asked.some(
      ({ state, draft: { confirm } }) =>
        confirm &&
        'grant' in confirm &&
        confirm.grant === grantId &&
        (isOpen(state) ||
          (REFUSED.includes(state) && isWithin(ends, confirm.ends))),
    );
    if (isSettled) return;
    const preview = await planner.preview(snapshot, draft);
    // What cannot be proposed as it is is asked all the same: its page says why, and it can be rejected.
    if (!preview.sendable && preview.meaning.gained.length === 0) return;
    const entity = snapshot.catalog.find(each => entityRefOf(each) === api);
    const request = await newRequest(
      ownership,
      draft,
      preview,
      contractOf(entity, api),
    );
    let stored: StoredRequest;
    try {
      stored = await recordedByCallgate(
        this.parts,
        {
          actionType: 'create',
          kind: 'confirm',
          apiRef: api,
          callerRef: draft.caller,
          digest: preview.meaning.digest,
        },
        () =>
          requests.createRequest({ ...request, requestedBy: CALLGATE_ACTOR }),
      );
    } catch (error) {
      // Another process, or a person, was faster.
      if ((error as { code?: string }).code === 'already-asked') return;
      throw error;
    }
    const staffed = await new Staffing(ownership.within(), this.parts).staff(
      preview.needs,
      CALLGATE_ACTOR,
    );
    // Whose access it is hears of it as well: until it is confirmed, the new end has none.
    const callers = await ownership.ownersOf(draft.caller);
    await notifier.submitted(stored, staffed, callers);
  }

  #draft(snapshot: Snapshot, api: string, grantId: string) {
    const policy = snapshot.policies.find(
      each => each.policy?.spec.api === api,
    )?.policy;
    const draft =
      policy &&
      grantDraft(snapshot, policy, grantId, { requestedBy: CALLGATE_ACTOR });
    return draft?.confirm && 'grant' in draft.confirm
      ? { ...draft, confirm: draft.confirm }
      : undefined;
  }
}

const keyOfEnd = ({ side, cluster, end, entity }: AskedEnd) =>
  JSON.stringify([side, cluster, end, entity]);

/** Whether all of the ends are among others. */
function isWithin(
  ends: readonly AskedEnd[],
  others: readonly AskedEnd[],
): boolean {
  const known = new Set(others.map(keyOfEnd));
  return ends.every(end => known.has(keyOfEnd(end)));
}

function sameEnds(a: readonly AskedEnd[], b: readonly AskedEnd[]): boolean {
  return isWithin(a, b) && isWithin(b, a);
}

/** Grants that stand for more than they were approved for, each once. */
function grantsToConfirm({ compilation }: Snapshot): [string, string][] {
  const found = new Map<string, [string, string]>(
    compilation.plan.unconfirmed.map(({ api, grantId }) => [
      heldKey(api, grantId),
      [api, grantId],
    ]),
  );
  return [...found.values()];
}

/** Whether it is known what a request is about: of a grant that is held, or an API that fails, nothing is planned. */
function isPlanned(
  { compilation, policies }: Snapshot,
  { apiRef, draft: { confirm } }: StoredRequest,
): boolean {
  const isFailed =
    compilation.failedApis.some(({ api }) => api === apiRef) ||
    policies.some(({ policy, findings }) => !policy && isError(findings));
  const isHeld =
    confirm &&
    'grant' in confirm &&
    compilation.held.some(
      ({ api, grantId }) => api === apiRef && grantId === confirm.grant,
    );
  return !isFailed && !isHeld;
}

function isUnconfirmed(
  { catalog, policies }: Snapshot,
  api: string,
  provider: string,
): boolean {
  const declared = toCompileInput(policies).policies;
  return unconfirmedProvidersOf({ catalog, policies: declared }, api).includes(
    provider,
  );
}
