import { NotFoundError } from '@backstage/errors';
import {
  forgeError,
  isForgeError,
  type PullRequest,
  type PullRequestReview,
} from '@callgate/plugin-callgate-node';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** A pull request as it is stored; what can be read from Git is not in it. */
export interface StoredPullRequest {
  number: number;
  state: PullRequest['state'];
  title: string;
  body: string;
  branch: string;
  base: string;
  reviewers: string[];
  /** Oldest first. */
  reviews: PullRequestReview[];
  /** Head at the time it was merged or closed. */
  head?: string;
  mergeCommit?: string;
  closedBy?: string;
  closeComment?: string;
  /**
   * A merge that was begun. Whether it happened is told by Git alone: if the target branch has the commit, it did.
   */
  merging?: { commit: string; head: string; by: string };
}

/**
 * One JSON file for each pull request beside the repository. A file appears, and is replaced, as a whole: a crash
 * leaves the old content or the new one.
 */
export class PullRequestFiles {
  static async open(directory: string): Promise<PullRequestFiles> {
    await fs.promises.mkdir(directory, { recursive: true });
    return new PullRequestFiles(directory);
  }

  private constructor(readonly directory: string) {}

  /** Stores a new one under the next free number. */
  async create(
    pull: Omit<StoredPullRequest, 'number'>,
  ): Promise<StoredPullRequest> {
    const numbers = await this.#numbers();
    for (let number = Math.max(0, ...numbers) + 1; ; number++) {
      const created = { ...pull, number };
      const written = await this.#writeAside(created);
      try {
        // Unlike a rename, a link fails where the number is taken.
        await fs.promises.link(written, this.#file(number));
        return created;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        await fs.promises.rm(written, { force: true });
      }
    }
  }

  /** @throws NotFoundError, ServiceUnavailableError with code `repository-damaged` */
  async read(number: number): Promise<StoredPullRequest> {
    let text: string;
    try {
      text = await fs.promises.readFile(this.#file(number), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new NotFoundError(
        `There is no pull request ${number} in the local policy repository`,
      );
    }
    const stored = parse(text);
    if (stored?.number === number) return stored;
    throw forgeError(
      'repository-damaged',
      `Pull request ${number} cannot be read: its file pull-requests/${number}.json is damaged. Restore it from a back-up, or remove it.`,
    );
  }

  async write(pull: StoredPullRequest): Promise<void> {
    await fs.promises.rename(
      await this.#writeAside(pull),
      this.#file(pull.number),
    );
  }

  /** All that can be read, newest first: a damaged one is told of where it is asked for, and stops no other. */
  async list(): Promise<StoredPullRequest[]> {
    const numbers = (await this.#numbers()).sort((a, b) => b - a);
    const read = await Promise.all(
      numbers.map(number => this.read(number).catch(unlessMissing)),
    );
    return read.flatMap(stored => stored ?? []);
  }

  async #numbers(): Promise<number[]> {
    const names = await fs.promises.readdir(this.directory);
    return names
      .flatMap(name => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
      .map(Number);
  }

  async #writeAside(pull: StoredPullRequest): Promise<string> {
    const file = path.join(this.directory, `.${pull.number}-${randomUUID()}`);
    const handle = await fs.promises.open(file, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(pull, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return file;
  }

  #file(number: number): string {
    return path.join(this.directory, `${Number(number)}.json`);
  }
}

const STATES: readonly unknown[] = ['open', 'merged', 'closed'];

function parse(text: string): StoredPullRequest | undefined {
  try {
    const value: Partial<StoredPullRequest> | null = JSON.parse(text);
    const sound =
      [value?.title, value?.body, value?.branch, value?.base].every(
        part => typeof part === 'string',
      ) &&
      STATES.includes(value?.state) &&
      Array.isArray(value?.reviews);
    return sound ? (value as StoredPullRequest) : undefined;
  } catch {
    return undefined;
  }
}

function unlessMissing(error: unknown): undefined {
  const damaged = isForgeError(error) && error.code === 'repository-damaged';
  // One that was removed meanwhile is none.
  if (!damaged && !(error instanceof NotFoundError)) throw error;
  return undefined;
}
