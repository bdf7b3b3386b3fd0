import type { GitStore } from '../git/GitStore';

/**
 * Where the policy repository is.
 *
 * @public
 */
export interface RepositoryTarget {
  /** Address as the configuration gives it, such as `https://github.com/acme/policies`. */
  url: string;
  /** The target branch of proposals, such as `main`. */
  branch: string;
}

/**
 * A person's or a group's entity ref, such as `user:default/petra`.
 *
 * @public
 */
export type ActorRef = string;

/**
 * One review of a pull request.
 *
 * @public
 */
export interface PullRequestReview {
  /** Entity ref where the forge knows it, otherwise the forge's own login. */
  by: string;
  /** `withdrawn`: an objection was taken back, by its author or by somebody else. */
  decision: 'approved' | 'changes-requested' | 'commented' | 'withdrawn';
  comment?: string;
  /** ISO 8601. */
  at: string;
  /** Commit id that was reviewed, where the forge says so. An approval of another head than the present one is none. */
  head?: string;
  /** What an objection is about, in the words of whoever added it: such as ids of requests. */
  about?: readonly string[];
  /** Of `withdrawn`: whose objections. */
  of?: ActorRef;
}

/**
 * Something that a person said on the pages of a pull request, or a review that they gave there.
 *
 * @public
 */
export interface PullRequestComment {
  /** Tells it from everything else that is said in the repository, also after it was edited, such as `review/7`. */
  id: string;
  /** Entity ref where the forge knows it, otherwise the forge's own login. */
  by: string;
  /** By the account that opens Callgate's pull requests, which may be a person's. */
  byOpener?: true;
  /** When it was written first. ISO 8601. */
  at: string;
  /** As they wrote it, and untrusted; empty for a review without words. A forge may cut what has more than 10,000 characters. */
  text: string;
  /** Of a review. */
  decision?: 'approved' | 'changes-requested';
  /** The file that it is about. */
  file?: string;
  /** Its place on the pages of the forge. */
  url?: string;
}

/**
 * What a forge says of a pull request.
 *
 * @public
 */
export interface PullRequest {
  number: number;
  state: 'open' | 'merged' | 'closed';
  title: string;
  body: string;
  /** Branch it comes from. */
  branch: string;
  /** Branch it goes to. */
  base: string;
  /** Commit id of its head. */
  head: string;
  /** Page for people; absent on the local forge. */
  url?: string;
  /** Commit that the merge made, once merged. */
  mergeCommit?: string;
  /** Who closed or merged it, where the forge says so. */
  closedBy?: string;
  /** It was merged by the account that opens Callgate's pull requests. */
  closedByOpener?: true;
  /** The last comment of whoever closed it unmerged. */
  closeComment?: string;
  /** Oldest first, those of earlier heads included. */
  reviews: PullRequestReview[];
  /** There are more reviews than were read: an objection may be among them. */
  reviewsCut?: true;
  /** Absent when the forge has not worked it out yet. */
  mergeable?: { ok: boolean; conflicts: string[] };
  /**
   * Of an open one: `met`: nothing that the forge asks for before a merge is missing, and no check of its head is failing or under way.
   * `checks`: a check is. `unmet`: something else is missing, such as a review. Absent when the forge does not tell, or not yet.
   */
  rules?: 'met' | 'checks' | 'unmet';
}

/**
 * What to open a pull request with.
 *
 * @public
 */
export interface NewPullRequest {
  branch: string;
  base: string;
  title: string;
  /** Markdown, already escaped where it comes from people. */
  body: string;
  /** Entity refs or forge logins of who is asked for review; a forge that knows none of them opens without. */
  reviewers: string[];
}

/**
 * What a check says of one commit.
 *
 * @public
 */
export interface CommitStatus {
  /** Name of the check, such as `callgate/meaning`; branch protection requires it by this name. */
  name: string;
  state: 'success' | 'failure' | 'pending';
  /** A sentence; a forge shortens what is longer than it takes. */
  text: string;
}

/**
 * What only a forge without pages of its own offers: review and merge in the portal.
 *
 * @public
 */
export interface PortalReviews {
  /**
   * Adds a review of a head. An objection outlives the head, and its pull request where that is closed unmerged and
   * another one is opened for the branch.
   *
   * @throws NotFoundError for an unknown number, ConflictError with code `pull-request-closed` when it is not open,
   * `head-changed` when it has another head.
   */
  review(
    number: number,
    review: Omit<PullRequestReview, 'at' | 'head'> & { head: string },
  ): Promise<PullRequest>;

  /**
   * Merges one head, three-way per file.
   *
   * @param options - `head` is what was shown to whoever merges; nothing else is ever merged
   * @throws ConflictError with code `merge-conflict` that names the files, or `head-changed`; nothing is changed then.
   */
  merge(
    number: number,
    options: { by: ActorRef; head: string },
  ): Promise<PullRequest>;
}

/**
 * The policy repository on one forge: Git objects come from the shared {@link GitStore}; a forge adds the transport and
 * what Git lacks.
 *
 * @public
 */
export interface ForgeRepository {
  /** Objects of every commit that `fetch` returned. */
  readonly store: GitStore;

  /**
   * Brings the head of a branch and its objects into the store.
   *
   * @returns the commit id of the head, or `undefined` when the branch does not exist
   * @throws ServiceUnavailableError with code `repository-unreachable`
   */
  fetch(branch: string): Promise<string | undefined>;

  /**
   * Brings commits before the head of a branch into the store; absent where they are there anyway.
   *
   * @param commits - how many, at most
   */
  deepen?(branch: string, commits: number): Promise<void>;

  /**
   * Moves a branch to a commit of the store, if it still is where the caller saw it. Callgate's branches are its own:
   * the new head need not descend from the old one.
   *
   * @param branch - the branch
   * @param commit - the new head; `undefined` deletes the branch
   * @param expected - the head that the caller saw; `undefined` when it saw no such branch
   * @throws ConflictError with code `branch-moved` when it is elsewhere
   */
  push(
    branch: string,
    commit: string | undefined,
    expected: string | undefined,
  ): Promise<void>;

  /** The open pull request of a branch, otherwise its newest one. */
  findPullRequest(branch: string): Promise<PullRequest | undefined>;

  /** Opens a pull request; where one is open for the branch already, it is updated and returned instead. */
  openPullRequest(options: NewPullRequest): Promise<PullRequest>;

  /** Changes title and body. */
  updatePullRequest(
    number: number,
    change: { title: string; body: string },
  ): Promise<PullRequest>;

  /** @throws NotFoundError when the forge has no such pull request */
  readPullRequest(number: number): Promise<PullRequest>;

  /**
   * What people said on a pull request, oldest first; absent where the forge does not tell. What programs write there is left out.
   *
   * @returns `complete`: there is no more, so that what is not among it is not there (any more)
   */
  readComments?(
    number: number,
  ): Promise<{ comments: PullRequestComment[]; complete: boolean }>;

  /**
   * Merges one head, and nothing else, as far as the forge's own rules let whose credentials these are; absent where Callgate may not
   * merge by itself. Nothing is merged past a rule.
   *
   * @param options - `by`: who that is, for forges without accounts
   * @throws ConflictError with code `head-changed` or `merge-conflict`, ForgeError with code `forge-rejected` where a rule does not let it
   */
  merge?(
    number: number,
    options: { by: ActorRef; head: string },
  ): Promise<PullRequest>;

  /** Comments and closes, unmerged. Closing what is closed changes nothing. */
  closePullRequest(number: number, comment: string): Promise<PullRequest>;

  /**
   * Says what a check found in a commit; absent where nothing but the portal merges. Saying the same again changes
   * nothing.
   */
  setStatus?(commit: string, status: CommitStatus): Promise<void>;

  /** Review and merge in the portal; absent on hosted forges. */
  readonly portalReviews?: PortalReviews;
}

/**
 * What hosts the policy repository.
 *
 * @remarks
 *
 * How a proposal uses a forge:
 *
 * 1. `connect` once, at the first use. It may fail and is tried again then.
 * 2. `fetch` of the target branch gives the tip; the proposal's commit is written into the store.
 * 3. `push` moves the branch of the API there, guarded by the head that was seen.
 * 4. `findPullRequest` by branch, then `openPullRequest` or `updatePullRequest`: a retry after a crash finds what the
 *    first try opened.
 * 5. A scheduled task calls `readPullRequest` until it is merged or closed.
 *
 * Errors are those of `@backstage/errors`, never carry credentials, and have a `code`: `repository-unreachable`,
 * `repository-not-found`, `forge-unauthorized`, `forge-forbidden`, `forge-rejected`, `forge-rate-limited`,
 * `branch-moved`, `head-changed`, `merge-conflict`, `pull-request-closed`.
 *
 * @public
 */
export interface Forge {
  /** Named by `callgate.policyRepository.forge`, such as `local` or `github`. */
  readonly id: string;

  /** Whether it has no pages of its own: then its repositories have `portalReviews`. */
  readonly reviewsInPortal: boolean;

  connect(target: RepositoryTarget): Promise<ForgeRepository>;
}
