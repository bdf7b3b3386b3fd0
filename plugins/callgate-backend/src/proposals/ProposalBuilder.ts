import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { parseEntityRefText } from '@callgate/policy';
import type {
  ForgeRepository,
  PullRequest,
} from '@callgate/plugin-callgate-node';
import { ulid } from 'ulid';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { branchOf } from './branchOf';
import { atHead, describeProposal } from './describeProposal';
import { MeaningStatus } from './MeaningStatus';
import { ProposalError } from './problems';
import { ProposalBranch } from './ProposalBranch';
import type { ProposalPlanner } from './ProposalPlanner';
import { CLOSED_BY_US, requestsAtTip, settleProposal } from './settleProposal';
import { titlesOf } from './titles';
import type {
  BuiltProposal,
  ProposalListener,
  ProposalProblem,
  ProposalRecord,
  ProposalStore,
  RequestOutcome,
  Snapshot,
} from './types';

/** Whoever was shown a head before these is told that it has changed, and not what. */
const MOST_EARLIER = 50;

/** What building proposals needs. */
export interface ProposalBuilderOptions {
  store: ProposalStore;
  snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
  connection: RepositoryConnection;
  planner: ProposalPlanner;
  listener: ProposalListener;
  logger: LoggerService;
  now?: () => number;
}

/**
 * Brings the pull request of one API to what is approved now. Every step may be the last one before a crash: the next
 * attempt reads Git, the forge and the database again and goes on from what it finds, so that nothing is lost and nothing
 * is opened twice. The branch is a function of the API, the commit one of its content, and the pull request is found by
 * its branch.
 */
export class ProposalBuilder {
  readonly #options: ProposalBuilderOptions;
  readonly #statuses: MeaningStatus;

  constructor(options: ProposalBuilderOptions) {
    this.#options = options;
    this.#statuses = new MeaningStatus(options.logger);
  }

  /** Plans the proposal of an API from what is approved now; writes nothing. */
  async plan(api: string): Promise<{
    snapshot: Snapshot;
    built: BuiltProposal;
    present: Set<string>;
  }> {
    const { store, snapshots, planner } = this.#options;
    const snapshot = await snapshots.read({ fresh: true });
    if (snapshot.source.stale) {
      throw new ProposalError(
        `Nothing is proposed while the estate cannot be read completely. ${
          snapshot.source.problem ?? ''
        }`.trim(),
      );
    }
    const requests = await store.carriedRequests(api);
    const present = requestsAtTip(snapshot, api, requests);
    const built = await planner.build(
      snapshot,
      api,
      requests.filter(({ id }) => !present.has(id)),
    );
    return { snapshot, built, present };
  }

  /** Reads a proposal's pull request and takes note of how it ended. */
  async settle(
    record: ProposalRecord,
  ): Promise<{ pull?: PullRequest; ended?: ProposalRecord }> {
    const { connection, store, snapshots, listener } = this.#options;
    const repository = await connection.repository();
    if (record.number === undefined) return {};
    let pull: PullRequest;
    try {
      pull = await repository.readPullRequest(record.number);
    } catch (error) {
      if (!(error instanceof NotFoundError) || 'code' in error) throw error;
      const ended = await store.saveProposal({
        ...record,
        state: 'closed',
        problem: {
          code: 'platform',
          text: 'Its pull request no longer exists.',
        },
      });
      return { ended };
    }
    const ended = await settleProposal({
      record,
      pull,
      repository,
      store,
      snapshot: () => snapshots.read({ fresh: true }),
      policiesFolder: connection.config.policiesFolder,
    });
    if (ended) {
      await snapshots.read({ fresh: true }).catch(() => undefined);
      await listener.changed({
        proposal: ended,
        requestIds: ended.requestIds,
        event: ended.state,
      });
    }
    return { pull, ...(ended && { ended }) };
  }

  /**
   * Builds, opens, updates or closes.
   *
   * @throws ProposalError where what is approved cannot be proposed now, and errors of the forge
   */
  async build(api: string): Promise<void> {
    const { store, connection } = this.#options;
    const repository = await connection.repository();
    let record = await store.currentProposal(api);
    if (record && (await this.settle(record)).ended) record = undefined;

    const { snapshot, built, present } = await this.#planFor(
      repository,
      api,
      record,
    );
    await this.#askAgain(built, record);
    await this.#endGone(built, record);
    const merged = (await store.carriedRequests(api)).filter(({ id }) =>
      present.has(id),
    );
    if (merged.length > 0) {
      await store.saveOutcomes(
        merged.map(({ id }) => ({ requestId: id, event: 'merged' })),
      );
    }
    // What cannot be carried now is approved all the same: its pull request stays, and cannot be merged meanwhile.
    const approved = [
      ...built.carried,
      ...built.blocked.map(({ request }) => request),
    ];
    const errors = [
      ...built.errors,
      ...built.blocked.flatMap(blocked => blocked.errors),
    ];
    if (approved.length === 0) {
      await this.#close(
        repository,
        api,
        record,
        'No approved request is left for this API.',
      );
    } else if (built.carried.length === 0 || built.errors.length > 0) {
      const gone =
        record?.requestIds.filter(
          id => !approved.some(request => request.id === id),
        ) ?? [];
      if (gone.length > 0) {
        await this.#close(
          repository,
          api,
          record,
          'It carries a request that is no longer approved, and it cannot be rebuilt now.',
        );
      }
      if (gone.length === 0 && record?.head)
        await this.#statuses.unproved(repository, record.head);
      throw ProposalError.of(errors);
    } else {
      await this.#open(repository, snapshot, built, record);
    }
    if (errors.length > 0) {
      throw ProposalError.of(errors);
    }
  }

  /** What cannot be planned is not proved any more either. */
  async #planFor(
    repository: ForgeRepository,
    api: string,
    record: ProposalRecord | undefined,
  ): ReturnType<ProposalBuilder['plan']> {
    try {
      return await this.plan(api);
    } catch (error) {
      if (error instanceof ProposalError && record?.head)
        await this.#statuses.unproved(repository, record.head);
      throw error;
    }
  }

  async #open(
    repository: ForgeRepository,
    snapshot: Snapshot,
    built: BuiltProposal,
    record: ProposalRecord | undefined,
  ): Promise<void> {
    const { store, connection, listener } = this.#options;
    const branch = new ProposalBranch(repository, branchOf(built.api));
    const described = describeProposal(
      snapshot,
      built,
      titlesOf(snapshot.catalog),
    );
    const { title } = described;
    const { head, base } = await branch.write(snapshot, built, title);
    // The head is made without the description, so the description can name it.
    const body = atHead(described.body, head);
    const pull = await this.#pullRequest(repository, branch.name, {
      title,
      body,
    });
    await this.#statuses.proved(repository, head);
    const saved = await store.saveProposal(
      {
        ...(record ?? this.#newRecord(built.api)),
        ...withEarlier(record, head),
        state: 'open',
        title,
        body,
        number: pull.number,
        ...(pull.url !== undefined && { url: pull.url }),
        base,
        head,
        meaning: built.meaning,
        files: built.files,
        checks: built.checks,
        requestIds: built.carried.map(({ id }) => id),
        problem: undefined,
      },
      built.carried.map(
        ({ id }): RequestOutcome => ({
          requestId: id,
          event: 'proposed',
          ...(pull.url !== undefined && { link: pull.url }),
        }),
      ),
    );
    await listener.changed({
      proposal: saved,
      requestIds: saved.requestIds,
      event: 'proposed',
      toRead: record?.state !== 'open' || record.head !== head,
    });
    if (connection.config.branch !== pull.base) {
      throw new ProposalError(
        `Pull request ${pull.number} goes to ${pull.base}, not to ${connection.config.branch}.`,
      );
    }
  }

  async #pullRequest(
    repository: ForgeRepository,
    branch: string,
    text: { title: string; body: string },
  ): Promise<PullRequest> {
    const { config } = this.#options.connection;
    const found = await repository.findPullRequest(branch);
    if (found?.state !== 'open') {
      return repository.openPullRequest({
        branch,
        base: config.branch,
        ...text,
        reviewers: config.reviewers,
      });
    }
    const same =
      found.title === text.title && unify(found.body) === unify(text.body);
    return same ? found : repository.updatePullRequest(found.number, text);
  }

  async #close(
    repository: ForgeRepository,
    api: string,
    record: ProposalRecord | undefined,
    why: string,
  ): Promise<void> {
    const { store, listener } = this.#options;
    const branch = branchOf(api);
    const pull = await repository.findPullRequest(branch);
    if (pull?.state === 'open') {
      await repository.closePullRequest(
        pull.number,
        `${why}\n\n${CLOSED_BY_US}`,
      );
    }
    const head = await repository.fetch(branch);
    if (head) await repository.push(branch, undefined, head);
    if (record) {
      const saved = await store.saveProposal({
        ...record,
        state: 'closed',
        problem: undefined,
      });
      await listener.changed({
        proposal: saved,
        requestIds: record.requestIds,
        event: 'closed',
      });
    }
  }

  async #askAgain(
    built: BuiltProposal,
    record: ProposalRecord | undefined,
  ): Promise<void> {
    if (built.askAgain.length === 0) return;
    const { store, listener } = this.#options;
    await store.saveOutcomes(
      built.askAgain.map(
        ({ request, facts, needs }): RequestOutcome => ({
          requestId: request.id,
          event: 'meaning-changed',
          facts,
          ...(needs && { needs }),
        }),
      ),
    );
    await listener.changed({
      ...(record && { proposal: record }),
      requestIds: built.askAgain.map(({ request }) => request.id),
      event: 'meaning-changed',
    });
  }

  /** A confirm request of which nothing is left to confirm ends by itself. */
  async #endGone(
    { gone }: BuiltProposal,
    record: ProposalRecord | undefined,
  ): Promise<void> {
    if (gone.length === 0) return;
    const { store, listener } = this.#options;
    await store.saveOutcomes(
      gone.map(({ id }) => ({
        requestId: id,
        event: 'superseded',
        facts: { code: 'nothing-to-confirm' },
      })),
    );
    await listener.changed({
      ...(record && { proposal: record }),
      requestIds: gone.map(({ id }) => id),
      event: 'superseded',
    });
  }

  /** Puts the problem where people look: on the proposal. */
  async note(
    api: string,
    problem: ProposalProblem,
    lasting: boolean,
  ): Promise<void> {
    const { store, listener, logger } = this.#options;
    try {
      const record = await store.currentProposal(api);
      if (!record && (await store.carriedRequests(api)).length === 0) return;
      const noted = record ?? this.#newRecord(api);
      if (JSON.stringify(noted.problem) === JSON.stringify(problem)) return;
      const opened = noted.number !== undefined && noted.state === 'open';
      const unopened = lasting ? 'failed' : 'building';
      const state = opened ? 'open' : unopened;
      const saved = await store.saveProposal({ ...noted, state, problem });
      await listener.changed({
        proposal: saved,
        requestIds: saved.requestIds,
        event: 'problem',
      });
    } catch (error) {
      logger.warn(
        `The problem of the proposal for ${api} could not be noted`,
        error as Error,
      );
    }
  }

  #newRecord(api: string): ProposalRecord {
    const now = this.#options.now?.() ?? Date.now();
    const at = new Date(now).toISOString();
    return {
      id: ulid(now),
      api,
      branch: branchOf(api),
      forge: this.#options.connection.forgeId,
      state: 'building',
      title: `Access to ${parseEntityRefText(api)?.name ?? api}`,
      body: '',
      files: [],
      checks: [],
      requestIds: [],
      createdAt: at,
      updatedAt: at,
      version: 0,
    };
  }
}

function withEarlier(
  record: ProposalRecord | undefined,
  head: string,
): Pick<ProposalRecord, 'earlier'> {
  if (!record?.head || record.head === head) return {};
  const { head: last, requestIds, earlier = [] } = record;
  const others = earlier.filter(each => each.head !== last);
  return {
    earlier: [...others, { head: last, requestIds }].slice(-MOST_EARLIER),
  };
}

/** Forges store line ends their own way. */
function unify(text: string): string {
  return text.replace(/\r\n/g, '\n').trimEnd();
}
