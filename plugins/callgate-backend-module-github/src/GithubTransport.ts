import {
  type BareGitStore,
  forgeError,
  isForgeError,
} from '@callgate/plugin-callgate-node';
import git from 'isomorphic-git';
import fs from 'node:fs';
import { fetchHttp } from './fetchHttp';
import type { GithubApi } from './GithubApi';
import { toForgeError } from './githubErrors';

const NOTHING = '0'.repeat(40);
const TRIES = 3;
const FIRST_PAUSE_MS = 500;

/** Fetches from and pushes to a repository over HTTPS, at depth 1 unless it is asked for more. */
export class GithubTransport {
  readonly #at: { fs: typeof fs; gitdir: string };

  constructor(
    private readonly options: {
      store: BareGitStore;
      api: GithubApi;
      sleep: (ms: number) => Promise<void>;
      now: () => number;
    },
  ) {
    this.#at = { fs, gitdir: options.store.directory };
  }

  /** The head of a branch, with its objects in the store. */
  async fetch(branch: string): Promise<string | undefined> {
    return this.#retried(`read the branch ${branch}`, async () => {
      const head = await this.#serverHead(branch);
      if (head && !(await this.#has(head))) {
        await this.#fetch(branch, 1);
      }
      return head;
    });
  }

  /** Brings commits before the head of a branch into the store. */
  async deepen(branch: string, commits: number): Promise<void> {
    await this.#retried(`read the history of ${branch}`, () =>
      this.#fetch(branch, commits),
    );
  }

  async #fetch(branch: string, depth: number): Promise<void> {
    await this.#withOrigin();
    await git.fetch({
      ...this.#at,
      ...(await this.#remote()),
      ref: branch,
      remoteRef: branch,
      singleBranch: true,
      depth,
      tags: false,
    });
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

  async #has(commit: string): Promise<boolean> {
    try {
      await this.options.store.readFiles(commit, []);
      return true;
    } catch {
      return false;
    }
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
