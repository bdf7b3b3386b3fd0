import { KeyedLock } from './KeyedLock';
import { MeaningStatus } from './MeaningStatus';
import { delayAfter, problemOf } from './problems';
import {
  ProposalBuilder,
  type ProposalBuilderOptions,
} from './ProposalBuilder';
import type { OutboxRow, ProposalRecord } from './types';

const LEASE_MS = 5 * 60_000;
const ROWS_AT_ONCE = 10;

/** Works through the outbox and looks at open pull requests; what fails is noted where people look, and tried again. */
export class ProposalWorker {
  readonly #options: ProposalBuilderOptions;
  readonly #builder: ProposalBuilder;
  readonly #lock = new KeyedLock();
  readonly #statuses: MeaningStatus;

  constructor(options: ProposalBuilderOptions) {
    this.#options = options;
    this.#statuses = new MeaningStatus(options.logger);
    this.#builder = new ProposalBuilder(options);
  }

  /** Works on what is due. Failures are noted and tried again later. */
  async runOnce(): Promise<void> {
    const { store } = this.#options;
    for (const row of await store.claim({
      limit: ROWS_AT_ONCE,
      leaseMs: LEASE_MS,
    })) {
      await this.#work(row);
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
          `The pull request of ${record.api} cannot be read: ${
            problemOf(error).text
          }`,
        );
      }
    }
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

  async #work(row: OutboxRow): Promise<void> {
    const { store, logger } = this.#options;
    try {
      await this.exclusively(row.api, () => this.#builder.build(row.api));
      await store.finish(row);
    } catch (error) {
      const { text, problem, lasting } = problemOf(error);
      logger.warn(
        `The proposal for ${row.api} was not built: ${text}`,
        error as Error,
      );
      await store.postpone(row, {
        delayMs: delayAfter(error, row.attempts),
        problem: text,
      });
      await this.#builder.note(row.api, problem, lasting);
    }
  }

  async #sync(known: ProposalRecord): Promise<void> {
    const { store, connection } = this.#options;
    const record = await store.currentProposal(known.api);
    if (!record || record.id !== known.id) return;
    const { pull, ended } = await this.settle(record);
    if (!pull || ended) return;
    const elsewhere = pull.head !== record.head;
    if (elsewhere) {
      await this.#statuses.foreign(await connection.repository(), pull.head);
    }
    if (elsewhere || pull.mergeable?.ok === false) {
      await store.enqueue(record.api);
    }
  }
}
