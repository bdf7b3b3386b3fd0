import { hearReviews } from './hearReviews';
import { KeyedLock } from './KeyedLock';
import { type Lease, LeaseLostError, Leases } from './Leases';
import { MeaningStatus } from './MeaningStatus';
import {
  delayAfter,
  problemOf,
  type ProposalProblem,
  sayProblem,
} from './problems';
import {
  ProposalBuilder,
  type ProposalBuilderOptions,
} from './ProposalBuilder';
import type { ProposalRecord } from './types';

const ROWS_AT_ONCE = 10;
/** How long the end of a process may take until the step that is under way is over. */
const STOP_WITHIN_MS = 5_000;

/** Works through the outbox and looks at open pull requests; what fails is noted where people look, and tried again. */
export class ProposalWorker {
  readonly #options: ProposalBuilderOptions;
  readonly #builder: ProposalBuilder;
  readonly #leases: Leases;
  readonly #lock = new KeyedLock();
  /** By API; the database may be what fails, so that a problem cannot be noted there. */
  readonly #problems = new Map<string, ProposalProblem>();
  readonly #rounds = new Set<Promise<void>>();
  readonly #statuses: MeaningStatus;
  /** The commit of the target branch that was looked through last for what came in without us. */
  #through: string | undefined;
  /** By API with an import: the state of everything when it was looked at last. */
  readonly #looked = new Map<string, string>();

  constructor(options: ProposalBuilderOptions) {
    this.#options = options;
    this.#statuses = new MeaningStatus(options.logger);
    this.#builder = new ProposalBuilder(options);
    this.#leases = new Leases(options);
  }

  /** Works on what is due. Failures are noted and tried again later. */
  async runOnce(): Promise<void> {
    const round = this.#round();
    this.#rounds.add(round);
    try {
      await round;
    } finally {
      this.#rounds.delete(round);
    }
  }

  /** Takes note of merged and closed pull requests, and has conflicts rebuilt. */
  async syncOnce(): Promise<void> {
    const { store, logger } = this.#options;
    for (const record of await store.openProposals()) {
      try {
        await this.exclusively(record.api, () => this.#sync(record));
      } catch (error) {
        logger.warn(
          `The pull request of ${record.api} cannot be read: ${sayProblem(
            problemOf(error),
          )}`,
          error as Error,
        );
      }
    }
    try {
      await this.#lookForLeft();
    } catch (error) {
      logger.warn(
        `Whether something was merged that was declined cannot be told: ${sayProblem(
          problemOf(error),
        )}`,
        error as Error,
      );
    }
  }

  /** A pull request that is closed is not looked at any more; people may open it again, and merge it. */
  async #lookForLeft(): Promise<void> {
    const { store, snapshots } = this.#options;
    const { source, policies } = await snapshots.read();
    if (source.commit === undefined || source.commit === this.#through) return;
    for (const { policy } of policies) {
      const { api, grants } = policy?.spec ?? {};
      const ids = (grants ?? []).flatMap(({ request }) => request ?? []);
      if (api !== undefined && (await store.leftRequests(api, ids)).length > 0)
        await store.enqueue(api);
    }
    this.#through = source.commit;
  }

  /** Ends in an orderly way: nothing more is begun or written, and what was to be done is free for other processes. */
  async stop(): Promise<void> {
    this.#leases.refuse();
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>(resolve => {
      timer = setTimeout(resolve, STOP_WITHIN_MS);
    });
    await Promise.race([Promise.allSettled([...this.#rounds]), enough]);
    clearTimeout(timer);
    await this.#leases.release();
  }

  /** Why the last attempt of this process to build the proposal of an API failed. */
  problemOf(api: string): ProposalProblem | undefined {
    return this.#problems.get(api);
  }

  /** Nothing else is done to the API's proposal meanwhile, in this process. */
  exclusively<T>(api: string, task: () => Promise<T>): Promise<T> {
    return this.#lock.run(api, task);
  }

  /** Plans the proposal of an API from what is approved now; writes nothing. */
  plan(api: string): ReturnType<ProposalBuilder['plan']> {
    return this.#builder.plan(api);
  }

  /** Reads a proposal's pull request and takes note of how it ended. */
  settle(record: ProposalRecord): ReturnType<ProposalBuilder['settle']> {
    return this.#builder.settle(record);
  }

  async #round(): Promise<void> {
    for (const lease of await this.#leases.claim(ROWS_AT_ONCE)) {
      try {
        await this.#work(lease);
      } catch (error) {
        // What cannot even be postponed is due again when its lease runs out; the others go on.
        this.#options.logger.warn(
          `The outbox cannot be written: ${sayProblem(problemOf(error))}`,
          error as Error,
        );
      } finally {
        this.#leases.end(lease.row);
      }
    }
  }

  async #work({ row, hold }: Lease): Promise<void> {
    const { store, logger } = this.#options;
    try {
      await this.exclusively(row.api, () => this.#builder.build(row.api, hold));
      this.#problems.delete(row.api);
      await store.finish(row);
    } catch (error) {
      if (error instanceof LeaseLostError) {
        logger.info(error.message);
        if (this.#leases.stopped) await store.release([row]);
        return;
      }
      if ((error as { code?: unknown }).code === 'version-conflict') {
        // Another process has taken note of something meanwhile. No trouble of anybody: it is due again at once.
        logger.info(
          `The proposal for ${row.api} was changed meanwhile; it is built again.`,
        );
        await store.release([row]);
        return;
      }
      const problem = problemOf(error);
      const text = sayProblem(problem);
      this.#problems.set(row.api, problem);
      logger.warn(
        `The proposal for ${row.api} was not built: ${text}`,
        error as Error,
      );
      await this.#builder.note(row.api, problem);
      await store.postpone(row, {
        delayMs: delayAfter(error, row.attempts),
        problem: text,
      });
    }
  }

  /**
   * Has an import built where repository, estate or catalog may have changed since it was looked at last: on other forges it is merged by
   * its status alone.
   */
  async #lookAnew(api: string): Promise<void> {
    const { store, snapshots } = this.#options;
    const { key } = await snapshots.read();
    if (this.#looked.get(api) === key) return;
    await store.enqueue(api);
    // Only then: a state that could not be taken up would count as looked at.
    this.#looked.set(api, key);
  }

  async #sync(known: ProposalRecord): Promise<void> {
    const { store, connection, listener, expiry } = this.#options;
    const record = await store.currentProposal(known.api);
    if (!record || record.id !== known.id) return;
    if (record.damaged) {
      // Building finds its pull request by the branch and writes it anew.
      await store.enqueue(record.api);
      return;
    }
    const { pull, ended } = await this.settle(record);
    if (!pull || ended) return;
    const repository = await connection.repository();
    // Whoever reviews in the portal is heard there.
    const heard = repository.portalReviews
      ? record
      : await hearReviews({ record, pull, store, listener });
    await expiry?.consider(heard, pull, repository, this);
    const elsewhere = pull.head !== record.head;
    if (record.imported) await this.#lookAnew(record.api);
    if (elsewhere) {
      await this.#statuses.foreign(repository, pull.head);
    }
    if (elsewhere || pull.mergeable?.ok === false) {
      await store.enqueue(record.api);
    }
  }
}
