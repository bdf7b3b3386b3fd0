import {
  type BareGitStore,
  forgeError,
  type ForgeRepository,
  isForgeError,
  type NewPullRequest,
  type PortalReviews,
  type PullRequest,
  type PullRequestComment,
  type PullRequestReview,
  standingObjections,
} from '@callgate/plugin-callgate-node';
import { Mutex } from './Mutex';
import type { PullRequestFiles, StoredPullRequest } from './PullRequestFiles';

const MERGE_ATTEMPTS = 5;

/**
 * A policy repository of real Git objects with pull requests beside them. One process may use it at a time; branches
 * are safe against `git` commands beside it, too.
 */
export class LocalRepository implements ForgeRepository {
  readonly store: BareGitStore;
  readonly #pulls: PullRequestFiles;
  readonly #now: () => number;
  readonly #mutex = new Mutex();

  constructor(options: {
    store: BareGitStore;
    pulls: PullRequestFiles;
    now: () => number;
  }) {
    this.store = options.store;
    this.#pulls = options.pulls;
    this.#now = options.now;
  }

  fetch(branch: string): Promise<string | undefined> {
    return this.store.head(branch);
  }

  push(
    branch: string,
    commit: string | undefined,
    expected: string | undefined,
  ): Promise<void> {
    return this.store.moveBranch(branch, commit, expected);
  }

  findPullRequest(branch: string): Promise<PullRequest | undefined> {
    return this.#mutex.run(() => this.#find(branch));
  }

  openPullRequest(options: NewPullRequest): Promise<PullRequest> {
    return this.#mutex.run(async () => {
      const { branch, base, title, body, reviewers } = options;
      const existing = await this.#find(branch);
      if (existing?.state === 'open')
        return this.#update(existing.number, { title, body });
      for (const name of [branch, base]) {
        if (!(await this.store.head(name))) {
          throw forgeError(
            'forge-rejected',
            `A pull request needs the branch ${name}, which does not exist.`,
          );
        }
      }
      const stored = await this.#pulls.create({
        state: 'open',
        branch,
        base,
        title,
        body,
        reviewers,
        reviews: heldObjections(existing),
      });
      return this.#present(stored);
    });
  }

  updatePullRequest(
    number: number,
    change: { title: string; body: string },
  ): Promise<PullRequest> {
    return this.#mutex.run(() => this.#update(number, change));
  }

  readPullRequest(number: number): Promise<PullRequest> {
    return this.#mutex.run(async () => this.#present(await this.#read(number)));
  }

  /** Reviews, which nobody edits or deletes. An objection that outlives its pull request is the same one in the next. */
  readComments(
    number: number,
  ): Promise<{ comments: PullRequestComment[]; complete: boolean }> {
    return this.#mutex.run(async () => {
      const { reviews } = await this.#read(number);
      return {
        complete: true,
        comments: reviews.flatMap(({ by, at, decision, comment = '' }) => {
          const decides =
            decision === 'approved' || decision === 'changes-requested';
          return comment || decides
            ? [
                {
                  ...{ id: `${at} ${by} ${decision}`, by, at, text: comment },
                  ...(decides && { decision }),
                },
              ]
            : [];
        }),
      };
    });
  }

  closePullRequest(number: number, comment: string): Promise<PullRequest> {
    return this.#mutex.run(async () => {
      const stored = await this.#read(number);
      if (stored.state === 'open') {
        stored.state = 'closed';
        stored.head = await this.store.head(stored.branch);
        stored.closeComment = comment;
        await this.#pulls.write(stored);
      }
      return this.#present(stored);
    });
  }

  merge(
    number: number,
    { by, head }: { by: string; head: string },
  ): Promise<PullRequest> {
    return this.#mutex.run(() => this.#merge(number, by, head));
  }

  readonly portalReviews: PortalReviews = {
    review: (number, review) =>
      this.#mutex.run(async () => {
        const stored = await this.#readOpen(number);
        await this.#requireHead(stored, review.head);
        const at = new Date(this.#now()).toISOString();
        stored.reviews.push({ ...review, at });
        await this.#pulls.write(stored);
        return this.#present(stored);
      }),
    merge: (number, options) => this.merge(number, options),
  };

  async #merge(number: number, by: string, head: string): Promise<PullRequest> {
    const stored = await this.#readOpen(number);
    for (let attempt = 1; ; attempt++) {
      // What is pushed after this is not merged either: the merge is of this commit, not of the branch.
      await this.#requireHead(stored, head);
      const base = await this.store.head(stored.base);
      if (!base)
        throw forgeError(
          'forge-rejected',
          `The target branch ${stored.base} does not exist.`,
        );
      const merged = await this.store.merge(base, head);
      if (merged.conflicts.length > 0) {
        throw forgeError(
          'merge-conflict',
          `The pull request cannot be merged: both branches changed ${merged.conflicts.join(
            ', ',
          )}.`,
        );
      }
      const commit = await this.store.commit({
        parents: [base, head],
        from: base,
        changes: merged.files,
        message: `Merge pull request #${number}\n\n${stored.title}\n\nMerged-by: ${by}`,
        timestamp: Math.floor(this.#now() / 1000),
      });
      stored.merging = { commit, head, by };
      await this.#pulls.write(stored);
      try {
        await this.store.moveBranch(stored.base, commit, base);
      } catch (error) {
        const moved = isForgeError(error) && error.code === 'branch-moved';
        if (moved && attempt < MERGE_ATTEMPTS) continue;
        throw error;
      }
      return this.#present(await this.#read(number));
    }
  }

  async #find(branch: string): Promise<PullRequest | undefined> {
    const ofBranch = (await this.#pulls.list()).filter(
      pull => pull.branch === branch,
    );
    const open = ofBranch.find(pull => pull.state === 'open');
    const found = open && (await this.#read(open.number));
    if (found?.state === 'open') return this.#present(found);
    return ofBranch[0] && this.#present(await this.#read(ofBranch[0].number));
  }

  async #update(
    number: number,
    change: { title: string; body: string },
  ): Promise<PullRequest> {
    const stored = await this.#readOpen(number);
    if (stored.title !== change.title || stored.body !== change.body) {
      await this.#pulls.write({ ...stored, ...change });
    }
    return this.#present({ ...stored, ...change });
  }

  async #readOpen(number: number): Promise<StoredPullRequest> {
    const stored = await this.#read(number);
    if (stored.state !== 'open') {
      throw forgeError(
        'pull-request-closed',
        `Pull request ${number} is ${stored.state} already.`,
      );
    }
    return stored;
  }

  /** Reads, and ends a merge that a crash interrupted after Git had it. */
  async #read(number: number): Promise<StoredPullRequest> {
    const stored = await this.#pulls.read(number);
    const { merging } = stored;
    if (stored.state !== 'open' || !merging) return stored;
    const base = await this.store.head(stored.base);
    const done =
      base !== undefined && (await this.#contains(base, merging.commit));
    const next: StoredPullRequest = { ...stored, merging: undefined };
    if (done) {
      next.state = 'merged';
      next.head = merging.head;
      next.mergeCommit = merging.commit;
      next.closedBy = merging.by;
    }
    await this.#pulls.write(next);
    if (done) {
      // What was pushed after the merge began is not lost: then the branch stays.
      await this.store
        .moveBranch(stored.branch, undefined, merging.head)
        .catch(error => {
          if (!isForgeError(error)) throw error;
        });
    }
    return next;
  }

  async #contains(head: string, commit: string): Promise<boolean> {
    if (head === commit) return true;
    const known = await this.store.log(commit, head);
    return known.length === 0;
  }

  async #requireHead(stored: StoredPullRequest, head: string): Promise<void> {
    const present = await this.#headOf(stored);
    if (present !== head) {
      throw forgeError(
        'head-changed',
        `The head of pull request ${stored.number} is ${present.slice(
          0,
          7,
        )} by now. Read it again, then decide.`,
      );
    }
  }

  async #headOf(stored: StoredPullRequest): Promise<string> {
    const head = stored.head ?? (await this.store.head(stored.branch));
    if (!head)
      throw forgeError(
        'forge-rejected',
        `The branch ${stored.branch} no longer exists.`,
      );
    return head;
  }

  async #present(stored: StoredPullRequest): Promise<PullRequest> {
    const head = stored.head ?? (await this.store.head(stored.branch)) ?? '';
    return {
      number: stored.number,
      state: stored.state,
      title: stored.title,
      body: stored.body,
      branch: stored.branch,
      base: stored.base,
      head,
      ...(stored.mergeCommit && { mergeCommit: stored.mergeCommit }),
      ...(stored.closedBy && { closedBy: stored.closedBy }),
      ...(stored.closeComment && { closeComment: stored.closeComment }),
      reviews: [...stored.reviews],
      ...(stored.state === 'open' && {
        mergeable: await this.#mergeable(stored, head),
        // It has none of its own: those of the portal are for people who merge there.
        rules: 'met' as const,
      }),
    };
  }

  async #mergeable(
    stored: StoredPullRequest,
    head: string,
  ): Promise<PullRequest['mergeable']> {
    const base = await this.store.head(stored.base);
    if (!head || !base) return { ok: false, conflicts: [] };
    const { conflicts } = await this.store.merge(base, head);
    return { ok: conflicts.length === 0, conflicts };
  }
}

/**
 * Objections that outlive their pull request: closed and opened again is no way to get rid of one, and neither is a merge
 * of other requests while the one that it is about was left out.
 */
function heldObjections(pull: PullRequest | undefined): PullRequestReview[] {
  return standingObjections(pull?.reviews ?? [])
    .filter(({ about }) => pull?.state === 'closed' || about !== undefined)
    .map(({ id: _, ...review }) => ({
      ...review,
      decision: 'changes-requested',
    }));
}
