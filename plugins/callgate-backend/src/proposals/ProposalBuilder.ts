import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { parseEntityRefText } from '@callgate/policy';
import type {
  ForgeRepository,
  PullRequest,
} from '@callgate/plugin-callgate-node';
import { ulid } from 'ulid';
import type { Receipts } from '../receipts';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { CALLGATE_ACTOR } from '../actor';
import type { ForgeTalk } from '../talk/ForgeTalk';
import { branchOf } from './branchOf';
import { grantOf } from './changeGrant';
import { describeImport } from '../imports/describeImport';
import { describeRemoval } from '../imports/describeRemoval';
import { importOf } from '../imports/importOf';
import { removalOf } from '../imports/removalOf';
import type { ImportRecord } from '../imports/types';
import { atHead, describeProposal, namesRequest } from './describeProposal';
import { declarationOf } from './editDeclaration';
import { type ExpiryMerge, mergedByItself } from './ExpiryMerge';
import type { Lease } from './Leases';
import { MeaningStatus } from './MeaningStatus';
import { MeanwhileError } from './MeanwhileError';
import { isLasting, ProposalError, type ProposalProblem } from './problems';
import { ProposalBranch } from './ProposalBranch';
import { proposedFiles } from './proposedFiles';
import type { ProposalPlanner } from './ProposalPlanner';
import {
  CLOSED_BY_US,
  hasGrant,
  requestsAtTip,
  settleProposal,
} from './settleProposal';
import { soundOf } from './unreadClusters';
import type {
  BuiltProposal,
  CarriedRequest,
  ProposalListener,
  ProposalRecord,
  ProposalStore,
  RequestOutcome,
  Snapshot,
  TransitionFacts,
} from './types';

/** Whoever was shown a head before these is told that it has changed, and not what. */
const MOST_EARLIER = 50;

/** A pull request of an import, or of its second step. */
interface PlannedImport {
  built: BuiltProposal;
  /** @param by - ref of who had it opened */
  describe: (by: string) => { title: string; body: string };
}

/** What building proposals needs. */
export interface ProposalBuilderOptions {
  store: ProposalStore;
  snapshots: { read(how?: { fresh?: boolean }): Promise<Snapshot> };
  connection: RepositoryConnection;
  planner: ProposalPlanner;
  receipts: Receipts;
  listener: ProposalListener;
  /** Takes over what people say on pull requests. */
  talk?: Pick<ForgeTalk, 'follow'>;
  /** Merges what only ends what is over; absent: people do. */
  expiry?: Pick<ExpiryMerge, 'consider'>;
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
    const { store, planner, receipts } = this.#options;
    const snapshot = await this.#readWhole();
    const record = await store.currentProposal(api);
    if (record?.imported) {
      const { built } = await this.#planImport(snapshot, record);
      return { snapshot: soundOf(snapshot), built, present: new Set() };
    }
    const requests = await store.carriedRequests(api);
    const present = requestsAtTip(snapshot, api, requests);
    const built = await planner.build(
      snapshot,
      api,
      requests.filter(({ id }) => !present.has(id)),
    );
    const sound = soundOf(snapshot);
    return { snapshot: sound, built: receipts.addTo(sound, built), present };
  }

  /** @throws ProposalError where a source of the estate cannot be read */
  async #readWhole(): Promise<Snapshot> {
    const snapshot = await this.#options.snapshots.read({ fresh: true });
    if (!snapshot.source.estateMissing) return snapshot;
    throw new ProposalError({
      code: 'estate-not-readable',
      text: `Nothing is proposed while the estate cannot be read completely. ${
        snapshot.source.problem ?? ''
      }`.trim(),
    });
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
          code: 'repository-damaged',
          text: 'Its pull request no longer exists.',
          tellable: true,
        },
      });
      return { ended };
    }
    await this.#options.talk?.follow(repository, record);
    const ended = await settleProposal({
      record,
      pull,
      repository,
      store,
      snapshot: () => snapshots.read({ fresh: true }),
      policiesFolder: connection.config.policiesFolder,
    });
    if (ended) {
      const by = mergedByItself(record, pull) ? CALLGATE_ACTOR : pull.closedBy;
      await snapshots.read({ fresh: true }).catch(() => undefined);
      await listener.changed({
        proposal: ended,
        requestIds: ended.requestIds,
        event: ended.state,
        ...(by !== undefined && { by }),
      });
    }
    return { pull, ...(ended && { ended }) };
  }

  /**
   * Builds, opens, updates or closes.
   *
   * @param hold - called before every side effect; throws where it must not happen
   * @throws ProposalError where what is approved cannot be proposed now, and errors of the forge
   */
  async build(
    api: string,
    hold: Lease['hold'] = async () => undefined,
  ): Promise<void> {
    const { store, connection } = this.#options;
    await hold();
    const repository = await connection.repository();
    let record = await store.currentProposal(api);
    if (record?.imported) record = await this.#withNumber(repository, record);
    if (record && (await this.settle(record)).ended) record = undefined;
    if (record?.imported) {
      await this.#buildImport(repository, record, record.imported, hold);
      return;
    }

    const { snapshot, built, present } = await this.#planFor(
      repository,
      api,
      record,
      hold,
    );
    const isThere = ({ id }: CarriedRequest) => present.has(id);
    const come = [
      ...(await store.carriedRequests(api)).filter(isThere),
      // Withdrawn too late for the pull request that had them, or declined with one that somebody opened again.
      ...(await store.leftRequests(api, [...present])),
    ];
    if (come.length + built.gone.length > 0) {
      // Merged between two looks, or by a pull request of which we never heard: what came is told of that, and the rest planned anew.
      await hold();
      const isSettled =
        record?.number === undefined
          ? await this.#adopt(repository, snapshot, record, built, come)
          : (await this.settle(record)).ended !== undefined;
      if (isSettled) {
        await this.build(api, hold);
        return;
      }
    }
    const damaged = await store.damagedRequests(api);
    await hold();
    await this.#askAgain(built, record);
    await this.#endGone(snapshot, built, record);
    await this.#endOutgrown(built, record);
    const merged = (await store.carriedRequests(api)).filter(isThere);
    if (merged.length > 0) {
      await hold();
      // Somebody wrote by hand what they asked for.
      const requestIds = merged.map(({ id }) => id);
      await store.saveOutcomes(
        requestIds.map(requestId => ({ requestId, event: 'merged' })),
      );
      await this.#options.listener.changed({
        ...(record && { proposal: record }),
        requestIds,
        event: 'merged',
      });
    }
    // What cannot be carried now is approved all the same: its pull request stays, and cannot be merged meanwhile.
    const approved: { id: string }[] = [
      ...built.carried,
      ...built.waiting,
      ...built.blocked.map(({ request }) => request),
      ...damaged,
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
        hold,
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
          hold,
        );
      }
      if (gone.length === 0 && record?.head) {
        await hold();
        await this.#statuses.unproved(repository, record.head);
      }
    } else {
      await this.#open(repository, snapshot, built, record, hold);
    }
    if (errors.length > 0) {
      throw ProposalError.of(errors);
    }
    if (damaged.length > 0) {
      const numbers = damaged.map(({ number }) => number).join(', ');
      throw new ProposalError({
        code: 'record-damaged',
        text: `What was stored of request ${numbers} cannot be read: its row in the database is damaged. It is left out until the platform team has restored it, or until it is withdrawn.`,
        tellable: true,
      });
    }
  }

  /** What became of the pull request of an import is heard also where the answer to its opening was lost. */
  async #withNumber(
    repository: ForgeRepository,
    record: ProposalRecord,
  ): Promise<ProposalRecord> {
    const { opensAfter } = record.imported ?? {};
    if (record.number !== undefined || opensAfter === undefined) return record;
    const found = await repository.findPullRequest(record.branch);
    if (!found || found.state === 'open' || found.number <= opensAfter)
      return record;
    const { number, url } = found;
    return this.#options.store.saveProposal({
      ...record,
      number,
      ...(url !== undefined && { url }),
    });
  }

  /** Notes, before the pull request of an import is opened, which ones of its branch are not its own. */
  async #noteEarlier(
    repository: ForgeRepository,
    record: ProposalRecord,
    imported: ImportRecord,
    hold: Lease['hold'],
  ): Promise<ProposalRecord> {
    if (record.number !== undefined || imported.opensAfter !== undefined)
      return record;
    const found = await repository.findPullRequest(record.branch);
    await hold();
    return this.#options.store.saveProposal({
      ...record,
      imported: { ...imported, opensAfter: found?.number ?? 0 },
    });
  }

  /** What is approved meanwhile waits until the pull request of the import has ended: an API has one at a time. */
  async #buildImport(
    repository: ForgeRepository,
    record: ProposalRecord,
    imported: ImportRecord,
    hold: Lease['hold'],
  ): Promise<void> {
    let planned: PlannedImport;
    let snapshot: Snapshot;
    try {
      snapshot = await this.#readWhole();
      planned = await this.#planImport(snapshot, record);
    } catch (error) {
      if (error instanceof ProposalError && record.head) {
        await hold();
        await this.#statuses.unproved(repository, record.head);
      }
      if (
        error instanceof ProposalError &&
        error.problem.code === 'import-changed'
      ) {
        await this.#close(
          repository,
          record.api,
          record,
          imported.removes
            ? 'What is in force, or what people wrote, has changed since it was chosen, and something else could be deleted by now. Choose it anew.'
            : 'What is in force has changed since it was chosen, and the import would write something else by now. Choose it anew.',
          hold,
          error.problem,
        );
        if ((await this.#options.store.carriedRequests(record.api)).length > 0)
          await this.build(record.api, hold);
        return;
      }
      throw error;
    }
    await this.#open(
      repository,
      soundOf(snapshot),
      planned.built,
      await this.#noteEarlier(repository, record, imported, hold),
      hold,
      planned.describe(imported.by),
    );
  }

  /** @throws ProposalError with code `import-changed` where it is not what was chosen, and where a cluster cannot be read */
  async #planImport(
    snapshot: Snapshot,
    { api, imported }: ProposalRecord,
  ): Promise<PlannedImport> {
    const { config } = this.#options.connection;
    if (imported?.removes)
      return this.#planRemoval(snapshot, api, imported.terms);
    const found = await importOf(snapshot, api, config);
    const { written, notNow } = found;
    if (notNow?.reason === 'unread')
      throw new ProposalError({
        code: 'estate-not-readable',
        text: `It waits until ${notNow.clusters.join(
          ' and ',
        )} can be read again.`,
      });
    if (!written || written.terms !== imported?.terms)
      throw new ProposalError({
        code: 'import-changed',
        text: 'What is in force has changed since this import was chosen, so that it would write something else. Choose it anew under Import.',
        tellable: true,
      });
    return {
      built: this.#builtOf(snapshot, api, written),
      describe: by => describeImport(snapshot, found, written, by),
    };
  }

  /** The second step of an import, worked out by the present state of everything. */
  async #planRemoval(
    snapshot: Snapshot,
    api: string,
    terms: string,
  ): Promise<PlannedImport> {
    const { config } = this.#options.connection;
    if (snapshot.unread.length > 0)
      throw new ProposalError({
        code: 'estate-not-readable',
        text: `It waits until ${snapshot.unread
          .map(({ cluster }) => cluster)
          .join(' and ')} can be read again.`,
      });
    const removal = await removalOf(snapshot, api, config);
    const written = removal?.written;
    if (!written || written.terms !== terms)
      throw new ProposalError({
        code: 'import-changed',
        text: 'What is in force, or what people wrote, has changed since this was chosen, so that something else could be deleted. Choose it anew under Import.',
        tellable: true,
      });
    return {
      built: this.#builtOf(snapshot, api, written),
      describe: by => describeRemoval(snapshot, removal, written, by),
    };
  }

  #builtOf(
    { source, repository }: Snapshot,
    api: string,
    written: Pick<BuiltProposal, 'changes' | 'meaning' | 'checks'>,
  ): BuiltProposal {
    const { changes, meaning, checks } = written;
    return {
      api,
      base: source.commit ?? '',
      carried: [],
      askAgain: [],
      blocked: [],
      outgrown: [],
      gone: [],
      waiting: [],
      notes: [],
      changes,
      files: proposedFiles(
        changes,
        repository,
        this.#options.connection.config,
      ),
      meaning,
      checks,
      errors: [],
    };
  }

  /** What cannot be planned is not proved any more either. */
  async #planFor(
    repository: ForgeRepository,
    api: string,
    record: ProposalRecord | undefined,
    hold: Lease['hold'],
  ): ReturnType<ProposalBuilder['plan']> {
    try {
      return await this.plan(api);
    } catch (error) {
      if (error instanceof ProposalError && record?.head) {
        await hold();
        await this.#statuses.unproved(repository, record.head);
      }
      throw error;
    }
  }

  async #open(
    repository: ForgeRepository,
    snapshot: Snapshot,
    built: BuiltProposal,
    record: ProposalRecord | undefined,
    hold: Lease['hold'],
    described = describeProposal(snapshot, built),
  ): Promise<void> {
    const { store, connection, listener } = this.#options;
    const branch = new ProposalBranch(repository, branchOf(built.api));
    const { title } = described;
    await hold();
    const { head, base } = await branch.write(snapshot, built, title, hold);
    // The head is made without the description, so the description can name it.
    const body = atHead(described.body, head);
    const pull = await this.#pullRequest(
      repository,
      branch.name,
      { title, body },
      record?.number,
      hold,
    );
    await hold();
    await this.#statuses.proved(repository, head);
    await hold();
    const saved = await store.saveProposal(
      {
        ...this.#continued(built.api, record),
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
      mended: record?.problem !== undefined,
    });
    if (connection.config.branch !== pull.base) {
      throw new ProposalError({
        code: 'forge-refused',
        text: `Pull request ${pull.number} goes to ${pull.base}, not to ${connection.config.branch}.`,
      });
    }
  }

  /** @throws MeanwhileError where the pull request that we go by was merged or closed since we looked */
  async #pullRequest(
    repository: ForgeRepository,
    branch: string,
    text: { title: string; body: string },
    known: number | undefined,
    hold: Lease['hold'],
  ): Promise<PullRequest> {
    const { config } = this.#options.connection;
    const found = await repository.findPullRequest(branch);
    if (found?.state !== 'open') {
      // What people did with it comes first: it may have declined, or brought, what would be proposed again.
      if (found && found.number === known)
        throw new MeanwhileError(
          `Pull request ${found.number} was ${found.state} meanwhile.`,
        );
      await hold();
      return repository.openPullRequest({
        branch,
        base: config.branch,
        ...text,
        reviewers: config.reviewers,
      });
    }
    const same =
      found.title === text.title && unify(found.body) === unify(text.body);
    if (same) return found;
    await hold();
    return repository.updatePullRequest(found.number, text);
  }

  async #close(
    repository: ForgeRepository,
    api: string,
    record: ProposalRecord | undefined,
    why: string,
    hold: Lease['hold'],
    problem?: ProposalProblem,
  ): Promise<void> {
    const { store, listener } = this.#options;
    const branch = branchOf(api);
    const pull = await repository.findPullRequest(branch);
    if (pull?.state === 'open') {
      await hold();
      await repository.closePullRequest(
        pull.number,
        `${why}\n\n${CLOSED_BY_US}`,
      );
    }
    const head = await repository.fetch(branch);
    await hold();
    if (head) await repository.push(branch, undefined, head);
    if (record) {
      await hold();
      const saved = await store.saveProposal({
        ...this.#continued(api, record),
        state: 'closed',
        problem,
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

  /** What was to be confirmed, changed or ended is not there any more: nobody has to be asked. */
  async #endGone(
    present: Snapshot,
    { gone }: BuiltProposal,
    record: ProposalRecord | undefined,
  ): Promise<void> {
    if (gone.length === 0) return;
    const { store, listener } = this.#options;
    await store.saveOutcomes(
      gone.map(
        (request): RequestOutcome => ({
          requestId: request.id,
          event: 'superseded',
          facts: { code: goneCode(request, present) },
        }),
      ),
    );
    await listener.changed({
      ...(record && { proposal: record }),
      requestIds: gone.map(({ id }) => id),
      event: 'superseded',
    });
  }

  /**
   * Takes note of a pull request that is merged and of which we never heard, as when the answer to its opening was lost. It names what
   * it carried. An end leaves nothing in Git by which it could be known, and has come about only where nothing of its grant is left.
   *
   * @returns whether there was one
   */
  async #adopt(
    repository: ForgeRepository,
    present: Snapshot,
    record: ProposalRecord | undefined,
    { api, gone }: BuiltProposal,
    come: readonly CarriedRequest[],
  ): Promise<boolean> {
    const { store, listener } = this.#options;
    const declaration = declarationOf(present, api);
    const ended = gone.filter(
      ({ change }) => change && !hasGrant(declaration, change.grant),
    );
    if (come.length + ended.length === 0) return false;
    const pull = await repository.findPullRequest(branchOf(api));
    if (pull?.state !== 'merged') return false;
    const requestIds = [...come, ...ended]
      .filter(request => namesRequest(pull.body, request))
      .map(({ id }) => id);
    if (requestIds.length === 0) return false;
    const { number, url, closedBy } = pull;
    const proposal = await store.saveProposal(
      {
        ...this.#continued(api, record),
        state: 'merged',
        title: pull.title,
        body: pull.body,
        number,
        ...(url !== undefined && { url }),
        head: pull.head,
        requestIds,
        problem: undefined,
      },
      requestIds.map(
        (requestId): RequestOutcome => ({
          requestId,
          event: 'merged',
          ...(url !== undefined && { link: url }),
          ...(closedBy !== undefined && { actor: closedBy }),
        }),
      ),
    );
    await listener.changed({
      proposal,
      requestIds,
      event: 'merged',
      ...(closedBy !== undefined && { by: closedBy }),
    });
    return true;
  }

  /** Nobody has agreed to what it means by now; who asked may look at it, and ask anew. */
  async #endOutgrown(
    { outgrown }: BuiltProposal,
    record: ProposalRecord | undefined,
  ): Promise<void> {
    if (outgrown.length === 0) return;
    const { store, listener } = this.#options;
    const requestIds = outgrown.map(({ id }) => id);
    await store.saveOutcomes(
      requestIds.map(
        (requestId): RequestOutcome => ({
          requestId,
          event: 'superseded',
          facts: { code: 'glass-means-more' },
        }),
      ),
    );
    await listener.changed({
      ...(record && { proposal: record }),
      requestIds,
      event: 'superseded',
    });
  }

  /** Puts the problem where people look: on the proposal. */
  async note(api: string, problem: ProposalProblem): Promise<void> {
    const { store, listener, logger } = this.#options;
    try {
      const record = await store.currentProposal(api);
      if (record?.damaged) return;
      if (!record && !(await this.#isWanted(api))) return;
      const noted = record ?? this.#newRecord(api);
      if (JSON.stringify(noted.problem) === JSON.stringify(problem)) return;
      const opened = noted.number !== undefined && noted.state === 'open';
      const unopened = isLasting(problem.code) ? 'failed' : 'building';
      const state = opened ? 'open' : unopened;
      const saved = await store.saveProposal({
        ...noted,
        state,
        problem,
      });
      const { requestIds } = saved;
      await listener.changed({
        proposal: saved,
        requestIds:
          requestIds.length > 0
            ? requestIds
            : (await store.carriedRequests(api)).map(({ id }) => id),
        event: 'problem',
      });
    } catch (error) {
      logger.warn(
        `The problem of the proposal for ${api} could not be noted`,
        error as Error,
      );
    }
  }

  async #isWanted(api: string): Promise<boolean> {
    const { store } = this.#options;
    const known = [
      ...(await store.carriedRequests(api)),
      ...(await store.damagedRequests(api)),
    ];
    return known.length > 0;
  }

  /** The record to go on with; of a damaged one, only which it is. */
  #continued(api: string, record: ProposalRecord | undefined): ProposalRecord {
    if (!record?.damaged) return record ?? this.#newRecord(api);
    const { id, version, createdAt } = record;
    return { ...this.#newRecord(api), id, version, createdAt };
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

/** Why nothing is left of a request. */
function goneCode(
  { api, caller, change }: CarriedRequest,
  snapshot: Snapshot,
): TransitionFacts['code'] &
  ('grant-gone' | 'not-over' | 'nothing-to-confirm' | 'caller-back') {
  if (!change) return 'nothing-to-confirm';
  const declaration = declarationOf(snapshot, api);
  if (!declaration || !grantOf(declaration, { change, caller }))
    return 'grant-gone';
  return change.gone === undefined ? 'not-over' : 'caller-back';
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
