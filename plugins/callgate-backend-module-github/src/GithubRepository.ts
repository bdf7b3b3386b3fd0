import {
  type BareGitStore,
  type CommitStatus,
  type ForgeRepository,
  forgeError,
  isForgeError,
  type NewPullRequest,
  type PullRequest,
  type PullRequestComment,
} from '@callgate/plugin-callgate-node';
import type { GithubApi } from './GithubApi';
import { pullRequestNotFound } from './githubErrors';
import { GithubTalk } from './GithubTalk';
import { splitReviewers } from './splitReviewers';
import type { GithubTransport } from './GithubTransport';
import { type GithubPull, toPullRequest, toReview } from './toPullRequest';

const PAGE = 100;
const MOST_PAGES = 10;
/** GitHub refuses longer descriptions of a status. */
const STATUS_TEXT = 140;

/** A policy repository on GitHub. */
export class GithubRepository implements ForgeRepository {
  readonly store: BareGitStore;
  readonly #api: GithubApi;
  readonly #transport: GithubTransport;
  readonly #onProblem: (text: string) => void;
  readonly #talk: GithubTalk;
  /** By the number of the pull request. */
  readonly #openers = new Map<number, string | undefined>();

  constructor(options: {
    store: BareGitStore;
    api: GithubApi;
    transport: GithubTransport;
    /** For what does not stop a proposal. */
    onProblem: (text: string) => void;
  }) {
    this.store = options.store;
    this.#api = options.api;
    this.#transport = options.transport;
    this.#onProblem = options.onProblem;
    this.#talk = new GithubTalk(options.api);
  }

  fetch(branch: string): Promise<string | undefined> {
    return this.#transport.fetch(branch);
  }

  deepen(branch: string, commits: number): Promise<void> {
    return this.#transport.deepen(branch, commits);
  }

  push(
    branch: string,
    commit: string | undefined,
    expected: string | undefined,
  ): Promise<void> {
    return this.#transport.push(branch, commit, expected);
  }

  async findPullRequest(branch: string): Promise<PullRequest | undefined> {
    const number = await this.#findNumber(branch);
    return number === undefined ? undefined : this.readPullRequest(number);
  }

  async openPullRequest(options: NewPullRequest): Promise<PullRequest> {
    const { branch, base, title, body, reviewers } = options;
    let number: number;
    try {
      const created = await this.#api.call(
        `open a pull request for ${branch}`,
        ({ pulls }, common) =>
          pulls.create({ ...common, head: branch, base, title, body }),
        // An answer that got lost may stand for a pull request that is there.
        { repeatable: false },
      );
      number = created.number;
    } catch (error) {
      const unclear =
        isForgeError(error) &&
        ['forge-rejected', 'repository-unreachable'].includes(error.code);
      const existing = unclear ? await this.#findOpen(branch) : undefined;
      if (existing === undefined) throw error;
      return this.updatePullRequest(existing, { title, body });
    }
    await this.#ask(number, reviewers);
    return this.readPullRequest(number);
  }

  async updatePullRequest(
    number: number,
    change: { title: string; body: string },
  ): Promise<PullRequest> {
    await this.#api.call(`update pull request ${number}`, ({ pulls }, common) =>
      pulls.update({ ...common, pull_number: number, ...change }),
    );
    return this.readPullRequest(number);
  }

  async readPullRequest(number: number): Promise<PullRequest> {
    const pull = await this.#read(number);
    const reviews = await this.#all(
      `read the reviews of pull request ${number}`,
      page =>
        this.#api.call(
          `read the reviews of pull request ${number}`,
          ({ pulls }, common) =>
            pulls.listReviews({
              ...common,
              pull_number: number,
              per_page: PAGE,
              page,
            }),
        ),
    );
    const closing =
      pull.state === 'closed' && !pull.merged
        ? await this.#closing(number)
        : {};
    return {
      ...toPullRequest(pull),
      ...closing,
      reviews: reviews.flatMap(review => toReview(review) ?? []),
      ...(reviews.length >= MOST_PAGES * PAGE && { reviewsCut: true as const }),
    };
  }

  async merge(
    number: number,
    { head }: { head: string },
  ): Promise<PullRequest> {
    const repository = await this.#api.call(
      'read the repository',
      ({ repos }, common) => repos.get(common),
    );
    try {
      await this.#api.call(
        `merge pull request ${number}`,
        ({ pulls }, common) =>
          pulls.merge({
            ...common,
            pull_number: number,
            // GitHub merges this commit, or nothing.
            sha: head,
            merge_method: mergeMethodOf(repository),
          }),
        // An answer that got lost may stand for a merge that is done.
        { repeatable: false },
      );
    } catch (error) {
      if ((error as { status?: number }).status !== 409) throw error;
      throw forgeError(
        'head-changed',
        `The head of pull request ${number} is another one by now. Read it again, then decide.`,
      );
    }
    return this.readPullRequest(number);
  }

  async readComments(
    number: number,
  ): Promise<{ comments: PullRequestComment[]; complete: boolean }> {
    return this.#talk.read(number, await this.#openerOf(number));
  }

  async closePullRequest(
    number: number,
    comment: string,
  ): Promise<PullRequest> {
    const pull = await this.#read(number);
    if (pull.state === 'open') {
      const comments = await this.#comments(number);
      // A try before this one may have come as far as the comment.
      if (comments.at(-1)?.body !== comment) {
        await this.#api.call(
          `comment on pull request ${number}`,
          ({ issues }, common) =>
            issues.createComment({
              ...common,
              issue_number: number,
              body: comment,
            }),
          { repeatable: false },
        );
      }
      await this.#api.call(
        `close pull request ${number}`,
        ({ pulls }, common) =>
          pulls.update({ ...common, pull_number: number, state: 'closed' }),
      );
    }
    return this.readPullRequest(number);
  }

  async setStatus(commit: string, status: CommitStatus): Promise<void> {
    const { name: context, state, text } = status;
    const description =
      text.length > STATUS_TEXT ? `${text.slice(0, STATUS_TEXT - 1)}…` : text;
    const { statuses } = await this.#api.call(
      `read the status of ${commit.slice(0, 7)}`,
      ({ repos }, common) =>
        repos.getCombinedStatusForRef({
          ...common,
          ref: commit,
          per_page: PAGE,
        }),
    );
    // GitHub keeps every status that was ever set, and takes only so many for a commit.
    const same = statuses.some(
      each =>
        each.context === context &&
        each.state === state &&
        each.description === description,
    );
    if (same) return;
    await this.#api.call(
      `set the status of ${commit.slice(0, 7)}`,
      ({ repos }, common) =>
        repos.createCommitStatus({
          ...common,
          sha: commit,
          context,
          state,
          description,
        }),
    );
  }

  async #read(number: number): Promise<GithubPull> {
    try {
      const pull = await this.#api.call(
        `read pull request ${number}`,
        ({ pulls }, common) => pulls.get({ ...common, pull_number: number }),
      );
      // An account that is gone has none.
      this.#openers.set(number, pull.user?.login);
      return pull;
    } catch (error) {
      if (!isForgeError(error) || error.code !== 'repository-not-found')
        throw error;
      // GitHub says 404 both for a pull request and for a repository that is not there or may not be seen.
      await this.#api.call('read the repository', ({ repos }, common) =>
        repos.get(common),
      );
      throw pullRequestNotFound(number, this.#api.address.url);
    }
  }

  /** Login of the account that opened a pull request, which never changes. */
  async #openerOf(number: number): Promise<string | undefined> {
    if (!this.#openers.has(number)) await this.#read(number);
    return this.#openers.get(number);
  }

  /** Number of the open pull request of a branch, otherwise of its newest one. */
  async #findNumber(branch: string): Promise<number | undefined> {
    const found = await this.#list(branch, 'all');
    return (found.find(({ state }) => state === 'open') ?? found[0])?.number;
  }

  async #findOpen(branch: string): Promise<number | undefined> {
    return (await this.#list(branch, 'open'))[0]?.number;
  }

  async #list(branch: string, state: 'all' | 'open') {
    const { owner, repo } = this.#api.address;
    const found = await this.#api.call(
      `find the pull request of ${branch}`,
      ({ pulls }, common) =>
        pulls.list({
          ...common,
          head: `${owner}:${branch}`,
          state,
          sort: 'created',
          direction: 'desc',
          per_page: PAGE,
        }),
    );
    // A server that ignores the filter would give us pull requests of others, forks among them.
    const here = `${owner}/${repo}`.toLowerCase();
    return found.filter(
      ({ head }) =>
        head.ref === branch &&
        (head.repo as { full_name: string } | null)?.full_name.toLowerCase() ===
          here,
    );
  }

  async #closing(
    number: number,
  ): Promise<Pick<PullRequest, 'closedBy' | 'closeComment'>> {
    const issue = await this.#api.call(
      `read who closed pull request ${number}`,
      ({ issues }, common) => issues.get({ ...common, issue_number: number }),
    );
    const closedBy = issue.closed_by?.login;
    const comments = await this.#comments(number);
    const last = comments
      .filter(({ user }) => closedBy === undefined || user?.login === closedBy)
      .at(-1);
    return {
      ...(closedBy !== undefined && { closedBy }),
      ...(last?.body && { closeComment: last.body }),
    };
  }

  #comments(number: number) {
    const what = `read the comments of pull request ${number}`;
    return this.#all(what, page =>
      this.#api.call(what, ({ issues }, common) =>
        issues.listComments({
          ...common,
          issue_number: number,
          per_page: PAGE,
          page,
        }),
      ),
    );
  }

  async #all<T>(
    what: string,
    read: (page: number) => Promise<T[]>,
  ): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const found = await read(page);
      items.push(...found);
      if (found.length < PAGE) return items;
    }
    this.#onProblem(`There is more than could be read (${what}).`);
    return items;
  }

  /** Whoever cannot be asked (not a collaborator, a name that does not exist) does not stop a proposal. */
  async #ask(number: number, reviewers: readonly string[]): Promise<void> {
    const { people, teams } = splitReviewers(reviewers);
    if (people.length + teams.length === 0) return;
    try {
      await this.#api.call(
        `ask for review of pull request ${number}`,
        ({ pulls }, common) =>
          pulls.requestReviewers({
            ...common,
            pull_number: number,
            reviewers: people,
            team_reviewers: teams,
          }),
      );
    } catch (error) {
      this.#onProblem(
        `Nobody was asked to review pull request ${number}: ${
          (error as Error).message
        }`,
      );
    }
  }
}

/** The first of those that the repository allows; nothing that GitHub tells by itself would choose one. */
function mergeMethodOf(repository: {
  allow_merge_commit?: boolean;
  allow_squash_merge?: boolean;
}): 'merge' | 'squash' | 'rebase' {
  if (repository.allow_merge_commit !== false) return 'merge';
  return repository.allow_squash_merge !== false ? 'squash' : 'rebase';
}
