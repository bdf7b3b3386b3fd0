import type {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { dayAt, daysUntil, type Meaning } from '@callgate/policy';
import {
  type ForgeRepository,
  isForgeError,
  type PullRequest,
} from '@callgate/plugin-callgate-node';
import { CALLGATE_ACTOR } from '../actor';
import type { AccessStore } from '../database/AccessStore';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { grantOf } from './changeGrant';
import { declarationOf } from './editDeclaration';
import { objectionsTo } from './objectionsTo';
import { ProposalError } from './problems';
import { ProposalBranch } from './ProposalBranch';
import type { ProposalPlanner } from './ProposalPlanner';
import type { ProposalWorker } from './ProposalWorker';
import type {
  AutomaticMerge,
  CarriedRequest,
  ProposalRecord,
  ProposalStore,
  Snapshot,
} from './types';

/** So long it is ready before it is merged: checks report some time after a head is there, and people may object. */
export const READY_MS = 10 * 60_000;
/** The answer to a merge may be lost: the pull request says what became of it, once it says so. */
const AGAIN_MS = 60_000;
/** What a forge refused it may take later, when its rules are others. */
const AGAIN_AFTER_REFUSAL_MS = 60 * 60_000;

/** What it takes to plan the proposal of an API anew, and to take note of what became of it. */
type Work = Pick<ProposalWorker, 'plan' | 'settle'>;

/**
 * Merges pull requests that do nothing but end grants whose last day is over, where `callgate.lifecycle.onExpiry` says so. Everything
 * that a person would look at is looked at anew; whatever is not as it was when the end was asked for waits for somebody. It may run
 * in several processes at once: the forge merges a head once, and the record of a proposal is written by one of them.
 */
export class ExpiryMerge {
  constructor(
    private readonly options: {
      store: Pick<
        ProposalStore,
        'saveProposal' | 'carriedRequests' | 'damagedRequests' | 'enqueue'
      >;
      requests: Pick<AccessStore, 'getRequest'>;
      snapshots: { read(): Promise<Snapshot> };
      connection: Pick<RepositoryConnection, 'config'>;
      planner: Pick<ProposalPlanner, 'preview'>;
      auditor: AuditorService;
      auth: Pick<AuthService, 'getOwnServiceCredentials'>;
      logger: LoggerService;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /** Looks at an open pull request, and merges it once it has been ready for long enough. */
  async consider(
    record: ProposalRecord,
    pull: PullRequest,
    repository: ForgeRepository,
    work: Work,
  ): Promise<void> {
    const { store, now } = this.options;
    const requests = await this.#carriedIn(record);
    if (!requests.some(isExpiry)) return;
    const before =
      record.automatic?.head === pull.head ? record.automatic : undefined;
    const { readySince, triedAt } = before ?? {};
    if (triedAt !== undefined && now() - triedAt < pauseAfter(before)) return;
    const note = async (automatic: AutomaticMerge) =>
      isSame(record.automatic, automatic)
        ? record
        : store.saveProposal({ ...record, automatic });
    const waits = (code: AutomaticMerge['waits'] & {}) =>
      note({ head: pull.head, waits: code });

    const { branch } = this.options.connection.config;
    const obstacle =
      pull.base === branch
        ? atFirstGlance(record, pull, repository, requests)
        : 'other-branch';
    if (obstacle) {
      await waits(obstacle);
      return;
    }
    // GitHub works that out in the background.
    if (pull.rules === undefined) return;
    if (readySince !== undefined && now() - readySince < READY_MS) return;
    const deeper = await this.#obstacle(record, pull, repository, work);
    if (deeper) {
      // Nobody else may look at it before it is due.
      if (deeper === 'outdated') await store.enqueue(record.api);
      await waits(deeper);
      return;
    }
    if (readySince === undefined) {
      await note({ head: pull.head, readySince: now() });
      return;
    }
    // Noted before: whoever finds it merged knows by whom.
    const tried = await note({ head: pull.head, readySince, triedAt: now() });
    await this.#merge(tried, pull, repository, work);
  }

  async #carriedIn({
    api,
    requestIds,
  }: ProposalRecord): Promise<CarriedRequest[]> {
    const carried = await this.options.store.carriedRequests(api);
    return carried.filter(({ id }) => requestIds.includes(id));
  }

  /** What stands in the way by what the repository, the estate and the rules say now. */
  async #obstacle(
    record: ProposalRecord,
    pull: PullRequest,
    repository: ForgeRepository,
    work: Work,
  ): Promise<AutomaticMerge['waits']> {
    const { store, snapshots, planner } = this.options;
    const { api, requestIds } = record;
    if ((await store.damagedRequests(api)).length > 0) return 'carries-others';
    let planned: Awaited<ReturnType<Work['plan']>>;
    try {
      planned = await work.plan(api);
    } catch (error) {
      if (error instanceof ProposalError) return 'outdated';
      throw error;
    }
    const { snapshot, built } = planned;
    // Of a cluster that cannot be read nobody knows what goes with it.
    if ((await snapshots.read()).unread.length > 0) return 'unread-cluster';
    const { carried, askAgain, blocked, outgrown, gone, waiting } = built;
    const others = [...blocked.map(({ request }) => request), ...waiting];
    if (others.some(({ id }) => !requestIds.includes(id)))
      return 'carries-others';
    if (
      built.errors.length > 0 ||
      [askAgain, blocked, outgrown, gone, waiting].some(
        ({ length }) => length > 0,
      )
    )
      return 'outdated';
    if (!isSameSet(requestIds, carried)) return 'carries-others';
    const branch = new ProposalBranch(repository, record.branch);
    if (!(await branch.standingBase(pull.head, snapshot, built)))
      return 'outdated';
    const callers = carried.map(({ caller }) => caller);
    if (!onlyTakesAway(built.meaning, callers)) return 'means-else';
    for (const request of carried) {
      if (!(await this.#isOver(snapshot, request))) return 'not-over';
      const { meaning, needs } = await planner.preview(snapshot, request);
      if (
        needs.length > 0 ||
        meaning.digest !== request.approved.digest ||
        !onlyTakesAway(meaning, [request.caller])
      )
        return 'means-else';
    }
    return undefined;
  }

  /** Whether the grant that is declared now is the one that was asked about, and its time is over. */
  async #isOver(
    snapshot: Snapshot,
    { api, caller, change }: CarriedRequest,
  ): Promise<boolean> {
    const { requests, now } = this.options;
    const declaration = declarationOf(snapshot, api);
    const grant =
      change && declaration && grantOf(declaration, { change, caller });
    if (!grant || grant.until !== change.expired) return false;
    if (change.glass) {
      const opened = await requests.getRequest(change.glass.request);
      const expiresAt = opened?.breakGlass?.expiresAt;
      return expiresAt !== undefined && expiresAt <= now();
    }
    return (
      grant.until !== undefined && daysUntil(dayAt(now()), grant.until) < 0
    );
  }

  async #merge(
    record: ProposalRecord,
    pull: PullRequest,
    repository: ForgeRepository,
    work: Work,
  ): Promise<void> {
    const { auditor, auth, store, logger } = this.options;
    const { principal } = await auth.getOwnServiceCredentials();
    const { head } = pull;
    const event = await auditor.createEvent({
      eventId: 'proposal-mutate',
      severityLevel: 'high',
      meta: {
        actionType: 'merge',
        ...{ id: record.id, apiRef: record.api, head },
        onExpiry: 'merge',
        actor: principal.subject,
      },
    });
    try {
      await repository.merge!(pull.number, { by: CALLGATE_ACTOR, head });
    } catch (error) {
      await event.fail({ error: error as Error });
      const code = isForgeError(error) ? error.code : undefined;
      if (code === 'forge-rejected' || code === 'forge-forbidden') {
        const { automatic } = record;
        await store.saveProposal({
          ...record,
          automatic: { head, ...automatic, waits: 'refused' },
        });
      }
      logger.warn(
        `The pull request of ${
          record.api
        } could not be merged after the last day: ${stringifyError(error)}`,
      );
      return;
    }
    await event.success({ meta: { state: 'merged' } });
    await work.settle(record);
  }
}

/** Whether a request is an end that Callgate asked for because a time is over. */
export function isExpiry({
  change,
  requestedBy,
}: Pick<CarriedRequest, 'change' | 'requestedBy'>): boolean {
  return (
    requestedBy === CALLGATE_ACTOR &&
    change?.kind === 'end' &&
    (change.glass ? change.glass.why === 'over' : change.expired !== undefined)
  );
}

/**
 * Whether a pull request was merged by Callgate because it only ended what was over: it had noted that it would merge this head, and
 * the forge says that it did. After the forge has refused that, it was a person, who may have the same account.
 */
export function mergedByItself(
  { automatic }: Pick<ProposalRecord, 'automatic'>,
  pull: PullRequest,
): boolean {
  return (
    pull.state === 'merged' &&
    automatic?.triedAt !== undefined &&
    automatic.waits === undefined &&
    automatic.head === pull.head &&
    (pull.closedBy === CALLGATE_ACTOR || pull.closedByOpener === true)
  );
}

/** What stands in the way by the pull request alone. */
function atFirstGlance(
  record: ProposalRecord,
  pull: PullRequest,
  repository: ForgeRepository,
  requests: readonly CarriedRequest[],
): AutomaticMerge['waits'] {
  if (!repository.merge) return 'forge-cannot';
  if (!requests.every(isExpiry) || !isSameSet(record.requestIds, requests))
    return 'carries-others';
  if (requests.some(({ approvals }) => approvals.length > 0))
    return 'needed-approval';
  if (record.problem) return 'outdated';
  if (pull.head !== record.head) return 'pushed';
  // Whoever writes more reviews than are read must not hide an objection behind them.
  if (pull.reviewsCut || objectionsTo(record, pull).length > 0)
    return 'objection';
  if (pull.mergeable?.ok === false) return 'outdated';
  if (pull.rules === 'checks' || pull.rules === 'unmet') return pull.rules;
  return undefined;
}

/** Whether nothing is opened, restored, closed to others or left to policies that nobody judges, and only these lose anything. */
function onlyTakesAway(
  meaning: Meaning,
  callers: readonly (string | undefined)[],
): boolean {
  const { gained, restored, flips, others, plumbing, opened, lost } = meaning;
  const { left, failed, findings } = meaning;
  return (
    !failed &&
    left !== 'open' &&
    [gained, restored, flips, others, plumbing, opened ?? []].every(
      ({ length }) => length === 0,
    ) &&
    findings.every(({ severity }) => severity !== 'error') &&
    lost.every(({ caller }) => callers.includes(caller))
  );
}

function isSameSet(
  ids: readonly string[],
  requests: readonly { id: string }[],
): boolean {
  return (
    ids.length === requests.length &&
    requests.every(({ id }) => ids.includes(id))
  );
}

function pauseAfter(automatic: AutomaticMerge | undefined): number {
  return automatic?.waits === 'refused' ? AGAIN_AFTER_REFUSAL_MS : AGAIN_MS;
}

function isSame(
  one: AutomaticMerge | undefined,
  other: AutomaticMerge,
): boolean {
  return (
    one !== undefined &&
    one.head === other.head &&
    one.waits === other.waits &&
    one.readySince === other.readySince &&
    one.triedAt === other.triedAt
  );
}
