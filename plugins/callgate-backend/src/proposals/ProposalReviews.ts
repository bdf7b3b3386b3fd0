import { ConflictError, NotAllowedError } from '@backstage/errors';
import type {
  ForgeRepository,
  PortalReviews,
  PullRequest,
} from '@callgate/plugin-callgate-node';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import { ProposalError } from './problems';
import { ProposalBranch } from './ProposalBranch';
import type { ProposalWorker } from './ProposalWorker';
import type { ProposalRecord, ProposalStore } from './types';

/** What is needed to review and merge in the portal. */
export interface ProposalReviewsOptions {
  connection: RepositoryConnection;
  worker: ProposalWorker;
  store: ProposalStore;
}

/**
 * Review and merge in the portal, on forges without pages of their own. Rules that a hosted forge would have as branch
 * protection hold here: who asked or approved does not merge, nothing is merged against an objection, and only what is
 * still what was shown.
 */
export class ProposalReviews {
  readonly #options: ProposalReviewsOptions;

  constructor(options: ProposalReviewsOptions) {
    this.#options = options;
  }

  /**
   * @throws NotAllowedError with code `involved-in-request`, ConflictError with code `pull-request-closed`
   */
  async review(
    proposal: ProposalRecord,
    review: Parameters<PortalReviews['review']>[1],
  ): Promise<void> {
    const { worker } = this.#options;
    await worker.exclusively(proposal.api, async () => {
      const { repository, reviews, number, pull } = await this.#inPortal(
        proposal,
      );
      if (review.decision === 'approved') {
        await this.#refuseParticipants(
          repository,
          proposal,
          pull,
          review.by,
          'approve',
        );
      }
      await reviews.review(number, review);
    });
  }

  /**
   * Merges and takes note of it: the requests are `merged` and the snapshot is new when it returns.
   *
   * @throws NotAllowedError with code `involved-in-request`, ConflictError with code `changes-requested`, `proposal-outdated`,
   * `proposal-blocked`, `merge-conflict` or `pull-request-closed`
   */
  async merge(proposal: ProposalRecord, by: string): Promise<void> {
    const { worker } = this.#options;
    await worker.exclusively(proposal.api, async () => {
      const { repository, reviews, number, pull, record } =
        await this.#inPortal(proposal);
      await this.#refuseParticipants(repository, proposal, pull, by, 'merge');
      const objection = lastDecisions(pull).find(
        ({ decision }) => decision === 'changes-requested',
      );
      if (objection) {
        throw withCode(
          new ConflictError(
            `${objection.by} has asked for changes. They have to approve first.`,
          ),
          'changes-requested',
        );
      }
      await this.#refuseOutdated(repository, proposal, pull);
      await reviews.merge(number, { by });
      await worker.settle(record);
    });
  }

  async #inPortal(proposal: ProposalRecord) {
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
    return { repository, reviews, number, pull, record };
  }

  /** Neither who asked nor who approved: by what Git says of the grants, and by what the workflow knows. */
  async #refuseParticipants(
    repository: ForgeRepository,
    proposal: ProposalRecord,
    pull: PullRequest,
    by: string,
    verb: 'approve' | 'merge',
  ): Promise<void> {
    const { store, connection } = this.#options;
    const branch = new ProposalBranch(repository, proposal.branch);
    const grants = await branch.grantsOf(
      pull.head,
      connection.config.policiesFolder,
    );
    const requests = await store.carriedRequests(proposal.api);
    const people = new Set([
      ...grants.flatMap(grant => grant.people),
      ...requests
        .filter(({ id }) => proposal.requestIds.includes(id))
        .flatMap(request => [
          request.requestedBy,
          ...request.approvals.map(approval => approval.by),
        ]),
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
      const sound = built.errors.length === 0 && built.askAgain.length === 0;
      current =
        sound &&
        (await branch.standingBase(pull.head, snapshot, built)) !== undefined;
    } catch (error) {
      if (!(error instanceof ProposalError)) throw error;
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

/** The last decision of each reviewer; comments decide nothing. */
function lastDecisions(pull: PullRequest): PullRequest['reviews'] {
  const decisions = pull.reviews.filter(
    ({ decision }) => decision !== 'commented',
  );
  return [...new Map(decisions.map(review => [review.by, review])).values()];
}

function withCode<E extends Error>(error: E, code: string): E {
  return Object.assign(error, { code });
}
