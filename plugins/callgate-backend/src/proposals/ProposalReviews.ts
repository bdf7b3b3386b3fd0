import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  isForgeError,
  type ForgeRepository,
  type PullRequest,
  type PullRequestReview,
} from '@callgate/plugin-callgate-node';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { HeadChangedError, headDifference } from './HeadChangedError';
import { objectionsTo } from './objectionsTo';
import { ProposalError } from './problems';
import { ProposalBranch } from './ProposalBranch';
import type { ProposalWorker } from './ProposalWorker';
import type {
  BuiltProposal,
  ProposalListener,
  ProposalRecord,
  ProposalStore,
} from './types';

/** What is needed to review and merge in the portal. */
export interface ProposalReviewsOptions {
  connection: RepositoryConnection;
  worker: ProposalWorker;
  store: ProposalStore;
  listener: ProposalListener;
}

/** A review that somebody gives to the head that they were shown. */
export interface NewReview {
  by: string;
  head: string;
  decision: PullRequestReview['decision'];
  comment?: string;
  /** Of `withdrawn`: the objection that is taken back. */
  objection?: string;
}

/**
 * Review and merge in the portal, on forges without pages of their own. Rules that a hosted forge would have as branch
 * protection hold here: who asked or approved does not merge, nothing is merged against an objection, and only what was
 * shown to whoever merges.
 */
export class ProposalReviews {
  readonly #options: ProposalReviewsOptions;

  constructor(options: ProposalReviewsOptions) {
    this.#options = options;
  }

  /**
   * @throws NotAllowedError with code `involved-in-request`, InputError with code `reason-missing`, ConflictError with code
   * `pull-request-closed`, `head-changed` or `objection-gone`
   */
  async review(proposal: ProposalRecord, review: NewReview): Promise<void> {
    const { worker, listener } = this.#options;
    await worker.exclusively(proposal.api, async () => {
      const found = await this.#inPortal(proposal, review.head);
      const { repository, reviews, number, pull, record } = found;
      const { objection, ...given } = review;
      const of =
        review.decision === 'withdrawn'
          ? objectionsTo(record, pull).find(({ id }) => id === objection)?.by
          : undefined;
      if (review.decision === 'withdrawn' && of === undefined) {
        throw withCode(
          new ConflictError(
            'This objection does not stand any more, or another one has taken its place.',
          ),
          'objection-gone',
        );
      }
      const ofOthers = of !== undefined && of !== review.by;
      if (ofOthers && !review.comment) {
        throw withCode(
          new InputError(
            'Say why the objection of somebody else does not count any more.',
          ),
          'reason-missing',
        );
      }
      if (review.decision === 'approved' || ofOthers) {
        await this.#refuseParticipants(
          repository,
          record,
          pull,
          review.by,
          ofOthers ? 'take back an objection to' : 'approve',
        );
      }
      await this.#atHead(record, review.head, () =>
        reviews.review(number, {
          ...given,
          ...(of !== undefined && { of }),
          ...(review.decision === 'changes-requested' && {
            about: record.requestIds,
          }),
        }),
      );
      await listener.changed({
        proposal: record,
        requestIds: [],
        event: review.decision,
      });
    });
  }

  /**
   * Merges what was shown, and takes note of it: the requests are `merged` and the snapshot is new when it returns.
   *
   * @throws NotAllowedError with code `involved-in-request`, ConflictError with code `head-changed`, `changes-requested`,
   * `proposal-outdated`, `proposal-blocked`, `merge-conflict` or `pull-request-closed`
   */
  async merge(
    proposal: ProposalRecord,
    { by, head }: { by: string; head: string },
  ): Promise<void> {
    const { worker } = this.#options;
    await worker.exclusively(proposal.api, async () => {
      const { repository, reviews, number, pull, record } =
        await this.#inPortal(proposal, head);
      await this.#refuseParticipants(repository, record, pull, by, 'merge');
      if (objectionsTo(record, pull).length > 0) {
        throw withCode(
          new ConflictError(
            'Somebody has asked for changes. Their objection has to be taken back first.',
          ),
          'changes-requested',
        );
      }
      await this.#refuseOutdated(repository, record, pull);
      await this.#atHead(record, head, () =>
        reviews.merge(number, { by, head }),
      );
      await worker.settle(record);
    });
  }

  /** The pull request as it is now, if its head is the one that was shown. */
  async #inPortal(proposal: ProposalRecord, shown: string) {
    const { connection, store, worker } = this.#options;
    const repository = await connection.repository();
    const reviews = repository.portalReviews;
    if (!reviews) {
      throw new NotAllowedError(
        `Pull requests are reviewed and merged on the forge ${connection.forgeId}.`,
      );
    }
    const record = await store.currentProposal(proposal.api);
    const { number } = proposal;
    const { pull, ended } =
      record?.id === proposal.id
        ? await worker.settle(record)
        : { pull: undefined, ended: undefined };
    if (!record || number === undefined || !pull || ended) {
      throw withCode(
        new ConflictError('The pull request is not open any more.'),
        'pull-request-closed',
      );
    }
    const difference = headDifference(record, shown, pull.head);
    if (difference) {
      if (pull.head !== record.head) await store.enqueue(record.api);
      throw new HeadChangedError(difference);
    }
    return { repository, reviews, number, pull, record };
  }

  /** Somebody may push between our look and the forge's: it has the last word. */
  async #atHead<T>(
    record: ProposalRecord,
    shown: string,
    act: () => Promise<T>,
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!isForgeError(error) || error.code !== 'head-changed') throw error;
      const { connection, store } = this.#options;
      const repository = await connection.repository();
      const found = await repository.fetch(record.branch);
      await store.enqueue(record.api);
      throw new HeadChangedError({
        cause: 'pushed',
        shown,
        head: found ?? shown,
        came: [],
        went: [],
      });
    }
  }

  /**
   * Neither who asked nor who approved, be it what a request meant earlier: by what Git says of the grants, and by what the
   * workflow knows.
   */
  async #refuseParticipants(
    repository: ForgeRepository,
    proposal: ProposalRecord,
    pull: PullRequest,
    by: string,
    verb: 'approve' | 'merge' | 'take back an objection to',
  ): Promise<void> {
    const { store, connection } = this.#options;
    const branch = new ProposalBranch(repository, proposal.branch);
    const grants = await branch.grantsOf(
      pull.head,
      connection.config.policiesFolder,
    );
    const requests = await store.carriedRequests(proposal.api);
    if (proposal.imported?.by === by) {
      throw withCode(
        new NotAllowedError(
          proposal.imported.removes
            ? `Whoever had this pull request prepared cannot ${verb} it.`
            : `Whoever had an import prepared cannot ${verb} its pull request.`,
        ),
        'involved-in-request',
      );
    }
    const people = new Set([
      ...grants.flatMap(grant => grant.people),
      ...requests
        .filter(({ id }) => proposal.requestIds.includes(id))
        .flatMap(({ requestedBy, approvedBy }) => [requestedBy, ...approvedBy]),
    ]);
    if (people.has(by)) {
      throw withCode(
        new NotAllowedError(
          `Whoever asked for or approved a request in it cannot ${verb} its pull request.`,
        ),
        'involved-in-request',
      );
    }
  }

  async #refuseOutdated(
    repository: ForgeRepository,
    proposal: ProposalRecord,
    pull: PullRequest,
  ): Promise<void> {
    const { worker, store } = this.#options;
    const branch = new ProposalBranch(repository, proposal.branch);
    let current: boolean;
    try {
      const { snapshot, built } = await worker.plan(proposal.api);
      refuseUnread(proposal, built);
      const sound =
        built.errors.length === 0 &&
        built.askAgain.length === 0 &&
        built.gone.length === 0;
      current =
        sound &&
        (await branch.standingBase(pull.head, snapshot, built)) !== undefined;
    } catch (error) {
      if (!(error instanceof ProposalError)) throw error;
      // An import that would write something else by now ends, and is chosen anew.
      if (error.problem.code === 'import-changed')
        await store.enqueue(proposal.api);
      // Why is put into words for whoever wanted to merge.
      throw Object.assign(new ConflictError('It cannot be merged now.'), {
        code: 'proposal-blocked',
        problem: error.problem,
      });
    }
    if (current) return;
    await store.enqueue(proposal.api);
    throw withCode(
      new ConflictError(
        'What it would do has changed since it was built. It is being rebuilt: read it again, then decide.',
      ),
      'proposal-outdated',
    );
  }
}

/** What waits for a cluster that cannot be read has not changed: its pull request stays as it is, unmerged. */
function refuseUnread(
  { requestIds }: ProposalRecord,
  { blocked }: BuiltProposal,
): void {
  const errors = blocked
    .filter(({ request }) => requestIds.includes(request.id))
    .flatMap(each => each.errors);
  const error = ProposalError.of(errors);
  if (error.problem.code !== 'not-proposable') throw error;
}

function withCode<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}
