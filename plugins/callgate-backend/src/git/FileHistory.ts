import { ServiceUnavailableError } from '@backstage/errors';
import type { RepositoryConnection } from './RepositoryConnection';

/** How far back is looked: what was not to be read for longer than that, nobody works by. */
const MOST_COMMITS = 200;
const MOST_VERDICTS = 500;

/** A version of a file that could be read, and the newest commit that has it. */
export interface GoodVersion<T> {
  value: T;
  commit: string;
  /** ISO 8601. */
  at: string;
}

/**
 * Versions of files along the target branch. Only first parents are followed: what a side branch had before it was merged
 * was never in force.
 */
export class FileHistory {
  readonly #verdicts = new Map<string, { value: unknown }>();
  readonly #found = new Map<string, GoodVersion<unknown> | undefined>();

  constructor(
    private readonly connection: Pick<
      RepositoryConnection,
      'repository' | 'config'
    >,
  ) {}

  /**
   * The last version before a commit that could be read. Commits without the file are passed over: that it was gone for a
   * while says nothing about what it asked.
   *
   * @param read - gives `undefined` for a text that cannot be read; one function for each path
   */
  async lastGood<T>(
    commit: string,
    path: string,
    read: (text: string) => T | undefined,
  ): Promise<GoodVersion<T> | undefined> {
    const { store } = await this.connection.repository();
    const passed: string[] = [];
    let found: GoodVersion<unknown> | undefined;
    let at: string | undefined = commit;
    while (at !== undefined && passed.length < MOST_COMMITS) {
      const key = `${at} ${path}`;
      if (this.#found.has(key)) {
        found = this.#found.get(key);
        break;
      }
      passed.push(key);
      const value = await this.#verdict(at, path, read);
      if (value !== undefined) {
        const { at: time } = await store.readCommit(at);
        found = { value, commit: at, at: time };
        break;
      }
      at = await this.#parentOf(at);
    }
    // How far it was looked counts from each commit anew, so that nothing found is no answer for the others.
    if (found) {
      if (this.#found.size > MOST_VERDICTS) this.#found.clear();
      passed.forEach(key => this.#found.set(key, found));
    }
    return found as GoodVersion<T> | undefined;
  }

  /**
   * The commit that the target branch was at, as far as its history says.
   *
   * @param head - where it is now
   * @param moment - milliseconds since 1970
   * @returns `undefined` where the repository is younger than that
   * @throws ServiceUnavailableError with code `repository-unreachable` where history that is needed cannot be brought here
   */
  async commitAt(
    head: string,
    moment: number,
  ): Promise<{ id: string; at: string } | undefined> {
    const { store } = await this.connection.repository();
    let id: string | undefined = head;
    while (id !== undefined) {
      const { at, parents } = await store.readCommit(id);
      if (Date.parse(at) <= moment) return { id, at };
      const parent: string | undefined = await this.#parentOf(id);
      if (parent === undefined && parents.length > 0) {
        throw Object.assign(
          new ServiceUnavailableError(
            'The history of the policy repository could not be read as far back as that. Try again later.',
          ),
          { code: 'repository-unreachable' },
        );
      }
      id = parent;
    }
    return undefined;
  }

  async #verdict<T>(
    commit: string,
    path: string,
    read: (text: string) => T | undefined,
  ): Promise<T | undefined> {
    const { store } = await this.connection.repository();
    const blob = await store.blobId(commit, path);
    if (blob === undefined) return undefined;
    const key = `${blob} ${path}`;
    let known = this.#verdicts.get(key);
    if (!known) {
      const text = await store.readFile(commit, path);
      known = { value: text === undefined ? undefined : read(text) };
      if (this.#verdicts.size > MOST_VERDICTS) this.#verdicts.clear();
      this.#verdicts.set(key, known);
    }
    return known.value as T | undefined;
  }

  /** The first parent, brought from the forge where the store has the newest commits only. */
  async #parentOf(commit: string): Promise<string | undefined> {
    const { connection } = this;
    const { store, deepen } = await connection.repository();
    const [parent] = (await store.readCommit(commit)).parents;
    if (parent === undefined || !deepen) return parent;
    const isHere = () =>
      store.readCommit(parent).then(
        () => true,
        () => false,
      );
    if (await isHere()) return parent;
    const repository = await connection.repository();
    await repository.deepen!(connection.config.branch, MOST_COMMITS);
    return (await isHere()) ? parent : undefined;
  }
}
