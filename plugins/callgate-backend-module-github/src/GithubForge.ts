import type {
  GithubCredentialsProvider,
  ScmIntegrationRegistry,
} from '@backstage/integration';
import {
  BareGitStore,
  type Forge,
  type ForgeRepository,
  type RepositoryTarget,
} from '@callgate/plugin-callgate-node';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { readGithubAddress } from './GithubAddress';
import { GithubApi } from './GithubApi';
import { GithubRepository } from './GithubRepository';
import { GithubTransport } from './GithubTransport';

/**
 * Policy repositories on github.com and GitHub Enterprise.
 *
 * @public
 */
export class GithubForge implements Forge {
  readonly id = 'github';
  readonly reviewsInPortal = false;
  readonly #options: {
    integrations: ScmIntegrationRegistry;
    credentials: GithubCredentialsProvider;
    directory: string;
    onProblem: (text: string) => void;
    sleep?: (ms: number) => Promise<void>;
    now?: () => number;
  };

  /**
   * @param options - `directory` keeps a copy of Git objects; it can be deleted at any time. `onProblem` is told what
   * does not stop a proposal. `sleep` and `now` are for tests.
   */
  constructor(options: {
    integrations: ScmIntegrationRegistry;
    credentials: GithubCredentialsProvider;
    directory: string;
    onProblem: (text: string) => void;
    sleep?: (ms: number) => Promise<void>;
    now?: () => number;
  }) {
    this.#options = options;
  }

  /** Reads nothing from GitHub yet. */
  async connect({ url }: RepositoryTarget): Promise<ForgeRepository> {
    const { integrations, credentials, directory, onProblem } = this.#options;
    const sleep = this.#options.sleep ?? pause;
    const now = this.#options.now ?? Date.now;
    const address = readGithubAddress(url, integrations);
    const name = createHash('sha256')
      .update(address.gitUrl)
      .digest('hex')
      .slice(0, 16);
    const store = await BareGitStore.open(
      path.join(directory, `github-${name}.git`),
    );
    const api = new GithubApi(address, { credentials, sleep, now });
    const transport = new GithubTransport({ store, api, sleep, now });
    return new GithubRepository({ store, api, transport, onProblem });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms);
  });
}
