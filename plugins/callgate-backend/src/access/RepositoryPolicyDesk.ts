import { NotFoundError } from '@backstage/errors';
import type { ForgeRepository, PortalReviews, PullRequest } from '@callgate/plugin-callgate-node';
import type { RepositoryConnection } from '../git/RepositoryConnection';
import type { ProposalPlanner } from '../proposals/ProposalPlanner';
import type { SnapshotReader } from '../proposals/SnapshotReader';
import type { ProposalDraft, ProposalPreview, ProposalRecord, Snapshot } from '../proposals/types';
import { domainError } from './domainError';
import type { PolicyDesk } from './PolicyDesk';

/** The work on proposals that a decision sets going. */
export interface ProposalWork {
  /** Builds what is due. */
  runOnce(): Promise<void>;
  /** Takes note of what happened to open pull requests. */
  syncOnce(): Promise<void>;
}

/** The policy repository as people use it: read through the snapshot, changed through the forge. */
export class RepositoryPolicyDesk implements PolicyDesk {
  static create(options: {
    snapshots: SnapshotReader;
    planner: ProposalPlanner;
    connection: RepositoryConnection;
    work: ProposalWork;
    onProblem: (error: unknown) => void;
  }): RepositoryPolicyDesk {
    return new RepositoryPolicyDesk(options);
  }

  private constructor(
    private readonly options: {
      snapshots: SnapshotReader;
      planner: ProposalPlanner;
      connection: RepositoryConnection;
      work: ProposalWork;
      onProblem: (error: unknown) => void;
    },
  ) {}

  get reviewsInPortal(): boolean {
    return this.options.connection.reviewsInPortal;
  }

  snapshot(): Promise<Snapshot> {
    return this.options.snapshots.read();
  }

  async preview(draft: ProposalDraft): Promise<ProposalPreview> {
    const snapshot = await this.options.snapshots.read();
    return this.options.planner.preview(snapshot, draft);
  }

  async pullRequest(proposal: ProposalRecord): Promise<PullRequest | undefined> {
    if (proposal.number === undefined) {
      return undefined;
    }
    const repository = await this.#repository();
    return repository.readPullRequest(proposal.number);
  }

  async commits(proposal: ProposalRecord): Promise<{ id: string; message: string; at: string }[]> {
    if (!proposal.head) {
      return [];
    }
    const { store } = await this.#repository();
    const commits = await store.log(proposal.head, proposal.base);
    return commits.map(({ id, message, at }) => ({ id, message, at }));
  }

  async review(
    proposal: ProposalRecord,
    review: { by: string; decision: 'approved' | 'changes-requested' | 'commented'; comment?: string },
  ): Promise<void> {
    const reviews = await this.#reviews();
    await reviews.review(numberOf(proposal), review);
  }

  async merge(proposal: ProposalRecord, by: string): Promise<void> {
    const reviews = await this.#reviews();
    await reviews.merge(numberOf(proposal), { by });
    await this.options.work.syncOnce();
    await this.options.snapshots.read({ fresh: true });
  }

  wake(): void {
    // Nobody waits for it: what fails stays due and says so on the proposal.
    this.options.work.runOnce().catch(this.options.onProblem);
  }

  async #reviews(): Promise<PortalReviews> {
    const { portalReviews } = await this.#repository();
    if (!portalReviews) {
      throw domainError('not-platform-team', 'Review and merge this pull request on its forge.');
    }
    return portalReviews;
  }

  #repository(): Promise<ForgeRepository> {
    return this.options.connection.repository();
  }
}

function numberOf({ number }: ProposalRecord): number {
  if (number === undefined) {
    throw new NotFoundError('The pull request is not open yet');
  }
  return number;
}
