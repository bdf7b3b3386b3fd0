import {
  type BareGitStore,
  forgeError,
  isForgeError,
} from '@callgate/plugin-callgate-node';
import git from 'isomorphic-git';
import { fetchHttp } from './fetchHttp';
import type { GithubApi } from './GithubApi';
import { toForgeError } from './githubErrors';
import { forgetMissingShallowCommits } from './forgetMissingShallowCommits';
import { WholeCommits } from './WholeCommits';

const NOTHING = '0'.repeat(40);
const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** Fetches from and pushes to a repository over HTTPS, at depth 1 unless it is asked for more. */
export class GithubTransport {
  readonly #at: Pick<BareGitStore, 'fs'> & { gitdir: string };
  readonly #whole: WholeCommits;
  /** The last of those that fetch one after the other. */
  #fetching: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: {
      store: BareGitStore;
      api: GithubApi;
      sleep: (ms: number) => Promise<void>;
      now: () => number;
    },
  ) {
    const { fs: files, directory } = options.store;
    this.#at = { fs: files, gitdir: directory };
    this.#whole = new WholeCommits(options.store.directory);
  }

  /** The head of a branch, with its objects in the store. */
  async fetch(branch: string): Promise<string | undefined> {
    return this.#retried(`read the branch ${branch}`, async () => {
      const head = await this.#serverHead(branch);
      if (!head || (await this.#whole.has(head))) return head;
      return this.#alone(async () =>
        (await this.#whole.has(head)) ? head : this.#fetch(branch, 1),
      );
    });
  }

  /** Brings commits before the head of a branch into the store. */
  async deepen(branch: string, commits: number): Promise<void> {
    await this.#retried(`read the history of ${branch}`, () =>
      this.#alone(() => this.#fetch(branch, commits)),
    );
  }

  /**
   * Runs one fetch at a time: what one of them has noted as being there is on its way still, and each would write over what another
   * one has noted.
   */
  #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#fetching.then(task);
    this.#fetching = result.catch(() => undefined);
    return result;
  }

  /** What came: the branch may have moved on since anybody looked, and one commit of it does not bring the one before. */
  async #fetch(branch: string, depth: number): Promise<string | undefined> {
    await this.#withOrigin();
    await forgetMissingShallowCommits(this.#at.gitdir);
    const { fetchHead } = await git.fetch({
      ...this.#at,
      ...(await this.#remote()),
      ref: branch,
      remoteRef: branch,
      singleBranch: true,
      depth,
      tags: false,
    });
    return fetchHead ?? undefined;
  }

  /** Compare-and-swap: the server refuses the push unless the branch is where `expected` says, and so do we before. */
  async push(
    branch: string,
    commit: string | undefined,
    expected: string | undefined,
  ): Promise<void> {
    const moved = (actual: string) =>
      forgeError(
        'branch-moved',
        `The branch ${branch} has moved from ${
          expected ?? 'nothing'
        } to ${actual} meanwhile. Try again from there.`,
      );
    // Not repeated: whether a push that failed has arrived is seen when the branch is read again.
    await this.#translated(`push the branch ${branch}`, async () => {
      await this.#withOrigin();
      const local = `refs/callgate/${branch}`;
      const value = commit ?? expected;
      if (value === undefined) return;
      await git.writeRef({ ...this.#at, ref: local, value, force: true });
      let seen = NOTHING;
      try {
        await git.push({
          ...this.#at,
          ...(await this.#remote()),
          ref: local,
          remoteRef: `refs/heads/${branch}`,
          force: true,
          delete: commit === undefined,
          onPrePush: ({ remoteRef }) => {
            seen = remoteRef.oid;
            return seen === (expected ?? NOTHING);
          },
        });
      } catch (error) {
        if (error instanceof git.Errors.UserCanceledError)
          throw moved(seen === NOTHING ? 'nothing' : seen);
        if (error instanceof git.Errors.GitPushError)
          throw await this.#rejected(branch, expected, moved);
        throw error;
      } finally {
        await git.deleteRef({ ...this.#at, ref: local });
      }
    });
  }

  /** The server refused the new head: because it moved in this moment, or by a rule. */
  async #rejected(
    branch: string,
    expected: string | undefined,
    moved: (actual: string) => Error,
  ): Promise<Error> {
    const actual = await this.#serverHead(branch);
    return actual === expected
      ? forgeError(
          'forge-rejected',
          `GitHub refuses the push to ${branch}. A rule of the repository or a hook may forbid it.`,
        )
      : moved(actual ?? 'nothing');
  }

  async #serverHead(branch: string): Promise<string | undefined> {
    const ref = `refs/heads/${branch}`;
    const refs = await git.listServerRefs({
      ...(await this.#remote()),
      prefix: ref,
    });
    return refs.find(each => each.ref === ref)?.oid;
  }

  async #withOrigin(): Promise<void> {
    const { gitUrl } = this.options.api.address;
    await git.addRemote({
      ...this.#at,
      remote: 'origin',
      url: gitUrl,
      force: true,
    });
  }

  async #remote() {
    const { api } = this.options;
    const password = await api.token();
    return {
      http: fetchHttp,
      url: api.address.gitUrl,
      onAuth: () => ({ username: 'x-access-token', password }),
      onAuthFailure: () => ({ cancel: true }),
    };
  }

  async #retried<T>(what: string, task: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#translated(what, task);
      } catch (error) {
        const passing =
          isForgeError(error) && error.code === 'repository-unreachable';
        if (!passing || attempt >= TRIES) throw error;
        await this.options.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  /** Errors of the library may quote addresses and headers: only their status goes on. */
  async #translated<T>(what: string, task: () => Promise<T>): Promise<T> {
    const { api, now } = this.options;
    const { url } = api.address;
    try {
      return await task();
    } catch (error) {
      if (isForgeError(error)) throw error;
      const about = { url, what, now: now() };
      if (error instanceof git.Errors.UserCanceledError) {
        throw toForgeError({ status: 401, headers: {}, text: '' }, about);
      }
      if (error instanceof git.Errors.HttpError) {
        const { statusCode: status } = error.data;
        if (status >= 300 && status < 400) {
          throw forgeError(
            'repository-not-found',
            `The repository ${url} has moved. Put its new address into callgate.policyRepository.url.`,
          );
        }
        throw toForgeError({ status, headers: {}, text: '' }, about);
      }
      throw forgeError(
        'repository-unreachable',
        `GitHub cannot be reached at ${url} (${what}).`,
      );
    }
  }
}
