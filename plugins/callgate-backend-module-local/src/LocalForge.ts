import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  Forge,
  ForgeRepository,
  RepositoryTarget,
} from '@callgate/plugin-callgate-node';
import path from 'node:path';
import { LocalRepository } from './LocalRepository';
import { PullRequestFiles } from './PullRequestFiles';
import { seedRepository } from './seedRepository';

/**
 * A forge inside the portal: a bare Git repository in a folder, with pull requests, reviews and merges.
 *
 * @public
 */
export class LocalForge implements Forge {
  readonly id = 'local';
  readonly reviewsInPortal = true;
  readonly #directory: string;
  readonly #seed: string | undefined;
  readonly #logger: LoggerService | undefined;
  readonly #now: () => number;

  /**
   * @param options - `directory` holds everything; `seed` is the folder that a new repository starts from; `logger`
   * hears of a seed that is not read because there is a repository
   */
  constructor(options: {
    directory: string;
    seed?: string;
    logger?: LoggerService;
    now?: () => number;
  }) {
    this.#directory = options.directory;
    this.#seed = options.seed;
    this.#logger = options.logger;
    this.#now = options.now ?? Date.now;
  }

  /** The first call makes the repository. The target's address has no meaning here. */
  async connect(target: RepositoryTarget): Promise<ForgeRepository> {
    const store = await seedRepository({
      directory: path.join(this.#directory, 'policies.git'),
      branch: target.branch,
      ...(this.#seed !== undefined && { seed: this.#seed }),
      ...(this.#logger !== undefined && { logger: this.#logger }),
      timestamp: Math.floor(this.#now() / 1000),
    });
    const pulls = await PullRequestFiles.open(
      path.join(this.#directory, 'pull-requests'),
    );
    return new LocalRepository({ store, pulls, now: this.#now });
  }
}
