import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  CommitStatus,
  ForgeRepository,
} from '@callgate/plugin-callgate-node';
import { problemOf, sayProblem } from './problems';

/**
 * The status of heads on a forge where others merge. It succeeds for what Callgate built and proved, and for nothing else.
 * One that cannot be set stops no proposal: a head without it has not succeeded.
 */
export class MeaningStatus {
  constructor(private readonly logger: LoggerService) {}

  proved(repository: ForgeRepository, head: string): Promise<void> {
    return this.#set(repository, head, {
      state: 'success',
      text: 'Callgate built this commit, and proved that it opens what was approved.',
    });
  }

  /** What was proved once, and by now would do something else or cannot be checked. */
  unproved(repository: ForgeRepository, head: string): Promise<void> {
    return this.#set(repository, head, {
      state: 'failure',
      text: 'What this does has changed, or cannot be proved now. The proposal in the portal says why.',
    });
  }

  foreign(repository: ForgeRepository, head: string): Promise<void> {
    return this.#set(repository, head, {
      state: 'failure',
      text: 'Somebody else pushed this commit onto the branch. Callgate did not build it, and builds the branch again.',
    });
  }

  async #set(
    repository: ForgeRepository,
    head: string,
    status: Omit<CommitStatus, 'name'>,
  ): Promise<void> {
    try {
      await repository.setStatus?.(head, {
        name: 'callgate/meaning',
        ...status,
      });
    } catch (error) {
      this.logger.warn(
        `The status callgate/meaning of ${head.slice(
          0,
          7,
        )} was not set: ${sayProblem(problemOf(error))}`,
      );
    }
  }
}
